package train

import (
	"math"
	"testing"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// toFloat64 copies a matrix to float64.
func toFloat64(m matrix.Matrix) [][]float64 {
	w := make([][]float64, m.Rows)
	for i := range w {
		for _, v := range m.Row(i) {
			w[i] = append(w[i], float64(v))
		}
	}
	return w
}

// embedUnits returns the unit rows of the given rows of x under the head w, in float64
// and by the definitions.
func embedUnits(x matrix.Matrix, w [][]float64, rows []int) [][]float64 {
	var e [][]float64
	for _, row := range rows {
		var y []float64
		for _, weights := range w {
			sum := 0.0
			for k, v := range x.Row(row) {
				sum += weights[k] * float64(v)
			}
			y = append(y, sum)
		}

		e = append(e, y)
	}
	return units(e)
}

// units returns unit vectors of the same directions.
func units(v [][]float64) [][]float64 {
	var u [][]float64
	for _, row := range v {
		sum, unit := 0.0, []float64(nil)
		for _, c := range row {
			sum += c * c
		}
		for _, c := range row {
			unit = append(unit, c/math.Sqrt(sum))
		}
		u = append(u, unit)
	}
	return u
}

// products returns a·bᵀ, row-major.
func products(a, b [][]float64) []float64 {
	var s []float64
	for _, x := range a {
		for _, y := range b {
			sum := 0.0
			for k := range x {
				sum += x[k] * y[k]
			}
			s = append(s, sum)
		}
	}
	return s
}

// crossValue is the loss of the embeddings e, compared with the vectors v.
func crossValue(t *testing.T, l losses.Loss, e, v [][]float64, anchors, candidates, self []int) float64 {
	t.Helper()
	s := products(e, v)
	b, err := losses.NewCross(s, anchors, candidates, self)
	if err != nil {
		t.Fatal(err)
	}

	var means [2][]float64
	for k, vectors := range [][][]float64{e, v} {
		for _, x := range vectors {
			means[k] = append(means[k], losses.ScaledMean(x))
		}
	}

	b.SetMeans(means[0], means[1])
	return l.Eval(b, make([]float64, len(s)))
}

// wantGradient compares what one step of SGD at that rate made of the matrix with the
// fourth-order differences of the loss. They are taken by the elements of at, which hold
// the matrix before and are restored.
func wantGradient(t *testing.T, what string, before, after matrix.Matrix, rate float64, at [][]float64, loss func() float64) {
	t.Helper()
	moved, gradient, largest := matrix.New(before.Rows, before.Cols), matrix.New(before.Rows, before.Cols), 0.0
	for i := range at {
		for k, v := range at[i] {
			value := func(h float64) float64 {
				at[i][k] = v + h
				return loss()
			}
			const h = 1e-4
			d := (value(-2*h) - 8*value(-h) + 8*value(h) - value(2*h)) / (12 * h)
			at[i][k] = v
			gradient.Row(i)[k], largest = float32(d), max(largest, math.Abs(d))
			moved.Row(i)[k] = float32((float64(before.Row(i)[k]) - float64(after.Row(i)[k])) / rate)
		}
	}

	if largest < 1e-3 {
		t.Fatalf("%s: the largest derivative is %v: nothing is tested", what, largest)
	}
	near(t, what, moved, gradient, 1e-4*max(1, largest))
}
