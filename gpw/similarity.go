package gpw

import (
	"fmt"
	"math"

	"gpwbench/losses"
)

// Similarities returns the n×n cosine similarities of n rows of dimension d, in float64,
// row-major, each by [losses.Cosine]: 1 for rows that are equal at length 1, and never
// beyond ±1. Rows need not be normalised. A row that is zero or not finite has no
// direction; the error names it.
func Similarities(rows []float64, n, d int) ([]float64, error) {
	unit, err := units(rows, n, d)
	if err != nil {
		return nil, err
	}
	return products(unit, n, d), nil
}

// Batch returns the square batch of n rows of dimension d and their labels. It has the
// [Similarities] and the means for losses with the trait losses.ReadsVectorMeans. Its
// errors are those of [Similarities] and [losses.NewBatch].
func Batch(rows []float64, n, d int, labels []int) (*losses.Batch, error) {
	unit, err := units(rows, n, d)
	if err != nil {
		return nil, err
	}

	b, err := losses.NewBatch(products(unit, n, d), labels)
	if err != nil {
		return nil, err
	}

	means := make([]float64, n)
	for i := range means {
		means[i] = losses.ScaledMean(unit[i*d : (i+1)*d])
	}

	b.SetMeans(means, means)
	return b, nil
}

// BatchOf returns the batch of n×n similarities without vectors, for n labels. For a loss
// with the trait losses.ReadsVectorMeans the means of the vectors' coordinates are 0.
func BatchOf(s []float64, labels []int) (*losses.Batch, error) {
	b, err := losses.NewBatch(s, labels)
	if err != nil {
		return nil, err
	}
	means := make([]float64, len(labels))
	b.SetMeans(means, means)
	return b, nil
}

// units returns the rows at length 1.
func units(rows []float64, n, d int) ([]float64, error) {
	if n < 0 || d < 0 || len(rows) != n*d || d > 0 && len(rows)/d != n {
		return nil, fmt.Errorf("%d values for %d rows of dimension %d", len(rows), n, d)
	}
	unit := make([]float64, len(rows))

	for i := range n {
		row := rows[i*d : (i+1)*d]
		size := magnitude(row)
		switch {
		case size == 0:
			return nil, fmt.Errorf("row %d is zero, so it has no cosine similarity; remove it", i)
		case math.IsNaN(size - size):
			return nil, fmt.Errorf("row %d is not finite, so it has no cosine similarity; remove it", i)
		}

		normalise(unit[i*d:(i+1)*d], row, size)
	}

	return unit, nil
}

// magnitude returns the largest absolute value of a coordinate, or NaN if one is NaN.
func magnitude(x []float64) float64 {
	size := 0.0
	for _, v := range x {
		size = max(size, math.Abs(v)) // NaN stays
	}
	return size
}

// normalise writes the row at length 1 to unit. The row is scaled to the size of 1 first,
// so that no square overflows and no square that matters underflows.
func normalise(unit, row []float64, size float64) {
	sum := 0.0
	for k, v := range row {
		unit[k] = v / size
		sum += unit[k] * unit[k]
	}
	length := math.Sqrt(sum)
	for k := range unit {
		unit[k] /= length
	}
}

// products returns the n×n similarities of n unit rows.
func products(x []float64, n, d int) []float64 {
	s := make([]float64, n*n)
	for i := range n {
		for j := range i + 1 {
			v := losses.Cosine(x[i*d:(i+1)*d], x[j*d:(j+1)*d])
			s[i*n+j], s[j*n+i] = v, v
		}
	}
	return s
}
