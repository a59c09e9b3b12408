package datasets

import (
	"fmt"

	"gpwbench/internal/arrays"
)

// LoadRows reads vectors in float64, row after row, and the class of each. Its files are
// those of [Load]. More rows than most are an error before they are read. What the rows
// hold is not looked at.
func LoadRows(vectorsPath, labelsPath string, most int) (rows, cols int, x []float64, labels []int, err error) {
	p, err := arrays.OpenPair(vectorsPath, labelsPath)
	if err != nil {
		return 0, 0, nil, nil, err
	}
	defer p.Close()

	if labels, err = new(Naming).read(labelsPath, p.Y); err != nil {
		return 0, 0, nil, nil, err
	}
	if shape := p.X.Shape; len(shape) == 2 {
		if err = checkCounts(vectorsPath, shape[0], shape[1], labelsPath, len(labels)); err == nil && shape[0] > most {
			err = fmt.Errorf("datasets: %s has %d rows; one batch has at most %d: take a part", vectorsPath, shape[0], most)
		}
	}
	if err == nil {
		rows, cols, x, err = p.X.Float64s()
	}
	if err != nil {
		return 0, 0, nil, nil, err
	}
	return rows, cols, x, labels, nil
}
