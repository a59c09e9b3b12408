//go:build !linux

package arrays

import (
	"errors"
	"os"
	"runtime/debug"
)

// memoryLimit is the memory in bytes that the process may use, as far as GOMEMLIMIT says
// it.
func memoryLimit() int64 { return debug.SetMemoryLimit(-1) }

func allocate(*os.File, int64) error { return errors.ErrUnsupported }
