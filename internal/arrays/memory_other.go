//go:build !linux

package arrays

import (
	"errors"
	"math"
	"os"
	"runtime/debug"
)

// memoryLimit is the memory in bytes that the process may use, as far as GOMEMLIMIT says
// it.
func memoryLimit() int64 { return debug.SetMemoryLimit(-1) }

// GroupLimit is math.MaxInt64: other systems than Linux have no control groups.
func GroupLimit() int64 { return math.MaxInt64 }

func allocate(*os.File, int64) error { return errors.ErrUnsupported }
