package experiments

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"

	"gpwbench/internal/f32"
	"gpwbench/internal/npy"
	"gpwbench/matrix"
	"gpwbench/train"
)

// writeLinear writes a map as an npz with the arrays mean, w and checksum.
func writeLinear(out io.Writer, name string, m *train.Linear) error {
	w := m.W.Clone().Data
	sum := linearSum(name, m.Mean, w)
	return npy.WriteNPZ(out, []npy.Member{
		{Name: "mean", Shape: []int{len(m.Mean)}, Data: m.Mean},
		{Name: "w", Shape: []int{m.W.Rows, m.W.Cols}, Data: w},
		{Name: "checksum", Shape: []int{len(sum)}, Data: sum},
	})
}

// linearSum is the SHA-256 of the file's name and of the elements, as four integers,
// since an npz holds numbers. The name makes it the map of one data set and one setting.
func linearSum(name string, mean, w []float32) []int64 {
	h := sha256.New()
	io.WriteString(h, path.Base(name))
	binary.Write(h, binary.LittleEndian, mean)
	binary.Write(h, binary.LittleEndian, w)
	sum := make([]int64, sha256.Size/8)
	for k := range sum {
		sum[k] = int64(binary.LittleEndian.Uint64(h.Sum(nil)[8*k:]))
	}
	return sum
}

// readLinear reads a map of features with the given number of columns. It is nil where
// there is none, or one of an older program, without a checksum; an error says that the
// file is damaged.
func readLinear(file string, cols int) (*train.Linear, error) {
	arrays, err := npy.ReadNPZ(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if arrays["checksum"] == nil {
		return nil, nil
	}
	if arrays["w"] == nil || arrays["mean"] == nil {
		return nil, errors.New("an array is missing")
	}

	sum, err1 := arrays["checksum"].Ints()
	mean, err2 := arrays["mean"].Float64s()
	w, err3 := arrays["w"].Float64s()
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}

	shape := arrays["w"].Shape
	if len(shape) != 2 || shape[1] != cols || len(mean) != cols {
		return nil, fmt.Errorf("w has the shape %v and mean %d elements, want %d columns", shape, len(mean), cols)
	}

	m := &train.Linear{Mean: f32.Narrow(mean), W: matrix.Matrix{Rows: shape[0], Cols: shape[1], Stride: shape[1], Data: f32.Narrow(w)}}
	if !slices.EqualFunc(sum, linearSum(file, m.Mean, m.W.Data), func(got int, want int64) bool { return int64(got) == want }) {
		return nil, errors.New("it has another checksum")
	}
	return m, nil
}
