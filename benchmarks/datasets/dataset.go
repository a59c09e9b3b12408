package datasets

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/arrays"
	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A Dataset is N feature vectors with their classes.
type Dataset struct {
	Name       string
	X          matrix.Matrix // N×D, finite, no row all zero, not normalised
	Labels     []int         // N
	Names      []string      // of the labels 0, 1, … where the file has strings, otherwise nil
	Provenance string        // one phrase that tables show: "features.npy", "synthetic"
	Synthetic  bool
	Checksum   string // hex SHA-256 of the shape, the float32 values and the labels
}

// NewDataset returns the data set of x and labels, neither copied, with its checksum. It
// refuses an empty x, a number of labels that is not the number of rows, rows with NaN
// or infinity, and rows of zeros, which have no direction.
func NewDataset(name, provenance string, x matrix.Matrix, labels []int) (*Dataset, error) {
	if err := x.Check(); err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", provenance, err)
	}
	if x.Rows > 0 && x.Cols > 0 && x.Rows != len(labels) {
		return nil, fmt.Errorf("datasets: %s has %d rows, but there are %d labels: they must agree", provenance, x.Rows, len(labels))
	}
	if err := checkVectors(provenance, x); err != nil {
		return nil, err
	}
	return &Dataset{Name: name, X: x, Labels: labels, Provenance: provenance, Checksum: checksum(x, labels)}, nil
}

// checkVectors refuses vectors that are none, or without a direction.
func checkVectors(provenance string, x matrix.Matrix) error {
	if x.Rows == 0 || x.Cols == 0 {
		return fmt.Errorf("datasets: %s has the shape %d×%d: there is nothing to retrieve", provenance, x.Rows, x.Cols)
	}
	if err := checkFinite(provenance, x); err != nil {
		return err
	}
	if row, n := firstRow(x, isZero); n > 0 {
		return fmt.Errorf("datasets: %s: %s is all zeros and has no direction: remove or re-extract it", provenance, matrix.RowName(row, n, ""))
	}
	return nil
}

// Load reads a data set from files: features of shape (N, D) and N labels, integers or
// strings, in the formats and under the names of package arrays. The features are
// converted to float32 while they are read, so only one copy is in memory; one that is
// too large for it is in a file of its own ([arrays.Floats]). The error of a
// missing file satisfies errors.Is(err, fs.ErrNotExist).
func Load(name, featuresPath, labelsPath string) (*Dataset, error) {
	var naming Naming
	x, labels, err := naming.load(featuresPath, labelsPath)
	if err != nil {
		return nil, err
	}
	d, err := NewDataset(name, featuresPath, x, labels)
	if err != nil {
		return nil, err
	}

	d.Provenance, d.Names = baseName(featuresPath), naming.Names
	return d, nil
}

// ClassName is what messages call a class: the user's name in quotes where labels are
// strings, and else the number.
func (d *Dataset) ClassName(label int) string {
	if d != nil && label >= 0 && label < len(d.Names) {
		return fmt.Sprintf("%.60q", d.Names[label])
	}
	return strconv.Itoa(label)
}

// load reads features as float32 and their labels.
func (n *Naming) load(featuresPath, labelsPath string) (matrix.Matrix, []int, error) {
	p, err := arrays.OpenPair(featuresPath, labelsPath)
	if err != nil {
		return matrix.Matrix{}, nil, err
	}
	defer p.Close()

	labels, err := n.read(labelsPath, p.Y)
	if err != nil {
		return matrix.Matrix{}, nil, err
	}
	x, err := narrowed(featuresPath, p.X, labelsPath, len(labels))
	return x, labels, err
}

// narrowed reads features as float32, as many rows as there are labels.
func narrowed(path string, a *arrays.Array, labelsPath string, labels int) (matrix.Matrix, error) {
	rows, cols, data, err := a.Features()
	if err != nil {
		return matrix.Matrix{}, err
	}
	if err := checkCounts(path, rows, cols, labelsPath, labels); err != nil {
		return matrix.Matrix{}, err
	}
	x := matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: data}
	return x, checkNarrowed(path, a, x)
}

// checkCounts refuses rows that are not as many as their labels, and says where they look
// transposed.
func checkCounts(vectors string, rows, cols int, labels string, n int) error {
	if rows == n {
		return nil
	}
	err := fmt.Errorf("datasets: %s has %d rows, %s %d: they must agree", vectors, rows, labels, n)
	if cols == n && n > 1 {
		file, name := arrays.Split(vectors)
		err = fmt.Errorf("%w; it has a column for each label, so it may be transposed: give %s:%s.T", err, file, strings.TrimSuffix(name, ".T"))
	}
	return err
}

// baseName is a path without its folders, but with the name of the array.
func baseName(path string) string {
	file, name := arrays.Split(path)
	if name != "" {
		name = ":" + name
	}
	return filepath.Base(file) + name
}

