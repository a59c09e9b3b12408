package claims

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// markName is the file that says which kind a folder has.
const markName = "claims.json"

// A mark is the content of that file. A folder without it has locks of the operating
// system, as folders of earlier programs have.
type mark struct {
	Schema int  `json:"schema"`
	Claims Kind `json:"claims"`
}

// A KindError says that a folder is in use by the other kind of claims, which would not
// keep processes apart.
type KindError struct {
	Dir         string
	Asked, Used Kind
}

func (e *KindError) Error() string {
	return fmt.Sprintf("claims: %s is used with claims by %s, and %s was asked for, which do not see each other: "+
		"leave the kind to the folder, or delete %[1]s once no process uses it", e.Dir, e.Used, e.Asked)
}

// An UnsupportedError says that a file system can keep no processes apart.
type UnsupportedError struct {
	Dir          string
	Flock, Lease error // nil for what was not tried
}

func (e *UnsupportedError) Error() string {
	text := fmt.Sprintf("claims: the file system of %s keeps no processes apart", e.Dir)
	if e.Flock != nil {
		text += fmt.Sprintf("; its locks (flock): %v", e.Flock)
	}
	if e.Lease != nil {
		text += fmt.Sprintf("; leases, which need hard links: %v", e.Lease)
	}
	return text + ": choose a folder on another"
}

func (e *UnsupportedError) Unwrap() []error { return []error{e.Flock, e.Lease} }

// choose returns the kind of a folder: the one that it has, the one that is asked for, or
// one that its file system supports.
func (f *Folder) choose() (Kind, error) {
	m, err := readMark(f.dir)
	if err != nil {
		return "", err
	}
	asked := f.o.Kind
	switch {
	case m.Claims != Automatic && asked != Automatic && m.Claims != asked:
		return "", &KindError{f.dir, asked, m.Claims}
	case m.Claims != Automatic:
		return m.Claims, nil
	}

	kinds := []Kind{Flock, Lease}
	switch {
	case asked != Automatic:
		kinds = []Kind{asked}
	case isNetwork(f.dir):
		// Locks of the operating system may end at the machine, which cannot be seen.
		kinds = []Kind{Lease, Flock}
	}

	var noFlock, noLink error
	for _, kind := range kinds {
		if kind == Flock {
			if noFlock = tryFlock(f.dir); noFlock == nil {
				if noLink != nil {
					f.o.note("the file system of %s has no hard links (%v), so claims are locks, which may end at this machine: run from one machine only, or choose a folder on another file system", f.dir, noLink)
				}
				return Flock, nil
			}
			continue
		}
		if noLink = tryLink(f.dir); noLink == nil {
			return Lease, f.becomeLease()
		}
	}
	return "", unsupported(f.dir, noFlock, noLink)
}

// unsupported says that the kinds that were tried do not work there, or why one could not
// be tried.
func unsupported(dir string, noFlock, noLink error) error {
	for _, err := range []error{noFlock, noLink} {
		lacks := errors.Is(err, errors.ErrUnsupported) || errors.Is(err, errNoLocks) || errors.Is(err, fs.ErrPermission) || errors.Is(err, errNotExclusive)
		if err != nil && !lacks {
			return err
		}
	}
	return &UnsupportedError{dir, noFlock, noLink}
}

// becomeLease marks a folder, unless processes with locks of the operating system are in
// it.
func (f *Folder) becomeLease() error {
	if used, err := flocked(f.path("open.lock")); used && err == nil {
		return &KindError{f.dir, Lease, Flock}
	}
	return putMark(f.dir, Lease)
}

// errNotExclusive is what a lock does that two descriptors can have.
var errNotExclusive = errors.New("two may have a lock at the same time")

// tryFlock tries whether locks of the operating system exclude each other.
func tryFlock(dir string) error {
	private, err := os.CreateTemp(dir, ".claims.lease")
	if err != nil {
		return err
	}
	defer os.Remove(private.Name())
	defer private.Close()
	first, second := newLock(private.Name()), newLock(private.Name())
	defer first.Close()
	defer second.Close()
	locked, err := first.TryLock()
	if err != nil {
		return err
	}
	again, err := second.TryLock()
	if err == nil && (!locked || again) {
		err = errNotExclusive
	}
	return err
}

// tryLink tries whether a file can have two names.
func tryLink(dir string) error {
	private, err := os.CreateTemp(dir, ".claims.lease")
	if err != nil {
		return err
	}
	defer os.Remove(private.Name())
	defer private.Close()
	second := private.Name() + "0"
	if err := os.Link(private.Name(), second); err != nil {
		return err
	}
	return os.Remove(second)
}

// readMark returns the mark of a folder, a zero one if there is none.
func readMark(dir string) (m mark, err error) {
	path := filepath.Join(dir, markName)
	data, err := readClaim(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(data, &m); err != nil || m.Schema < 1 {
		return m, fmt.Errorf("claims: %s is not whole: delete it once no process uses the folder, and run again", path)
	}
	if m.Schema > Schema || m.Claims != Flock && m.Claims != Lease {
		return m, fmt.Errorf("claims: %s is of a later version of gpw (schema %d, claims %q): use that version, or another folder", path, m.Schema, m.Claims)
	}
	return m, nil
}

// putMark marks a folder. Another process may have done it before.
func putMark(dir string, kind Kind) error {
	private, err := os.CreateTemp(dir, ".claims.json")
	if err != nil {
		return err
	}
	defer os.Remove(private.Name())
	_, err = fmt.Fprintf(private, "{\"schema\": %d, \"claims\": %q}\n", Schema, kind)
	if err = errors.Join(err, private.Chmod(0o644), private.Sync(), private.Close()); err != nil {
		return err
	}
	_, err = linkNew(private.Name(), filepath.Join(dir, markName))
	return err
}
