//go:build !unix

package claims

import (
	"errors"
	"os"
)

// hasLinkCounts is false where the result of a link is all that is known of it.
const hasLinkCounts = false

var errStale = errors.New("claims: no stale files here")

func hasTwoNames(*os.File) (bool, error) { return false, nil }

var errNoLocks = errors.New("claims: no locks here")
