//go:build !linux && !darwin

package cli

// peakMemory returns 0, because this system does not report it.
func peakMemory() int64 { return 0 }
