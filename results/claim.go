package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"

	"github.com/gofrs/flock"

	"gpwbench/internal/input"
)

// TryClaim reserves a run, so that processes which share the folder do not do the same
// work. It does not wait: ok is false where another process, or another goroutine of this
// one, holds the run. Look again after claiming, since the run may have been finished
// between. The claim ends with release, or with the process, however that ends.
func (s *Store) TryClaim(id string) (release func(), ok bool, err error) {
	if !isID(id) {
		return nil, false, fmt.Errorf("results: %q is no id of a run to claim", id)
	}
	path := s.path("locks/" + id + ".lock")
	for {
		lock := flock.New(path, flock.SetPermissions(0o644))
		locked, err := lock.TryLock()
		if err != nil {
			return nil, false, s.failed("locking "+path, err)
		}
		if !locked {
			return nil, false, nil
		}

		current, err := isCurrent(lock)
		if current && !isClaim(path) {
			lock.Close()
			return nil, false, fmt.Errorf("results: %s was not written by gpw: move it elsewhere, or choose another folder", path)
		}

		if current {
			sign(path)
			return sync.OnceFunc(func() {
				os.Remove(path) // while locked, so that no other process's lock is removed
				lock.Close()
			}), true, nil
		}

		lock.Close()
		if err != nil {
			return nil, false, s.failed("locking "+path, err)
		}
	}
}

// claimStart begins a claim that is signed; one that is not is empty.
const claimStart = "process "

// isClaim reports whether a file of locks/ is a claim and no file of the same name.
func isClaim(path string) bool {
	data, err := readRegular(path)
	n := min(len(data), len(claimStart))
	return err == nil && string(data[:n]) == claimStart[:n]
}

// sign leaves in a claim which process holds it, for those who wait. A claim without it
// holds as well.
func sign(path string) {
	host, err := os.Hostname()
	if err != nil {
		host = "a host without a name"
	}
	_ = os.WriteFile(path, fmt.Appendf(nil, claimStart+"%d on %s\n", os.Getpid(), host), 0o644)
}

// Holder is what holds the claim of a run: "process 1234 on host".
func (s *Store) Holder(id string) string {
	text, err := input.ReadFile(s.path("locks/" + id + ".lock"))
	if holder, _, whole := strings.Cut(string(text), "\n"); err == nil && whole {
		return holder
	}
	return "another process"
}

// isCurrent reports whether the locked file is still the one of that name. Between
// opening and locking, the holder before may have released and removed it, and a lock on
// a removed file excludes no other process.
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
