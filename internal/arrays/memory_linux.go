package arrays

import (
	"errors"
	"os"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// memoryLimit is the memory in bytes that the process may use.
func memoryLimit() int64 {
	least := debug.SetMemoryLimit(-1) // a negative limit changes nothing
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		least = min(least, int64(uint64(info.Totalram)*uint64(info.Unit)))
	}
	return min(least, GroupLimit())
}

// allocate takes the space of a file.
func allocate(f *os.File, size int64) error {
	err := unix.Fallocate(int(f.Fd()), 0, 0, size)
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS) {
		return errors.ErrUnsupported
	}
	return err
}
