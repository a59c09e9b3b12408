package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/gofrs/flock"
)

// TryClaim reserves a run, so that processes which share the folder do not do the same work. It does not wait: ok is
// false where another process, or another goroutine of this one, holds the run. Ask Has again after claiming, since the
// run may have been finished between. The claim ends with release, or with the process, however that ends.
func (s *Store) TryClaim(id string) (release func(), ok bool, err error) {
	if !isID(id) {
		panic(fmt.Sprintf("results: TryClaim of %q: not an ID", id))
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
		if current {
			return sync.OnceFunc(func() {
				os.Remove(path) // while locked, so that nobody else's lock is removed
				lock.Close()
			}), true, nil
		}
		lock.Close()
		if err != nil {
			return nil, false, s.failed("locking "+path, err)
		}
	}
}

// isCurrent tells whether the locked file is still the one of that name. Between opening and locking, the holder before
// may have released and removed it, and a lock on a removed file keeps nobody out.
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
