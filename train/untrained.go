package train

import (
	"fmt"
	"math"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// Untrained returns W of a head as a training starts it: dim×features, or no rows for
// head none. A random start is that of the data set and the seed.
func (c HeadConfig) Untrained(features int, dataKey string, seed uint64) (matrix.Matrix, error) {
	switch c.Name {
	case "none":
		if c.Dim != 0 && c.Dim != features {
			return matrix.Matrix{}, fmt.Errorf("train: head.dim is %d, and head none keeps the %d features: leave dim out", c.Dim, features)
		}
		return matrix.Matrix{}, nil
	case "linear":
		return c.initialWeights(features, stream(seed, dataKey, "head"))
	}
	return matrix.Matrix{}, fmt.Errorf("train: unknown head %q: use none or linear", c.Name)
}

// Embed returns the outputs of a head on prepared features, as [Trainer.Embed] does of
// the weights that it trains.
func Embed(x, w matrix.Matrix) (matrix.Matrix, error) {
	dim := x.Cols
	if w.Rows > 0 {
		checkColumns("a head", x.Cols, w.Cols)
		dim = w.Rows
	}
	e := matrix.New(x.Rows, dim)
	outputs(e, x, w)
	for i := range e.Rows {
		switch length := math.Sqrt(f32.Dot(e.Row(i), e.Row(i))); {
		case length == 0:
			return matrix.Matrix{}, fmt.Errorf("train: embed: row %d %w", i, errNoDirection)
		case math.IsNaN(length) || math.IsInf(length, 0):
			return matrix.Matrix{}, fmt.Errorf("train: embed: row %d %w: its features are not finite, or training diverged", i, errNotFinite)
		}
	}
	return e, nil
}
