package train

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// Whitening returns the map that makes the within-class covariance of x a multiple of the
// identity: relevant component analysis (Bar-Hillel et al., ICML 2003) with shrinkage.
// The within-class covariance is C = (1/N) Σ_i (x_i − μ_{y_i})(x_i − μ_{y_i})ᵀ. It is
// scaled to a mean variance of 1 by τ = tr(C)/d, and shrunk towards the identity:
//
//	C' = (1 − shrink)·C/τ + shrink·I = L·Lᵀ        W = L⁻¹        y = L⁻¹(x − mean of x)
//
// so W·C'·Wᵀ = I. The Cholesky factor L is lower triangular, and so is W,
// features×features. The symmetric root C'^(−1/2) differs from W by a rotation, under
// which cosines are invariant.
//
// shrink is in [0, 1]: 0 whitens completely and fails where C is singular, 1 only
// centres, 0.5 is halfway. A class of one row has no deviation and adds nothing to C.
// Rows that are empty or not finite, another number of labels, another shrink, and
// classes without two different rows are errors.
func Whitening(x matrix.Matrix, labels []int, shrink float64) (*Linear, error) {
	all, err := Whitenings(x, labels, []float64{shrink})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// WhitenedPCA returns a [PCA] to dim dimensions followed by the [Whitening] of the
// projected rows with that shrinkage, as one map W, dim×features. The within-class
// covariance of few components is better determined than that of all features.
//
// dim is as for PCA, and all else as for Whitening.
func WhitenedPCA(x matrix.Matrix, labels []int, dim int, shrink float64) (*Linear, error) {
	components, err := PCA(x, dim)
	if err != nil {
		return nil, err
	}
	projected, err := components.Apply(x)
	if err != nil {
		return nil, err
	}
	whitening, err := Whitening(projected, labels, shrink)
	if err != nil {
		return nil, err
	}

	// The projected rows are centred, but for rounding, so that the map has one mean.
	w := matrix.New(dim, x.Cols)
	f32.MulNN(w, whitening.W, components.W)
	return &Linear{Mean: components.Mean, W: w}, nil
}

// Whitenings is [Whitening] for several shrinkages at once. The covariance, which costs
// the most, is computed once.
func Whitenings(x matrix.Matrix, labels []int, shrinks []float64) ([]*Linear, error) {
	if err := checkFeatures(x); err != nil {
		return nil, err
	}
	if err := checkLabels(x, labels); err != nil {
		return nil, err
	}
	for _, shrink := range shrinks {
		if !(shrink >= 0 && shrink <= 1) {
			return nil, fmt.Errorf("train: whitening with a shrinkage of %v: take 0 to 1", shrink)
		}
	}

	d := x.Cols
	c := scatterMatrix(x, newClassMeans(x, labels).of)
	trace := 0.0
	for k := range d {
		trace += c[k*d+k]
	}

	if trace == 0 {
		return nil, errors.New("train: whitening needs deviations within classes, " +
			"and no class of the training rows has two different rows")
	}

	mean := f32.Narrow(columnMeans(x))
	var all []*Linear
	for _, shrink := range shrinks {
		w, err := inverseRoot(d, shrunk(c, d, trace, shrink))
		if err != nil {
			return nil, fmt.Errorf("train: the within-class covariance of %d rows of %d features "+
				"is singular: whiten with a shrinkage above 0, such as 0.5", x.Rows, d)
		}
		all = append(all, &Linear{Mean: mean, W: w})
	}
	return all, nil
}

// shrunk is a d×d scatter matrix of that trace, scaled to a mean variance of 1 and shrunk
// towards the identity.
func shrunk(scatter []float64, d int, trace, shrink float64) []float64 {
	c := make([]float64, len(scatter))
	for k := range c {
		c[k] = scatter[k] * ((1 - shrink) * float64(d) / trace)
	}

	for k := range d {
		c[k*d+k] += shrink
	}
	return c
}

// inverseRoot returns L⁻¹ of the row-major d×d matrix c = L·Lᵀ, or an error if c is not
// positive definite to working precision.
func inverseRoot(d int, c []float64) (matrix.Matrix, error) {
	var root mat.Cholesky
	if !root.Factorize(mat.NewSymDense(d, c)) {
		return matrix.Matrix{}, errors.New("not positive definite")
	}

	var lower, inverse mat.TriDense
	root.LTo(&lower)
	if err := inverse.InverseTri(&lower); err != nil { // by its condition number
		return matrix.Matrix{}, err
	}

	w := matrix.New(d, d)
	for i := range d {
		row := w.Row(i)
		for k := range i + 1 {
			row[k] = float32(inverse.At(i, k))
		}
	}

	return w, nil
}

// classMeans are the means of the classes of rows that are passed in their order. Each is
// computed at the first row of its class, and its memory is used again after the last. So
// few are in memory where classes lie together, and all of them are at the most.
type classMeans struct {
	x      matrix.Matrix
	labels []int
	rows   map[int][]int32 // of each class, ascending
	means  map[int][]float64
	free   [][]float64
}

func newClassMeans(x matrix.Matrix, labels []int) *classMeans {
	m := &classMeans{x: x, labels: labels, rows: map[int][]int32{}, means: map[int][]float64{}}
	for i, label := range labels {
		m.rows[label] = append(m.rows[label], int32(i))
	}
	return m
}

// of returns the mean of the class of row i, until the next call.
func (m *classMeans) of(i int) []float64 {
	label := m.labels[i]
	rows := m.rows[label]
	mean := m.means[label]
	if mean == nil {
		mean = m.compute(rows)
		m.means[label] = mean
	}
	if i == int(rows[len(rows)-1]) {
		delete(m.means, label)
		m.free = append(m.free, mean)
	}
	return mean
}

func (m *classMeans) compute(rows []int32) []float64 {
	var mean []float64
	if last := len(m.free) - 1; last >= 0 {
		mean, m.free = m.free[last], m.free[:last]
		clear(mean)
	} else {
		mean = make([]float64, m.x.Cols)
	}

	for _, i := range rows {
		for k, v := range m.x.Row(int(i)) {
			mean[k] += float64(v)
		}
	}
	for k := range mean {
		mean[k] /= float64(len(rows))
	}
	return mean
}
