//go:build !unix

package claims

import (
	"errors"
	"os"
)

var (
	errStale   = errors.New("claims: no stale files here")
	errNoLocks = errors.New("claims: no locks here")
)

// hasTwoNames is not known here.
func hasTwoNames(*os.File) bool { return false }
