package arrays

import (
	"errors"
	"fmt"
	"os"
	"unsafe"
)

// Floats returns n zeros for features that may be larger than memory. Up to [MostCopied]
// bytes they are in memory. Beyond, they are the map of a file without a name in a folder
// for temporary files (TMPDIR, or else /var/tmp), so the system keeps in memory what is
// read often and drops the rest, and nobody else can write to the file. Its space is
// taken at once. The error says how much space is missing, and where.
//
// Release gives the file back; nothing may read the floats after it. For memory it does
// nothing.
func Floats(n int) (x []float32, release func(), err error) {
	none := func() {}
	if bytes := 4 * int64(n); bytes > MostCopied() {
		data, err := scratch(bytes)
		if err == nil {
			return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(data))), n), func() { unmap(data) }, nil
		}
		if !errors.Is(err, errors.ErrUnsupported) {
			return nil, none, fmt.Errorf("features of %d MB do not fit in memory, and a file for them in %s cannot be made: %w; set TMPDIR to a folder with that much space",
				bytes/1e6, scratchFolder(), err)
		}
	}
	return make([]float32, n), none, nil
}

// copiedShare is the share of the memory that one matrix of features may take. A data set
// is in memory up to twice, raw and preprocessed, and its training and evaluation take
// memory too.
const copiedShare = 0.25

// MostCopied is the size in bytes up to which [Floats] are in memory: a quarter of what
// the process may use, which is the least of the machine's memory, that of its control
// group and GOMEMLIMIT.
func MostCopied() int64 { return int64(copiedShare * float64(memoryLimit())) }

// scratchFolder is for large temporary files. /tmp is in memory on many systems.
func scratchFolder() string {
	if dir := os.Getenv("TMPDIR"); dir != "" {
		return dir
	}
	if info, err := os.Stat("/var/tmp"); err == nil && info.IsDir() {
		return "/var/tmp"
	}
	return os.TempDir()
}

// scratch maps a new file without a name, to be read and written.
func scratch(bytes int64) ([]byte, error) {
	f, err := os.CreateTemp(scratchFolder(), "gpw-features-*")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := os.Remove(f.Name()); err != nil {
		return nil, err
	}
	if err := reserve(f, bytes); err != nil {
		return nil, err
	}
	return mapShared(f, bytes)
}

// reserve takes the space of a file. Without it a full disk would be met by a write to
// the map, which ends the process.
func reserve(f *os.File, bytes int64) error {
	err := allocate(f, bytes)
	if err == nil || !errors.Is(err, errors.ErrUnsupported) {
		return err
	}

	zeros := make([]byte, 1<<20)
	for at := int64(0); at < bytes; at += int64(len(zeros)) {
		if _, err := f.Write(zeros[:min(int64(len(zeros)), bytes-at)]); err != nil {
			return err
		}
	}
	return nil
}