// Take returns the given rows with their labels: a view of X where the rows are
// consecutive, a copy otherwise. It refuses rows that the data set does not have.
func (d *Dataset) Take(rows []int) (matrix.Matrix, []int, error) {
	if d == nil {
		return matrix.Matrix{}, nil, errors.New("datasets: no data set to take rows of")
	}
	if err := d.X.Check(); err != nil || d.X.Rows != len(d.Labels) {
		return matrix.Matrix{}, nil, fmt.Errorf("datasets: %s is not %d labelled rows; NewDataset makes a data set", d.Name, d.X.Rows)
	}

	labels := make([]int, len(rows))
	consecutive := true
	for i, r := range rows {
		if r < 0 || r >= len(d.Labels) {
			return matrix.Matrix{}, nil, fmt.Errorf("datasets: %s has rows 0 to %d, and no row %d", d.Name, len(d.Labels)-1, r)
		}
		labels[i] = d.Labels[r]
		consecutive = consecutive && r == rows[0]+i
	}

	if consecutive && len(rows) > 0 {
		return d.X.Slice(rows[0], rows[0]+len(rows)), labels, nil
	}
	x, err := newFeatures(len(rows), d.X.Cols)
	if err != nil {
		return matrix.Matrix{}, nil, fmt.Errorf("datasets: %s: %w", d.Name, err)
	}
	f32.Gather(x, d.X, rows)
	return x, labels, nil
}

// newFeatures makes a matrix of features, which may be larger than memory.
func newFeatures(rows, cols int) (matrix.Matrix, error) {
	data, _, err := arrays.Floats(rows * cols)
	return matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: data}, err
}

// LoadVectors reads vectors without rounding, and their labels. Its files and errors are
// those of [Load].
func LoadVectors(vectorsPath, labelsPath string) (retrieval.Vectors, []int, error) {
	return new(Naming).LoadVectors(vectorsPath, labelsPath)
}

// checkNarrowed refuses a row of the file that float32 cannot represent: with numbers out
// of its range, or so small that few or no digits remain.
func checkNarrowed(path string, read *arrays.Array, x matrix.Matrix) error {
	const leastNormal = 0x1p-126
	row, n := firstRow(x, func(row []float32) bool {
		largest := float32(0)
		for _, v := range row {
			largest = max(largest, v, -v)
		}
		return !(largest >= leastNormal && largest <= math.MaxFloat32)
	})

	if n == 0 {
		return nil
	}
	_, cols, wide, err := read.Float64s()
	if err != nil {
		return err
	}

	largest, rounded := 0.0, false
	for k, v := range wide[row*cols : (row+1)*cols] {
		largest = max(largest, math.Abs(v))
		rounded = rounded || float64(x.Row(row)[k]) != v
	}

	switch {
	case !rounded || largest-largest != 0: // float32 represents them, or the file has no valid numbers either
		return nil
	case largest > 1:
		return fmt.Errorf("datasets: %s: %s has a value of %.3g, beyond float32: bring the features between 1e-38 and 3e38, or divide each row by its length", path, matrix.RowName(row, n, ""), largest)
	}

	return fmt.Errorf("datasets: %s: %s has no value above %.3g, too small for float32: bring the features between 1e-38 and 3e38, or divide each row by its length", path, matrix.RowName(row, n, ""), largest)
}

func checkFinite(what string, x matrix.Matrix) error {
	row, n := firstRow(x, func(row []float32) bool {
		for _, v := range row {
			if v-v != 0 { // NaN or ±Inf
				return true
			}
		}

		return false
	})

	if n > 0 {
		return fmt.Errorf("datasets: %s: %s holds NaN, infinity or a value beyond float32: remove or re-extract it", what, matrix.RowName(row, n, ""))
	}
	return nil
}

func isZero(row []float32) bool {
	for _, v := range row {
		if v != 0 {
			return false
		}
	}
	return true
}

// firstRow returns the first bad row, and the number of bad rows.
func firstRow(x matrix.Matrix, bad func(row []float32) bool) (first, count int) {
	for i := range x.Rows {
		if !bad(x.Row(i)) {
			continue
		}
		if count == 0 {
			first = i
		}
		count++
	}
	return first, count
}

// checksum is over rows and columns as uint64, then the values as float32 row after row,
// and the labels as int64, all little-endian.
func checksum(x matrix.Matrix, labels []int) string {
	h := sha256.New()
	b := make([]byte, 0, max(16, 4*x.Cols))
	b = binary.LittleEndian.AppendUint64(b, uint64(x.Rows))
	b = binary.LittleEndian.AppendUint64(b, uint64(x.Cols))
	h.Write(b)

	for i := range x.Rows {
		b = b[:0]
		for _, v := range x.Row(i) {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}

		h.Write(b)
	}

	for _, l := range labels {
		h.Write(binary.LittleEndian.AppendUint64(b[:0], uint64(l)))
	}
	return hex.EncodeToString(h.Sum(nil))
}
