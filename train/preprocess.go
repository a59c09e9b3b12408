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

// A PreprocessStep is a step of a [Preprocess] as plain data: its name in
// [config.PreprocessSteps], and what was fitted.
type PreprocessStep struct {
	Name string
	// Values are one a feature: the means of center, the deviations of scale. The other
	// steps have none.
	Values []float64
}

// Steps returns the fitted steps in order. Their values are not copied.
func (p *Preprocess) Steps() []PreprocessStep {
	if p == nil {
		return nil
	}
	var steps []PreprocessStep
	for _, step := range p.steps {
		steps = append(steps, step.PreprocessStep)
	}
	return steps
}

// NewPreprocess returns the preprocessing of rows of so many features by steps that were
// fitted before, the inverse of [Preprocess.Steps]. An unknown step is an error, and so
// are values of another number than the features.
func NewPreprocess(columns int, steps []PreprocessStep) (*Preprocess, error) {
	p := &Preprocess{columns: columns}
	for _, step := range steps {
		make := preprocessSteps[step.Name]
		if make.change == nil {
			return nil, unknownStep(step.Name)
		}
		want := 0
		if make.fit != nil {
			want = columns
		}
		if len(step.Values) != want {
			return nil, fmt.Errorf("train: preprocess: %s has %d values for %d features, want %d", step.Name, len(step.Values), columns, want)
		}
		p.steps = append(p.steps, fittedStep{step, make.change(step.Values)})
	}
	return p, nil
}

func unknownStep(name string) error {
	return fmt.Errorf("train: preprocess: unknown step %q: use %s", name, strings.Join(config.PreprocessSteps, ", "))
}

// A fittedStep changes a row of features in place.
type fittedStep struct {
	PreprocessStep
	change func(row []float32) error
}

// A stepMaker makes a step of the values that it is fitted to, nil for a step without.
type stepMaker struct {
	fit    func(rows steppedRows) ([]float64, error)
	change func(values []float64) func(row []float32) error
}

// preprocessSteps make the steps named in [config.PreprocessSteps]. They are fitted on
// the training rows, after the steps before.
var preprocessSteps = map[string]stepMaker{
	config.Center: {stepMeans, subtract},
	config.Scale:  {stepDeviations, divide},
	config.Sqrt:   {nil, func([]float64) func(row []float32) error { return rootOf }},
	config.L2:     {nil, func([]float64) func(row []float32) error { return unitLength }},
}

// FitPreprocess fits the steps, in order, on the training rows x, which it does not
// change. Each step is fitted on the output of the steps before it. An unknown step is an
// error, and so are features that are empty, not finite, or outside the domain of a step.
func FitPreprocess(steps []string, x matrix.Matrix) (*Preprocess, error) {
	return fitPreprocess(steps, steppedRows{x: x})
}

// FitPreprocessRows is [FitPreprocess] on those rows of x that are numbered, in their
// order. It copies none of them. Errors number them from 0.
func FitPreprocessRows(steps []string, x matrix.Matrix, rows []int) (*Preprocess, error) {
	if err := checkNumbers(x, rows); err != nil {
		return nil, err
	}
	return fitPreprocess(steps, numbered(x, rows))
}

// numbered are the rows of x with these numbers; none where there are no numbers.
func numbered(x matrix.Matrix, rows []int) steppedRows {
	if rows == nil {
		rows = []int{}
	}
	return steppedRows{x: x, rows: rows}
}

// checkNumbers refuses numbers that are of no row.
func checkNumbers(x matrix.Matrix, rows []int) error {
	for _, r := range rows {
		if r < 0 || r >= x.Rows {
			return fmt.Errorf("train: preprocess: there are rows 0 to %d, and no row %d", x.Rows-1, r)
		}
	}
	return nil
}

func fitPreprocess(steps []string, rows steppedRows) (*Preprocess, error) {
	for _, name := range steps {
		if preprocessSteps[name].change == nil {
			return nil, unknownStep(name)
		}
	}

	if err := checkMatrix("the training features", rows.x); err != nil {
		return nil, err
	}
	if err := checkRows(rows); err != nil {
		return nil, err
	}

	p := &Preprocess{columns: rows.x.Cols}
	if len(steps) == 0 {
		return p, nil
	}

	// Each step goes through the rows again: a changed copy of all of them would take the
	// memory of the features once more.
	for _, name := range steps {
		make, of := preprocessSteps[name], PreprocessStep{Name: name}
		if make.fit != nil {
			var err error
			rows.steps = p.steps
			if of.Values, err = make.fit(rows); err != nil {
				return nil, err
			}
		}
		p.steps = append(p.steps, fittedStep{of, make.change(of.Values)})
		rows.steps = p.steps
		if err := rows.each(func([]float32) {}); err != nil {
			return nil, err
		}
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
	if err := checkMatrix("preprocess", x); err != nil { // before there is room for as much
		return matrix.Matrix{}, err
	}
	y := matrix.New(x.Rows, x.Cols)
	if err := p.ApplyTo(y, x); err != nil {
		return matrix.Matrix{}, err
	}
	return y, nil
}

// ApplyTo sets y to the preprocessed rows of x, which it has the shape of. Its errors are
// those of [Preprocess.Apply].
func (p *Preprocess) ApplyTo(y, x matrix.Matrix) error {
	if err := checkMatrix("preprocess", x); err != nil {
		return err
	}
	if err := checkColumns("preprocess", x.Cols, p.columns); err != nil {
		return err
	}
	if y.Check() != nil || y.Rows != x.Rows || y.Cols != x.Cols {
		return fmt.Errorf("train: preprocess: %d×%d features into %d×%d: the shapes must agree", x.Rows, x.Cols, y.Rows, y.Cols)
	}

	for i := range x.Rows {
		copy(y.Row(i), x.Row(i))
	}
	for _, step := range p.steps {
		if err := step.apply(y); err != nil {
			return err
		}
	}
	return nil
}

// Each passes the preprocessed rows of x with these numbers, one after the other, to do,
// with their places among the numbers. A row is valid until the next, and must not be
// changed. Its errors are those of [Preprocess.Apply], with the places of rows.
func (p *Preprocess) Each(x matrix.Matrix, rows []int, do func(place int, row []float32)) error {
	if err := checkMatrix("preprocess", x); err != nil {
		return err
	}
	if err := checkColumns("preprocess", x.Cols, p.columns); err != nil {
		return err
	}
	if err := checkNumbers(x, rows); err != nil {
		return err
	}
	all := numbered(x, rows)
	all.steps = p.steps
	return all.eachNamed("row", do)
}

// apply changes all rows of x. The error names the first row outside the domain of the
// step.
func (step fittedStep) apply(x matrix.Matrix) error {
	for i := range x.Rows {
		if err := step.change(x.Row(i)); err != nil {
			return fmt.Errorf("train: preprocess: %w (row %d)", err, i)
		}
	}
	return nil
}

func subtract(means []float64) func(row []float32) error {
	return func(row []float32) error {
		for k, v := range row {
			row[k] = float32(float64(v) - means[k])
		}
		return nil
	}
}

func divide(deviations []float64) func(row []float32) error {
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
