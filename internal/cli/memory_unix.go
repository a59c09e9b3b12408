//go:build linux || darwin

package cli

import (
	"runtime"
	"syscall"
)

// peakMemory returns the peak memory of the process in bytes, or 0 where the system does
// not report it.
func peakMemory() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	if runtime.GOOS == "linux" { // in KiB on Linux; elsewhere in bytes
		return int64(usage.Maxrss) << 10
	}
	return int64(usage.Maxrss)
}
