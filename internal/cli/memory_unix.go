//go:build linux || darwin

package cli

import (
	"runtime"
	"syscall"
)

// peakMemory returns the most memory that the process has had, in bytes; 0 where the
// system does not say.
func peakMemory() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	if runtime.GOOS == "linux" { // in KiB; elsewhere in bytes
		return int64(usage.Maxrss) << 10
	}
	return int64(usage.Maxrss)
}
