package arrays

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// readVecs lists the array of a .fvecs, .bvecs or .ivecs file: rows of a little-endian
// int32 with the number of columns, and as many float32, bytes or int32
// (corpus-texmex.irisa.fr).
func readVecs(f *File) error {
	a := &Array{}
	switch strings.ToLower(filepath.Ext(f.Path)) {
	case ".bvecs":
		a.dtype = uint8s
	case ".ivecs":
		a.dtype = int32s
	default:
		a.dtype = float32s
	}

	var cols int32
	if err := binary.Read(io.NewSectionReader(f.r, 0, f.size), binary.LittleEndian, &cols); err != nil {
		return errors.New("ends before its first row: copy or save it again")
	}
	if cols < 1 {
		return fmt.Errorf("has %d columns in row 0, want 1 at least: it is damaged, or no such file", cols)
	}
	row := 4 + int64(cols)*int64(a.dtype.size)
	if f.size%row != 0 {
		return fmt.Errorf("has %d bytes, want a multiple of the %d of a row of %d columns: it is cut short or damaged", f.size, row, cols)
	}

	a.Type, a.Shape = a.dtype.name, []int{int(f.size / row), int(cols)}
	a.stored = count(a.Shape)
	a.open = func(skip int64) (io.ReadCloser, error) {
		r := &vecsReader{from: bufio.NewReader(io.NewSectionReader(f.r, 0, f.size)), cols: cols, row: row - 4}
		_, err := io.CopyN(io.Discard, r, skip)
		return io.NopCloser(r), err
	}
	f.Arrays = []*Array{a}
	return nil
}

// A vecsReader reads the elements of rows, and checks what precedes each row.
type vecsReader struct {
	from      io.Reader
	cols      int32
	row, left int64 // bytes of a row, and those that are left of the present one
	rows      int
}

func (v *vecsReader) Read(b []byte) (int, error) {
	if v.left == 0 {
		var cols int32
		if err := binary.Read(v.from, binary.LittleEndian, &cols); err != nil {
			return 0, err
		}
		if cols != v.cols {
			return 0, fmt.Errorf("has %d columns in row %d, and %d in row 0: it is damaged", cols, v.rows, v.cols)
		}
		v.left = v.row
		v.rows++
	}
	n, err := v.from.Read(b[:min(int64(len(b)), v.left)])
	v.left -= int64(n)
	return n, err
}
