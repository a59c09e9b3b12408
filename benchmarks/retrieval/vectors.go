package retrieval

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// Vectors are Rows rows of Cols coordinates as they were given, in float32 ([Float32]) or
// in float64 ([Float64]). Retrieval compares their directions, so they need not be
// normalised. [Vectors.Check] refuses rows without a direction.
type Vectors struct {
	Rows, Cols int

	narrow matrix.Matrix
	wide   []float64 // if not narrow
	scaled bool      // whether Float64 changed the length of a row
}

// Float32 returns the rows of x as Vectors, which share its memory.
func Float32(x matrix.Matrix) Vectors { return Vectors{Rows: x.Rows, Cols: x.Cols, narrow: x} }

// Float64 takes rows×cols numbers, row after row. A row whose squares would be out of the
// range of float64 is scaled in place by a power of two, which keeps its direction. It
// refuses a number of values that does not fit.
func Float64(rows, cols int, data []float64) (Vectors, error) {
	if rows < 0 || cols < 0 || len(data) != rows*cols || cols > 0 && len(data)/cols != rows {
		return Vectors{}, fmt.Errorf("retrieval: %d numbers for %d rows of %d", len(data), rows, cols)
	}
	v := Vectors{Rows: rows, Cols: cols, wide: data}

	for i := range rows {
		row := v.wideRow(i)
		largest := 0.0
		for _, x := range row {
			largest = max(largest, math.Abs(x)) // NaN stays
		}

		if largest == 0 || largest-largest != 0 || largest >= 0x1p-400 && largest <= 0x1p400 {
			continue
		}

		_, exponent := math.Frexp(largest)
		v.scaled = true
		for k, x := range row {
			row[k] = math.Ldexp(x, -exponent)
		}
	}
	return v, nil
}

// Take returns a copy of the given rows in their order.
func (v Vectors) Take(rows []int) Vectors {
	taken := v
	taken.Rows = len(rows)
	if v.wide != nil {
		taken.wide = make([]float64, 0, len(rows)*v.Cols)
		for _, r := range rows {
			taken.wide = append(taken.wide, v.wideRow(r)...)
		}
		return taken
	}
	taken.narrow = matrix.New(len(rows), v.Cols)
	for i, r := range rows {
		copy(taken.narrow.Row(i), v.narrow.Row(r))
	}
	return taken
}

func (v Vectors) wideRow(i int) []float64 { return v.wide[i*v.Cols : (i+1)*v.Cols] }

// Check refuses rows that have no direction (all zeros or not finite), and names the
// first of them. The error calls the vectors what.
func (v Vectors) Check(what string) error {
	if err := v.checkShape(); err != nil {
		return fmt.Errorf("retrieval: %s: %w", what, err)
	}

	zeros, strange := 0, 0
	firstZero, firstStrange := 0, 0
	for i := range v.Rows {
		switch square := v.square(i); {
		case square == 0:
			if zeros == 0 {
				firstZero = i
			}
			zeros++

		case square-square != 0: // NaN or infinite
			if strange == 0 {
				firstStrange = i
			}
			strange++
		}
	}

	switch {
	case strange > 0:
		return fmt.Errorf("retrieval: %s: %s holds NaN or infinity: remove or re-extract it", what, matrix.RowName(firstStrange, strange, ""))
	case zeros > 0:
		return fmt.Errorf("retrieval: %s: %s is all zeros and has no direction: remove or re-extract it", what, matrix.RowName(firstZero, zeros, ""))
	}

	return nil
}

// checkShape refuses vectors whose numbers of rows and columns are not those of what they
// hold.
func (v Vectors) checkShape() error {
	rows, cols := v.narrow.Rows, v.narrow.Cols
	if v.wide != nil {
		rows, cols = len(v.wide)/max(v.Cols, 1), v.Cols
	} else if err := v.narrow.Check(); err != nil {
		return err
	}

	if v.Rows != rows || v.Cols != cols {
		return fmt.Errorf("%d×%d is not the shape of these vectors; Float32 and Float64 make vectors", v.Rows, v.Cols)
	}
	return nil
}

