package datasets

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/arrays"
	"gpwbench/matrix"
)

// Embeddings are rows of a file, none of them rounded.
type Embeddings struct {
	Rows, Cols int
	Checksum   string // hex SHA-256 of type, shape and values

	narrow []float32
	wide   []float64 // if not narrow
}

// LoadEmbeddings reads a file of shape (rows, columns), in the formats of [Load]. It
// refuses rows without a direction, all zeros or not finite. The error of a missing file
// satisfies errors.Is(err, fs.ErrNotExist).
func LoadEmbeddings(path string) (*Embeddings, error) {
	a, f, err := arrays.OpenRows(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, cols, narrow, wide, err := a.Rows()
	if err != nil {
		return nil, err
	}
	if rows == 0 || cols == 0 {
		return nil, fmt.Errorf("datasets: %s has the shape %d×%d: there is nothing to retrieve", path, rows, cols)
	}

	e := &Embeddings{Rows: rows, Cols: cols, narrow: narrow, wide: wide}
	// Before anything scales the rows.
	e.Checksum = e.checksum()
	v, err := e.Vectors(nil)
	if err != nil {
		return nil, err
	}
	return e, v.Check(path)
}

// Vectors returns the given rows in their order, and all of nil. It copies all but those.
func (e *Embeddings) Vectors(rows []int) (retrieval.Vectors, error) {
	n := len(rows)
	if rows == nil {
		n = e.Rows
	}
	if e.wide != nil {
		return retrieval.Float64(n, e.Cols, takeRows(e.wide, e.Cols, rows))
	}
	x, err := matrix.Of(n, e.Cols, takeRows(e.narrow, e.Cols, rows))
	return retrieval.Float32(x), err
}

func takeRows[T any](data []T, cols int, rows []int) []T {
	if rows == nil {
		return data
	}
	taken := make([]T, 0, len(rows)*cols)
	for _, r := range rows {
		taken = append(taken, data[r*cols:(r+1)*cols]...)
	}
	return taken
}

// checksum is over the bytes of an element (4 or 8), rows and columns as uint64, and the
// values row after row, all little-endian.
func (e *Embeddings) checksum() string {
	h, b := sha256.New(), make([]byte, 0, max(24, 8*e.Cols))
	size := uint64(4)
	if e.wide != nil {
		size = 8
	}
	for _, v := range []uint64{size, uint64(e.Rows), uint64(e.Cols)} {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	h.Write(b)

	for i := range e.Rows {
		b = b[:0]
		if e.wide != nil {
			for _, v := range e.wide[i*e.Cols : (i+1)*e.Cols] {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
			}
		} else {
			for _, v := range e.narrow[i*e.Cols : (i+1)*e.Cols] {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
			}
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}
