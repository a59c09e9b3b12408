package train

import (
	"fmt"
	"math"
	"slices"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// checkMatrix refuses a matrix whose elements are not all in its memory. Errors call it
// what.
func checkMatrix(what string, x matrix.Matrix) error {
	if err := x.Check(); err != nil {
		return fmt.Errorf("train: %s: %w", what, err)
	}
	return nil
}

// checkFeatures refuses an empty matrix, NaN and infinities.
func checkFeatures(x matrix.Matrix) error {
	if err := checkMatrix("the training features", x); err != nil {
		return err
	}
	return checkRows(steppedRows{x: x})
}

// checkRows is checkFeatures of some rows of a matrix that was checked.
func checkRows(rows steppedRows) error {
	if rows.count() == 0 || rows.x.Cols == 0 {
		return fmt.Errorf("train: the training features have the shape %d×%d: "+
			"there is nothing to learn from", rows.count(), rows.x.Cols)
	}

	for i := range rows.count() {
		for k, v := range rows.row(i) {
			if v-v != 0 { // NaN, or an infinity
				return fmt.Errorf("train: row %d of the training features holds %v in column %d: "+
					"remove or re-extract it", i, v, k)
			}
		}
	}

	return nil
}

// checkRoom refuses a matrix for results of another shape than theirs.
func checkRoom(y matrix.Matrix, rows, cols int) error {
	if err := checkMatrix("the room for embeddings", y); err != nil {
		return err
	}
	if y.Rows != rows || y.Cols != cols {
		return fmt.Errorf("train: %d×%d embeddings into a matrix of %d×%d: the shapes must agree",
			rows, cols, y.Rows, y.Cols)
	}
	return nil
}

func checkLabels(x matrix.Matrix, labels []int) error {
	if x.Rows != len(labels) {
		return fmt.Errorf("train: %d rows of training features, but %d labels: they must agree",
			x.Rows, len(labels))
	}
	return nil
}

func checkColumns(what string, got, want int) error {
	if got != want {
		return fmt.Errorf("train: %s fitted on %d columns, applied to %d", what, want, got)
	}
	return nil
}

// classes returns the distinct labels, ascending.
func classes(labels []int) []int {
	c := slices.Clone(labels)
	slices.Sort(c)
	return slices.Compact(c)
}

// normalize divides v by its Euclidean length, unless that is zero or not finite, and
// returns the length.
func normalize(v []float32) float64 {
	length := math.Sqrt(f32.Dot(v, v))
	if length == 0 || math.IsInf(length, 0) || math.IsNaN(length) {
		return length
	}
	f32.Scale(v, 1/length)
	return length
}

// steppedRows are the rows of a matrix after steps of the preprocessing, of which one is
// in memory at a time.
type steppedRows struct {
	x     matrix.Matrix
	steps []fittedStep
	rows  []int // of x; nil for all
}

func (r steppedRows) count() int {
	if r.rows != nil {
		return len(r.rows)
	}
	return r.x.Rows
}

// row returns row i before the steps.
func (r steppedRows) row(i int) []float32 {
	if r.rows != nil {
		i = r.rows[i]
	}
	return r.x.Row(i)
}

// each passes every row, which holds until the next. The error names the first training
// row outside the domain of a step.
func (r steppedRows) each(do func(row []float32)) error {
	return r.eachNamed("training row", func(_ int, row []float32) { do(row) })
}

// eachNamed is each, with the numbers of rows, which an error calls by a name.
func (r steppedRows) eachNamed(name string, do func(i int, row []float32)) error {
	changed := make([]float32, r.x.Cols)
	for i := range r.count() {
		row := r.row(i)
		if len(r.steps) > 0 {
			copy(changed, row)
			row = changed
		}
		for _, step := range r.steps {
			if err := step.change(row); err != nil {
				return fmt.Errorf("train: preprocess: %w (%s %d)", err, name, i)
			}
		}
		do(i, row)
	}
	return nil
}

func columnMeans(x matrix.Matrix) []float64 {
	means, _ := stepMeans(steppedRows{x: x}) // without steps there is no error
	return means
}

// stepMeans returns the mean of each column.
func stepMeans(rows steppedRows) ([]float64, error) {
	means := make([]float64, rows.x.Cols)
	err := rows.each(func(row []float32) {
		for k, v := range row {
			means[k] += float64(v)
		}
	})
	for k := range means {
		means[k] /= float64(rows.count())
	}
	return means, err
}

// stepDeviations returns the standard deviation of each column. It is 1 for a column
// whose values are all equal, where rounding of the mean would appear as a deviation.
func stepDeviations(rows steppedRows) ([]float64, error) {
	means, err := stepMeans(rows)
	if err != nil {
		return nil, err
	}
	deviations := make([]float64, rows.x.Cols)
	varies := make([]bool, rows.x.Cols)
	var first []float32
	err = rows.each(func(row []float32) {
		if first == nil {
			first = slices.Clone(row)
		}
		for k, v := range row {
			d := float64(v) - means[k]
			deviations[k] += d * d
			varies[k] = varies[k] || v != first[k]
		}
	})

	for k, sum := range deviations {
		deviations[k] = 1
		if varies[k] {
			deviations[k] = math.Sqrt(sum / float64(rows.count()))
		}
	}
	return deviations, err
}
