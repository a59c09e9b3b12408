//go:build linux || darwin

package arrays

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps size bytes of a file, which are more than none, to be read.
func mapFile(f *os.File, size int64) ([]byte, error) {
	return unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_PRIVATE)
}

func unmap(data []byte) { unix.Munmap(data) }

// duplicate opens an open file again, whatever is at its path by now.
func duplicate(f *os.File) (*os.File, error) {
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}
