package results

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"

	"gpwbench/results/claims"
)

// An Output describes the files that an experiment is about to write into a folder,
// except those named by ids.
type Output struct {
	Plan     Plan
	Spec     []byte // of spec.yaml
	SpecFile string // of the file with the spec; "" for a shipped one
	// The runs that will have figures: at least DatasetInfo.Name, Label, Loss and
	// Protocol.
	Kept []Record

	// Figures names the files that figures of records may have,
	// "figures/overview_cub.svg". It is nil for an experiment without figures.
	Figures func([]Record) []string
	Report  bool // the experiment writes ReportFile
	// SpecName returns the name of an experiment from a spec that a gpw without a list
	// wrote, and "" for any other.
	SpecName func(spec []byte) string
}

const specName = "spec.yaml"

// SpecFile is where the folder has the spec that was run last.
const SpecFile = specName

// Formats are those in which an experiment writes its table, for people, for documents
// and for programs.
var Formats = []string{"text", "markdown", "latex", "csv", "json"}

// ReportFile is the page that shows the runs of a folder.
const ReportFile = "report.html"

// TableFile returns the name of the table in one of [Formats].
func TableFile(format string) string {
	extension := map[string]string{"text": "txt", "markdown": "md", "latex": "tex"}[format]
	return "table." + cmp.Or(extension, format)
}

// TableFiles returns the names for all [Formats].
func TableFiles() []string {
	var names []string
	for _, format := range Formats {
		names = append(names, TableFile(format))
	}
	return names
}

// Locks of the folder. The first is shared by all that have it open. The second is held
// by the process that changes the plan, the tables or the figures.
const (
	openLock  = "locks/open.lock"
	filesLock = "locks/files.lock"
)

// folders are those that gpw writes into, within the results folder.
var folders = []string{"records", "weights", "moments", "queries", "heads", "embeddings", "neighbours", "trials", "failures", "prepared", "figures", "locks"}

// names returns all files that the list must allow.
func (o Output) names() []string {
	names := append([]string{planName, specName}, TableFiles()...)
	if o.Report {
		names = append(names, ReportFile)
	}
	if o.Figures != nil {
		names = append(names, o.Figures(o.Kept)...)
	}
	return names
}

// An OccupiedError says that an experiment would write over what others put into the
// folder.
type OccupiedError struct {
	Files string // with the reason of each
}

func (e *OccupiedError) Error() string {
	return fmt.Sprintf("results: %s: move it elsewhere or delete it, or choose another folder; nothing was written", e.Files)
}

// Check refuses a folder in which an experiment would write over what is not gpw's, and
// names the files in an [*OccupiedError]. It refuses a folder without a name, "", which
// would be the present one. It changes nothing.
func Check(dir string, o Output) error {
	_, err := (&Store{dir: dir}).check(o)
	return err
}

// check also returns the present list of the folder, with the files that a gpw without a
// list provably wrote.
func (s *Store) check(o Output) (*written, error) {
	if err := s.checkFolders(); err != nil {
		return nil, err
	}

	w, found, err := settled(s.readWritten, func(w *written) (*written, []string, error) { return s.occupied(w, o) })
	if err != nil || len(found) == 0 {
		return w, err
	}

	const most = 5
	if n := len(found); n > most {
		found = append(found[:most], fmt.Sprintf("%d more", n-most))
	}
	return nil, &OccupiedError{strings.Join(found, ", ")}
}

// settled looks for files of others until the list is the same before and after. Another
// process may write between the list that is read and the files that are looked at. It
// lists a file before it writes it, so the next list has its files.
func settled(read func() (*written, error), look func(*written) (*written, []string, error)) (w *written, found []string, err error) {
	before, err := read()
	for err == nil {
		if w, found, err = look(before.clone()); err != nil || len(found) == 0 {
			return w, found, err
		}
		var after *written
		if after, err = read(); err == nil && reflect.DeepEqual(before, after) {
			return w, found, nil
		}
		before = after
	}
	return nil, nil, err
}

// occupied returns the files that are not in the list w, with the reason of each, and the
// list with those that a gpw without a list provably wrote.
func (s *Store) occupied(w *written, o Output) (_ *written, found []string, err error) {
	if w == nil {
		if w, err = s.adopt(o); err != nil {
			return nil, nil, err
		}
	}

	for _, name := range o.names() {
		if same, err := s.holds(name, o); err != nil {
			return nil, nil, err
		} else if same {
			continue
		}
		reason, err := s.foreign(w, name)
		if err != nil {
			return nil, nil, err
		}
		if reason != "" {
			found = append(found, s.path(name)+" "+reason)
		}
	}

	more, err := s.foreignRuns(o.Plan)
	return w, append(found, more...), err
}

