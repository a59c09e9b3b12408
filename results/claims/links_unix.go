//go:build unix

package claims

import (
	"os"
	"syscall"
)

const hasLinkCounts = true

// errStale is the error of NFS for a file that another machine removed.
const errStale = syscall.ESTALE

// hasTwoNames reports whether a file has a second name, which a link gave it.
func hasTwoNames(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Nlink == 2, nil
}

// errNoLocks is the error of a file system whose server keeps no locks.
const errNoLocks = syscall.ENOLCK
