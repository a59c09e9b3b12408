package experiments

import (
	"gpwbench/internal/arrays"
	"gpwbench/internal/f32"
	"gpwbench/matrix"
	"gpwbench/train"
)

// A featureMemory makes matrices of features, which may be larger than memory, and gives
// them back together.
type featureMemory struct{ held []func() }

func (m *featureMemory) matrix(rows, cols int) (matrix.Matrix, error) {
	data, release, err := arrays.Floats(rows * cols)
	if err != nil {
		return matrix.Matrix{}, err
	}
	m.held = append(m.held, release)
	return matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: data}, nil
}

// release gives the matrices back. Nothing may read them after it, so it is not called
// where a fit that was left behind may still do so.
func (m *featureMemory) release() {
	for _, release := range m.held {
		release()
	}
	m.held = nil
}

// An embedding maps rows of features, into memory of m where it makes new rows.
type embedding func(m *featureMemory, x matrix.Matrix) (matrix.Matrix, error)

// unchanged is the embedding of features as they are.
func unchanged(_ *featureMemory, x matrix.Matrix) (matrix.Matrix, error) { return x, nil }

// mapped is the embedding of a map to so many dimensions, which writes rows into room for
// them.
func mapped(dim int, to func(y, x matrix.Matrix) error) embedding {
	return func(m *featureMemory, x matrix.Matrix) (matrix.Matrix, error) {
		y, err := m.matrix(x.Rows, dim)
		if err != nil {
			return matrix.Matrix{}, err
		}
		return y, to(y, x)
	}
}

// prepared returns the preprocessed rows; without steps x itself.
func (m *featureMemory) prepared(p *train.Preprocess, x matrix.Matrix) (matrix.Matrix, error) {
	if len(p.Steps()) == 0 {
		return x, nil
	}
	y, err := m.matrix(x.Rows, x.Cols)
	if err != nil {
		return matrix.Matrix{}, err
	}
	return y, p.ApplyTo(y, x)
}

// take copies rows with their labels.
func (m *featureMemory) take(x matrix.Matrix, labels []int, rows []int) (matrix.Matrix, []int, error) {
	taken, err := m.matrix(len(rows), x.Cols)
	if err != nil {
		return matrix.Matrix{}, nil, err
	}
	f32.Gather(taken, x, rows)
	return taken, pick(labels, rows), nil
}
