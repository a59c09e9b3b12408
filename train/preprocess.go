package train

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gpwbench/matrix"
	"gpwbench/train/config"
)

// A Preprocess is a sequence of steps fitted on the training rows, to be applied to
// training and test rows alike:
//
//	center  subtract the feature's mean
//	scale   divide by the feature's standard deviation (that of the rows, divisor N);
//	        a feature that is constant stays
//	sqrt    take the square root; the features must be ≥ 0
//	l2      divide a row by its Euclidean length; it must not be zero
//
// The zero value has no steps.
type Preprocess struct {
	columns int // that the steps were fitted on
	steps   []fittedStep
}

// A fittedStep changes a row of features in place.
type fittedStep func(row []float32) error

// preprocessSteps fits the steps named in [config.PreprocessSteps] on the training rows,
// after the steps before.
var preprocessSteps = map[string]func(x matrix.Matrix) fittedStep{
	config.Center: fitCenter,
	config.Scale:  fitScale,
	config.Sqrt:   func(matrix.Matrix) fittedStep { return rootOf },
	config.L2:     func(matrix.Matrix) fittedStep { return unitLength },
}

// FitPreprocess fits the steps, in order, on the training rows x, which it does not
// change. Each step is fitted on the output of the steps before it. An unknown step is an
// error, and so are features that are empty, not finite, or outside the domain of a step.
func FitPreprocess(steps []string, x matrix.Matrix) (*Preprocess, error) {
	for _, name := range steps {
		if preprocessSteps[name] == nil {
			return nil, fmt.Errorf("train: preprocess: unknown step %q: use %s",
				name, strings.Join(config.PreprocessSteps, ", "))
		}
	}

	if err := checkFeatures(x); err != nil {
		return nil, err
	}

	p := &Preprocess{columns: x.Cols}
	if len(steps) == 0 {
		return p, nil
	}

	x = x.Clone()
	for _, name := range steps {
		step := preprocessSteps[name](x)
		if err := step.apply("training row", x); err != nil {
			return nil, err
		}
		p.steps = append(p.steps, step)
	}

	return p, nil
}

// Apply returns the preprocessed rows in new memory; with no steps, or a nil p, x itself.
// Rows of another number of features than the training rows, or that a step does not
// take, are an error.
func (p *Preprocess) Apply(x matrix.Matrix) (matrix.Matrix, error) {
	if p == nil || len(p.steps) == 0 {
		return x, nil
	}
	if err := checkMatrix("preprocess", x); err != nil {
		return matrix.Matrix{}, err
	}
	if err := checkColumns("preprocess", x.Cols, p.columns); err != nil {
		return matrix.Matrix{}, err
	}

	y := x.Clone()
	for _, step := range p.steps {
		if err := step.apply("row", y); err != nil {
			return matrix.Matrix{}, err
		}
	}
	return y, nil
}

// apply changes all rows of x. The error names the first row outside the domain of the
// step; what says which rows they are.
func (step fittedStep) apply(what string, x matrix.Matrix) error {
	for i := range x.Rows {
		if err := step(x.Row(i)); err != nil {
			return fmt.Errorf("train: preprocess: %w (%s %d)", err, what, i)
		}
	}
	return nil
}

func fitCenter(x matrix.Matrix) fittedStep {
	means := columnMeans(x)
	return func(row []float32) error {
		for k, v := range row {
			row[k] = float32(float64(v) - means[k])
		}
		return nil
	}
}

func fitScale(x matrix.Matrix) fittedStep {
	deviations := columnDeviations(x)
	return func(row []float32) error {
		for k, v := range row {
			row[k] = float32(float64(v) / deviations[k])
		}
		return nil
	}
}

func rootOf(row []float32) error {
	for k, v := range row {
		if v < 0 {
			return fmt.Errorf("sqrt needs features ≥ 0 (put it before center), "+
				"and %v is in column %d", v, k)
		}
		row[k] = float32(math.Sqrt(float64(v)))
	}
	return nil
}

func unitLength(row []float32) error {
	if normalize(row) == 0 {
		return errors.New("l2 finds no direction, only zeros")
	}
	return nil
}
