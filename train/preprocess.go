package train

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// knownSteps names the steps of preprocessing.
var knownSteps = []string{"center", "scale", "sqrt", "l2"}

// A Preprocess is a sequence of steps fitted on the training rows, to be applied to training and test rows alike:
//
//	center  subtract the feature's mean
//	scale   divide by the feature's standard deviation (that of the rows, divisor N); a feature that is constant stays
//	sqrt    take the square root; the features must be ≥ 0
//	l2      divide a row by its Euclidean length; it must not be zero
type Preprocess struct{ stages []stage }

// A stage is one fitted step.
type stage struct {
	name  string
	shift []float64 // center: what is subtracted
	scale []float64 // scale: what is divided by
}

// FitPreprocess fits the steps, in order, on the training rows: what a step sees is what the steps before it leave.
func FitPreprocess(steps []string, train matrix.Matrix) (*Preprocess, error) {
	for _, name := range steps {
		if !slices.Contains(knownSteps, name) {
			return nil, fmt.Errorf("train: preprocess: unknown step %q: use %s", name, strings.Join(knownSteps, ", "))
		}
	}
	if err := checkFeatures(train); err != nil {
		return nil, err
	}
	p := new(Preprocess)
	if len(steps) == 0 {
		return p, nil
	}
	x := train.Clone()
	for _, name := range steps {
		s := stage{name: name}
		switch name {
		case "center":
			s.shift = columnMeans(x)
		case "scale":
			s.scale = columnDeviations(x)
		}
		if err := s.apply(x); err != nil {
			return nil, fmt.Errorf("train: preprocess: %w of the training features", err)
		}
		p.stages = append(p.stages, s)
	}
	return p, nil
}

// Apply returns the preprocessed rows in new memory; with no steps, x itself. It panics if x has not the columns that were fitted.
func (p *Preprocess) Apply(x matrix.Matrix) (matrix.Matrix, error) {
	if len(p.stages) == 0 {
		return x, nil
	}
	y := x.Clone()
	for _, s := range p.stages {
		if err := s.apply(y); err != nil {
			return matrix.Matrix{}, fmt.Errorf("train: preprocess: %w", err)
		}
	}
	return y, nil
}

func (s stage) apply(x matrix.Matrix) error {
	for i := range x.Rows {
		row := x.Row(i)
		switch s.name {
		case "center":
			checkColumns("preprocess", x.Cols, len(s.shift))
			for k, v := range row {
				row[k] = float32(float64(v) - s.shift[k])
			}
		case "scale":
			checkColumns("preprocess", x.Cols, len(s.scale))
			for k, v := range row {
				row[k] = float32(float64(v) / s.scale[k])
			}
		case "sqrt":
			for k, v := range row {
				if v < 0 {
					return fmt.Errorf("sqrt needs features ≥ 0 (put it before center), and %v is in column %d, row %d", v, k, i)
				}
				row[k] = float32(math.Sqrt(float64(v)))
			}
		case "l2":
			if normalize(row) == 0 {
				return fmt.Errorf("l2 finds no direction, only zeros, in row %d", i)
			}
		}
	}
	return nil
}

// normalize divides v by its Euclidean length, unless that is zero or not finite, and returns the length.
func normalize(v []float32) float64 {
	length := math.Sqrt(f32.Dot(v, v))
	if length == 0 || math.IsInf(length, 0) || math.IsNaN(length) {
		return length
	}
	f32.Scale(v, 1/length)
	return length
}

func columnMeans(x matrix.Matrix) []float64 {
	means := make([]float64, x.Cols)
	for i := range x.Rows {
		for k, v := range x.Row(i) {
			means[k] += float64(v)
		}
	}
	for k := range means {
		means[k] /= float64(x.Rows)
	}
	return means
}

// columnDeviations returns the standard deviation of each column, and 1 for a column whose values are all equal: rounding of the
// mean must not pass for a deviation.
func columnDeviations(x matrix.Matrix) []float64 {
	means := columnMeans(x)
	deviations := make([]float64, x.Cols)
	varies := make([]bool, x.Cols)
	for i := range x.Rows {
		for k, v := range x.Row(i) {
			d := float64(v) - means[k]
			deviations[k] += d * d
			varies[k] = varies[k] || v != x.Data[k]
		}
	}
	for k, sum := range deviations {
		deviations[k] = 1
		if varies[k] {
			deviations[k] = math.Sqrt(sum / float64(x.Rows))
		}
	}
	return deviations
}

// checkFeatures refuses an empty matrix, and NaN and infinity.
func checkFeatures(x matrix.Matrix) error {
	if x.Rows == 0 || x.Cols == 0 {
		return fmt.Errorf("train: the training features have the shape %d×%d: there is nothing to learn from", x.Rows, x.Cols)
	}
	for i := range x.Rows {
		for k, v := range x.Row(i) {
			if v-v != 0 { // NaN, or an infinity
				return fmt.Errorf("train: row %d of the training features holds %v in column %d: remove or re-extract it", i, v, k)
			}
		}
	}
	return nil
}

func checkColumns(what string, got, want int) {
	if got != want {
		panic(fmt.Sprintf("train: %s fitted on %d columns, applied to %d", what, want, got))
	}
}
