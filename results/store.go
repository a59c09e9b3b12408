package results

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"gpwbench/internal/input"
	"gpwbench/results/claims"
)

// A Store is a results folder. Several goroutines and several processes may use one
// folder at the same time. [Open] and [OpenRead] make one; a nil Store holds nothing, and
// what its methods read or write is an error.
type Store struct {
	dir    string
	claims *claims.Folder // nil after OpenRead

	plan, spec []byte // of the experiment that was begun

	before sync.Map // by the ids of claimed runs: who had them and did not let go

	writing sync.RWMutex // read-locked by writers of a file
	closed  bool
}

// Open opens the results folder dir for writing, and creates it if it is missing. It
// removes files that a killed process left incomplete, unless another process has the
// folder open and may still be writing. The caller closes the store.
func Open(dir string) (*Store, error) { return OpenWith(dir, claims.Options{}) }

// OpenWith is [Open] with options for the claims, by which processes that share the
// folder are kept apart. On a file system that other machines have, they are leases.
func OpenWith(dir string, o claims.Options) (*Store, error) {
	s := &Store{dir: dir}
	if err := s.checkFolders(); err != nil {
		return nil, err
	}

	for _, sub := range []string{"records", "locks"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, s.failed("making "+filepath.Join(dir, sub), err)
		}
	}

	// An existing folder may not be writable. That must be reported before the first run
	// and not after it.
	if err := s.refresh("records"); err != nil {
		return nil, err
	}

	var err error
	if s.claims, err = claims.Open(s.path("locks"), o); err != nil {
		unsupported, kind := new(claims.UnsupportedError), new(claims.KindError)
		if errors.As(err, &unsupported) || errors.As(err, &kind) { // which say what to do
			return nil, fmt.Errorf("results: %w", err)
		}
		return nil, s.failed("claiming in "+s.path("locks"), err)
	}
	if err := s.claims.Enter(s.tidy); err != nil {
		return nil, s.failed("locking "+s.path("locks"), errors.Join(err, s.claims.Leave(s.leave)))
	}
	return s, nil
}

// refresh makes a file and removes it. After that, a file system of several machines
// shows which files others have made in the folder.
func (s *Store) refresh(folder string) error {
	probe, err := os.CreateTemp(s.path(folder), ".probe.tmp")
	if err != nil {
		return s.failed("trying to write in "+s.path(folder), err)
	}
	probe.Close()
	os.Remove(probe.Name())
	return nil
}

// tidy removes what killed processes left, while no other has the folder open.
func (s *Store) tidy() error {
	w, err := s.readWritten()
	if err != nil {
		return err
	}
	return s.clean(w, append([]string{"."}, folders...)...)
}

// leave is tidy for a process that ends. What is wrong with the folder is the next one's
// to report.
func (s *Store) leave() error {
	_ = s.tidy()
	return nil
}

// OpenRead opens an existing results folder for reading. It writes nothing, and the
// folder need not be writable.
func OpenRead(dir string) (*Store, error) {
	if err := (&Store{dir: dir}).opened(); err != nil {
		return nil, errors.New("results: no folder is named: name one that an experiment was run into, such as results/runs/quickstart, or . for the present one")
	}
	info, err := os.Stat(filepath.Join(dir, "records"))
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("results: %s cannot be read: %w: make it readable, or name another folder", dir, fs.ErrPermission)
	}
	if _, missing := os.Stat(dir); errors.Is(missing, fs.ErrNotExist) {
		return nil, fmt.Errorf("results: %w: name a folder that an experiment was run into, such as results/runs/quickstart", missing)
	}
	if err != nil || !info.IsDir() {
		return nil, fmt.Errorf("results: %s holds no records/: name a folder that an experiment was run into, such as results/runs/quickstart", dir)
	}
	return &Store{dir: dir}, nil
}

// Close waits for the files that are being written, and refuses later ones. Then other
// processes may clean the folder. It does not release claims.
func (s *Store) Close() error {
	if s == nil {
		return nil
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	s.closed = true
	if s.claims == nil {
		return nil
	}
	return s.claims.Leave(s.leave)
}

// Dir returns the folder, as it was given to Open; of a nil Store, "".
func (s *Store) Dir() string {
	if s == nil {
		return ""
	}
	return s.dir
}

// errNoStore is the error of a store that was not opened.
var errNoStore = errors.New("results: no folder is open; Open or OpenRead opens one")

// opened refuses a store that was not opened.
func (s *Store) opened() error {
	if s == nil || s.dir == "" {
		return errNoStore
	}
	return nil
}

// Get returns the record of a run. The error is fs.ErrNotExist if there is none, and a
// *DamagedError if it has been changed.
func (s *Store) Get(id string) (Record, error) {
	if err := s.opened(); err != nil {
		return Record{}, err
	}
	path := s.path(RecordName(id))
	var data []byte
	err := fs.ErrNotExist
	if isID(id) {
		data, err = input.ReadFile(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return Record{}, fmt.Errorf("results: no run %.12s in %s: %w", id, s.dir, fs.ErrNotExist)
	}
	if err != nil {
		return Record{}, fmt.Errorf("results: %w", err)
	}

	r, err := decode(data)
	if foreign := new(foreignError); errors.As(err, &foreign) {
		return Record{}, fmt.Errorf("results: %s: %w", path, err)
	}

	if err == nil && r.ID != id {
		err = fmt.Errorf("it holds run %.12s", r.ID)
	}
	if err != nil {
		return Record{}, &DamagedError{path, err}
	}

	return r, nil
}

// RecordName returns the name of a run's record in the folder.
func RecordName(id string) string { return "records/" + id + ".json" }

// All returns every record, ordered by data set, baselines first, then losses, label,
// head, protocol,
// seed and ID. A file that is no record of this program is an error that names it.
// Incomplete files of a killed process are skipped.
func (s *Store) All() ([]Record, error) {
	if err := s.opened(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(s.path("records"))
	if err != nil {
		return nil, fmt.Errorf("results: %w", err)
	}

	var records []Record
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		id, isJSON := strings.CutSuffix(e.Name(), ".json")
		if !isJSON || !isID(id) {
			return nil, fmt.Errorf("results: %s: not named as a record is (its id and .json): move it elsewhere", s.path("records/"+e.Name()))
		}
		r, err := s.Get(id)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}

	slices.SortFunc(records, CompareRecords)
	return records, nil
}

func CompareRecords(a, b Record) int {
	return cmp.Or(
		cmp.Compare(a.Dataset.Name, b.Dataset.Name),
		cmp.Compare(a.Kind, b.Kind), // "baseline" < "loss" < "trained_elsewhere"
		cmp.Compare(a.Label, b.Label),
		cmp.Compare(a.Head, b.Head),
		cmp.Compare(a.Protocol, b.Protocol),
		cmp.Compare(a.Seed, b.Seed),
		cmp.Compare(a.ID, b.ID),
	)
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// isID reports whether id has the form of an ID: 64 lower-case hex digits.
func isID(id string) bool {
	return len(id) == 64 && strings.Trim(id, "0123456789abcdef") == ""
}
