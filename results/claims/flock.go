package claims

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Flocks are claims by locks of the operating system, which end with their process. The
// files of runs are removed with their claims. One that stands there without a lock is of
// a process that was killed.
type flocks struct {
	*Folder
	open *flock.Flock // shared while the folder is in use
}

func newFlocks(f *Folder) *flocks { return &flocks{Folder: f} }

func (f *flocks) enter(alone func() error) error {
	f.open = newLock(f.path("open.lock"))
	only, err := f.open.TryLock()
	if err != nil {
		return err
	}
	if only {
		if err := alone(); err != nil {
			f.open.Close()
			return err
		}
	}
	return f.open.RLock()
}

// leave leaves the tidying to the next process, which can be alone at once.
func (f *flocks) leave(func() error) error {
	if f.open == nil {
		return nil
	}
	return f.open.Close()
}

// flocked reports whether a process holds a lock of a file. It makes no file.
func flocked(path string) (bool, error) {
	if _, err := os.Stat(path); err != nil {
		return false, nil
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	defer lock.Close()
	free, err := lock.TryLock()
	return !free && err == nil, err
}

func (f *flocks) try(name, run string) (*Claim, error) {
	path := f.path(name + ".lock")
	for {
		lock := newLock(path)
		locked, err := lock.TryLock()
		if err != nil || !locked {
			return nil, err
		}

		current, err := isCurrent(lock)
		if current && !isSigned(path) {
			lock.Close()
			return nil, &ForeignError{path}
		}
		if current {
			return f.claim(lock, name, run), nil
		}

		lock.Close()
		if err != nil {
			return nil, err
		}
	}
}

// claim signs a file that is locked. Locks of the whole folder stay there, unsigned.
func (f *flocks) claim(lock *flock.Flock, name, run string) *Claim {
	c := &Claim{Holder: newHolder(run, f.o), check: func() error { return nil }}
	c.Lease = 0
	if !isID(name) {
		release := sync.OnceFunc(func() { lock.Close() })
		c.release = func(bool) { release() }
		return c
	}

	if before, ok := readSigned(lock.Path()); ok {
		c.Before = &before
	}
	c.sign(lock.Path())
	release := sync.OnceFunc(func() {
		os.Remove(lock.Path()) // while locked, so that no lock of another process is removed
		lock.Close()
	})
	c.release = func(bool) { release() }
	return c
}

// newLock is a lock of a file that others may read.
func newLock(path string) *flock.Flock { return flock.New(path, flock.SetPermissions(0o644)) }

// isCurrent reports whether the locked file still has its name. Between opening and
// locking, the previous holder may have released and removed it, and a lock on a removed
// file excludes no other process.
func isCurrent(lock *flock.Flock) (bool, error) {
	held, err := lock.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Stat(lock.Path())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return os.SameFile(held, named), nil
}

// signedStart is the beginning of a signed claim; an unsigned one is empty.
const signedStart = "process "

// isSigned reports whether a file is a claim of a run, signed or empty.
func isSigned(path string) bool {
	data, err := readClaim(path)
	n := min(len(data), len(signedStart))
	return err == nil && string(data[:n]) == signedStart[:n]
}

// sign writes the holder into a claim, for processes that wait. A claim without it is
// valid too.
func (c *Claim) sign(path string) {
	text := fmt.Sprintf("%s%d on %s\n", signedStart, c.PID, c.Host)
	for _, line := range []struct{ key, value string }{
		{"run", c.Run}, {"since", c.Since.Format(time.RFC3339)}, {"revision", c.Revision},
	} {
		text += line.key + " " + strings.ReplaceAll(line.value, "\n", " ") + "\n"
	}
	_ = os.WriteFile(path, []byte(text), 0o644)
}

// readSigned reads what sign wrote, or the first line of an earlier program.
func readSigned(path string) (h Holder, ok bool) {
	data, err := readClaim(path)
	if err != nil {
		return h, false
	}
	for k, line := range strings.Split(string(data), "\n") {
		key, value, _ := strings.Cut(line, " ")
		switch {
		case k == 0:
			pid, host, _ := strings.Cut(value, " on ")
			if h.PID, err = strconv.Atoi(pid); err != nil || key+" " != signedStart {
				return h, false
			}
			h.Host = host
		case key == "run":
			h.Run = value
		case key == "since":
			h.Since, _ = time.Parse(time.RFC3339, value)
		case key == "revision":
			h.Revision = value
		}
	}
	return h, true
}

// isID reports whether a name is an id of a run or a trial.
func isID(name string) bool {
	return len(name) == 64 && strings.Trim(name, "0123456789abcdef") == ""
}
