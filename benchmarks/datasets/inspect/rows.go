package inspect

import (
	"math"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/arrays"
	"gpwbench/matrix"
)

// Rows are N×D numbers as the file has them, NaN and rows of zeros among them.
type Rows struct {
	N, D int

	narrow []float32
	wide   []float64 // if not narrow
}

// NewRows takes n×d numbers of a float32 matrix, row after row, and does not copy them.
func NewRows(n, d int, data []float32) *Rows { return &Rows{N: n, D: d, narrow: data} }

func readRows(maps *arrays.Maps, a *arrays.Array) (*Rows, error) {
	n, d, narrow, wide, err := maps.Rows(a)
	return &Rows{N: n, D: d, narrow: narrow, wide: wide}, err
}

// row returns row i as float64, in the memory of into, which has room for D numbers.
func (x *Rows) row(i int, into []float64) []float64 {
	if x.wide != nil {
		return x.wide[i*x.D : (i+1)*x.D]
	}
	into = into[:x.D]
	for k, v := range x.narrow[i*x.D : (i+1)*x.D] {
		into[k] = float64(v)
	}
	return into
}

// take copies rows as vectors of a retrieval. They are finite and not zero.
func (x *Rows) take(rows []int) (retrieval.Vectors, error) {
	if x.wide != nil {
		data := make([]float64, 0, len(rows)*x.D)
		for _, i := range rows {
			data = append(data, x.wide[i*x.D:(i+1)*x.D]...)
		}
		return retrieval.Float64(len(rows), x.D, data)
	}
	if len(rows) == x.N {
		m, err := matrix.Of(x.N, x.D, x.narrow)
		return retrieval.Float32(m), err
	}
	data := make([]float32, 0, len(rows)*x.D)
	for _, i := range rows {
		data = append(data, x.narrow[i*x.D:(i+1)*x.D]...)
	}
	m, err := matrix.Of(len(rows), x.D, data)
	return retrieval.Float32(m), err
}

// norm is the Euclidean length of v. Its squares may be out of the range of float64; a
// length that is itself is taken for the largest number.
func norm(v []float64) float64 {
	largest := 0.0
	for _, x := range v {
		largest = max(largest, math.Abs(x))
	}
	if largest == 0 || largest-largest != 0 {
		return largest
	}

	sum := 0.0
	if largest > 1e-100 && largest < 1e100 {
		for _, x := range v {
			sum += x * x
		}
		return math.Sqrt(sum)
	}
	for _, x := range v {
		sum += x / largest * (x / largest)
	}
	return min(largest*math.Sqrt(sum), math.MaxFloat64)
}
