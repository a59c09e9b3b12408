package arrays

import (
	"fmt"
	"os"
	"unsafe"
)

// Rows64 are rows of float64 in a file without a name, for what is larger than memory
// together and is read in order, some rows at a time. The file is not mapped, so that it
// takes none of the process's memory. The collector closes it.
type Rows64 struct {
	cols, rows int
	file       *os.File
}

// NewRows64 returns a file without rows in the folder for temporary files (TMPDIR, or
// else /var/tmp). The error says where it cannot be made.
func NewRows64(cols int) (*Rows64, error) {
	f, err := nameless("gpw-rows-*")
	if err != nil {
		return nil, err
	}
	return &Rows64{cols: cols, file: f}, nil
}

// Append adds whole rows. The error is that of the disk, such as a full one.
func (r *Rows64) Append(x []float64) error {
	if len(x)%r.cols != 0 {
		return fmt.Errorf("arrays: %d numbers are no rows of %d", len(x), r.cols)
	}
	if _, err := r.file.WriteAt(bytesOf(x), r.at(r.rows)); err != nil {
		return fmt.Errorf("a temporary file of %d MB in %s cannot be written: %w; set TMPDIR to a folder with more space", r.at(r.rows)/1e6, scratchFolder(), err)
	}
	r.rows += len(x) / r.cols
	return nil
}

// Read fills to with rows from one on. The error is of rows that there are not, or of the
// disk. It may be called by several goroutines at a time.
func (r *Rows64) Read(to []float64, row int) error {
	if _, err := r.file.ReadAt(bytesOf(to), r.at(row)); err != nil {
		return fmt.Errorf("a temporary file in %s cannot be read: %w", scratchFolder(), err)
	}
	return nil
}

func (r *Rows64) at(row int) int64 { return 8 * int64(row) * int64(r.cols) }

// bytesOf is the memory of x.
func bytesOf[X float64 | uint64](x []X) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 8*len(x))
}

// nameless makes a file in the folder for temporary files and removes its name.
func nameless(pattern string) (*os.File, error) {
	f, err := os.CreateTemp(scratchFolder(), pattern)
	if err == nil {
		err = os.Remove(f.Name())
	}
	if err != nil {
		return nil, fmt.Errorf("a temporary file in %s cannot be made: %w; set TMPDIR to another folder", scratchFolder(), err)
	}
	return f, nil
}
