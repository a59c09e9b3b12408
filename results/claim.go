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

// TryClaim reserves a run, so that processes that share the folder do not do the same
// work. It does not wait: ok is false if another process, or another goroutine of this
// one, has the run. Look for the record again after claiming, because the run may have
// been finished in between. The claim ends with release, or when the process ends in any
// way.
func (s *Store) TryClaim(id string) (release func(), ok bool, err error) {
	if err := s.opened(); err != nil {
		return nil, false, err
	}
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
				os.Remove(path) // while locked, so that no lock of another process is removed
				lock.Close()
			}), true, nil
		}

		lock.Close()
		if err != nil {
			return nil, false, s.failed("locking "+path, err)
		}
	}
}

// claimStart is the beginning of a signed claim; an unsigned one is empty.
const claimStart = "process "

// isClaim reports whether a file of locks/ is a claim, and not another file of such a
// name.
func isClaim(path string) bool {
	data, err := readRegular(path)
	n := min(len(data), len(claimStart))
	return err == nil && string(data[:n]) == claimStart[:n]
}

// sign writes the process that holds a claim into it, for processes that wait. A claim
// without it is valid too.
func sign(path string) {
	host, err := os.Hostname()
	if err != nil {
		host = "a host without a name"
	}
	_ = os.WriteFile(path, fmt.Appendf(nil, claimStart+"%d on %s\n", os.Getpid(), host), 0o644)
}

// Holder describes the holder of the claim of a run: "process 1234 on host".
func (s *Store) Holder(id string) string {
	if s == nil {
		return ""
	}
	text, err := input.ReadFile(s.path("locks/" + id + ".lock"))
	if holder, _, whole := strings.Cut(string(text), "\n"); err == nil && whole {
		return holder
	}
	return "another process"
}

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
