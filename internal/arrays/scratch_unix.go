//go:build linux || darwin

package arrays

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapShared maps a file to be read and written.
func mapShared(f *os.File, size int64) ([]byte, error) {
	return unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}