// holds reports whether the plan or the spec already has the bytes that the experiment
// would write. Nothing is lost then, whatever program wrote it.
func (s *Store) holds(name string, o Output) (bool, error) {
	var want []byte
	var err error
	switch name {
	case planName:
		if want, err = o.Plan.encode(); err != nil {
			return false, err
		}
	case specName:
		want = o.Spec
	default:
		return false, nil
	}

	data, err := readRegular(s.path(name))
	return err == nil && bytes.Equal(data, want), nil
}

// checkFolders refuses folders that are links: through a link, a file of gpw's name may
// belong to others.
func (s *Store) checkFolders() error {
	if s.dir == "" {
		return errors.New("results: no folder is named: name one, such as results/runs/quickstart, or . for the present one")
	}
	if info, err := os.Stat(s.dir); err == nil && !info.IsDir() {
		return fmt.Errorf("results: %s: a file stands where a folder must be: choose another folder", s.dir)
	}

	for _, name := range append(slices.Clone(folders), "damaged", "launch") {
		info, err := os.Lstat(s.path(name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return s.failed("reading "+s.path(name), err)
		case info.Mode()&fs.ModeSymlink != 0:
			return fmt.Errorf("results: %s is a link, and gpw writes into no folder that lies elsewhere: remove the link, or choose another folder", s.path(name))
		case !info.IsDir():
			return fmt.Errorf("results: %s: a file stands where a folder must be: move it elsewhere, or choose another folder", s.path(name))
		}
	}

	// These files are created, and through a link they would be created elsewhere.
	for _, name := range []string{openLock, filesLock} {
		if info, err := os.Lstat(s.path(name)); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("results: %s is no file of gpw's: move it elsewhere, or choose another folder", s.path(name))
		}
	}

	return nil
}

// foreignRuns finds folders and other objects in the place of files of planned runs, and
// invalid timings.
func (s *Store) foreignRuns(p Plan) (found []string, err error) {
	for _, folder := range []string{"records", "weights", "moments", "queries", "heads", "embeddings", "neighbours", "trials", "failures", "locks"} {
		entries, err := os.ReadDir(s.path(folder))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, s.failed("reading "+s.path(folder), err)
		}
		for _, e := range entries {
			id, _, _ := strings.Cut(e.Name(), ".")
			if !e.Type().IsRegular() && slices.Contains(p.Runs, id) {
				found = append(found, s.path(folder+"/"+e.Name())+" is no file of gpw's")
			}
		}
	}

	for _, name := range []string{timingsName, lostName} {
		ok, err := s.ownLines(name)
		if err != nil {
			return nil, err
		}
		if !ok {
			found = append(found, s.path(name)+" was not written by gpw")
		}
	}
	return found, nil
}

// Begin puts an experiment in the place of the one before, or refuses as Check does. It
// waits for another process that is writing its table and figures, as long as ctx does; a
// nil ctx never ends.
func (s *Store) Begin(ctx context.Context, o Output) error {
	if err := s.opened(); err != nil {
		return err
	}
	lock, err := s.lockFiles(ctx)
	if err != nil {
		return err
	}

	defer lock.Release(false)
	w, err := s.check(o)
	if err != nil {
		return err
	}

	plan, err := o.Plan.encode()
	if err != nil {
		return err
	}

	s.plan, s.spec = plan, o.Spec
	// The list is written first: a process killed at any instant leaves no file of gpw
	// without a line in it.
	after := w.clone()
	for name, data := range map[string][]byte{planName: plan, specName: o.Spec} {
		same, err := s.holds(name, o)
		if err != nil {
			return err
		}
		// A file that has these bytes and is not listed is the user's.
		if _, listed := w.Files[name]; listed || !same {
			after.Files[name] = checksum(data)
		}
		if !same {
			w.Files[name] = ""
		}
	}

	if err := s.putWritten(w); err != nil {
		return err
	}
	if err := s.write(planName, plan); err != nil {
		return err
	}
	if err := s.write(specName, o.Spec); err != nil {
		return err
	}

	return s.putWritten(after)
}

// lockFiles excludes other processes from the plan, the tables and the figures until the
// claim is released.
func (s *Store) lockFiles(ctx context.Context) (*claims.Claim, error) {
	if s.claims == nil {
		return nil, fmt.Errorf("results: %s was opened for reading", s.dir)
	}
	c, err := s.claims.Lock(cmp.Or(ctx, context.Background()), "files")
	if ctx != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, s.failed("locking "+s.path(filesLock), err)
	}
	return c, nil
}