// integral returns the largest squared length if all coordinates are integers, and else
// +∞.
func (v Vectors) integral() float64 {
	longest := 0.0
	for i := range v.Rows {
		if v.wide != nil && !integers(v.wideRow(i)) || v.wide == nil && !integers(v.narrow.Row(i)) {
			return math.Inf(1)
		}
		longest = max(longest, v.square(i))
	}
	return longest
}

func integers[T float](row []T) bool {
	for _, x := range row {
		if float64(x) != math.Trunc(float64(x)) {
			return false
		}
	}
	return true
}

// same reports whether two rows have the same values.
func (v Vectors) same(i, j int) bool {
	if v.wide != nil {
		return slices.Equal(v.wideRow(i), v.wideRow(j))
	}
	return slices.Equal(v.narrow.Row(i), v.narrow.Row(j))
}

// square returns the squared length of a row. It neither overflows nor vanishes, because
// float64 can represent every square of a float32.
func (v Vectors) square(i int) float64 {
	if v.wide != nil {
		return dot64(v.wideRow(i), v.wideRow(i))
	}
	row := v.narrow.Row(i)
	return f32.Dot(row, row)
}

// A side is one set of vectors with its rows in class order. So the positives of a query
// are one segment of the gallery, and its negatives are before and after it.
type side struct {
	x       matrix.Matrix // the directions, rounded to float32; without data where windows hold them
	labels  []int
	rows    []int // the caller's row of each
	given   Vectors
	inverse []float64 // of the length of each row, or what multiplies it instead
	raw     bool      // whether rows are the same by their values, and not by their directions
}

// inClassOrder is a side that is compared alone or with itself. It holds the directions
// of its rows where they take little memory.
func inClassOrder(v Vectors, labels []int) side {
	return orderedByClass(v, labels, !windowed(v.Rows, v.Cols))
}

// bothInClassOrder are two sides that are compared. Either both hold directions or none.
func bothInClassOrder(q Vectors, ql []int, g Vectors, gl []int) (queries, gallery side) {
	hold := !windowed(q.Rows+g.Rows, q.Cols)
	return orderedByClass(q, ql, hold), orderedByClass(g, gl, hold)
}

// orderedByClass is inClassOrder, which holds the directions of all rows or of none.
func orderedByClass(v Vectors, labels []int, hold bool) side {
	s := side{x: matrix.Matrix{Rows: v.Rows, Cols: v.Cols, Stride: v.Cols}, rows: make([]int, v.Rows), labels: labels, given: v, inverse: make([]float64, v.Rows)}
	for i := range s.rows {
		s.rows[i] = i
	}

	if !slices.IsSorted(labels) {
		slices.SortStableFunc(s.rows, func(a, b int) int { return cmp.Compare(labels[a], labels[b]) })
		s.labels = make([]int, len(labels))
		for i, r := range s.rows {
			s.labels[i] = labels[r]
		}
	}

	for i, r := range s.rows {
		s.inverse[i] = 1 / math.Sqrt(v.square(r))
	}
	if hold {
		s.x = matrix.New(v.Rows, v.Cols)
		s.round()
	}
	return s
}

// round sets x to the rows times their inverse, in float32, if it is held.
func (s *side) round() {
	if s.x.Data != nil {
		s.roundTo(s.x, 0)
	}
}

// opposite returns the rows times −1.
func (s side) opposite() side {
	s.inverse = slices.Clone(s.inverse)
	for i, v := range s.inverse {
		s.inverse[i] = -v
	}
	if s.x.Data != nil {
		s.x = matrix.New(s.x.Rows, s.x.Cols)
		s.round()
	}
	return s
}

// direction writes the unit vector of row i into to, in float64.
func (s side) direction(i int, to []float64) {
	r := s.rows[i]
	if s.given.wide != nil {
		for k, x := range s.given.wideRow(r) {
			to[k] = x * s.inverse[i]
		}
		return
	}
	for k, x := range s.given.narrow.Row(r) {
		to[k] = float64(x) * s.inverse[i]
	}
}

// WriteValues writes the numbers, row after row and with the least significant byte
// first, in 4 bytes or, if they are float64, in 8. The error is that of w.
func (v Vectors) WriteValues(w io.Writer) error {
	var b []byte
	for i := range v.Rows {
		b = b[:0]
		if v.wide != nil {
			for _, x := range v.wideRow(i) {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
			}
		} else {
			for _, x := range v.narrow.Row(i) {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
			}
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}
