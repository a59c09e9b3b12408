//go:build unix

package claims

import (
	"os"
	"syscall"
)

// errStale is the error of NFS for a file that another machine removed, and errNoLocks
// that of a server that keeps no locks.
const (
	errStale   = syscall.ESTALE
	errNoLocks = syscall.ENOLCK
)

// hasTwoNames reports whether a file has a second name, which a link gave it.
func hasTwoNames(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Nlink == 2
}
