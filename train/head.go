package train

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// heads makes the initial weights of the head that a [config.Head] names. Weights without
// rows stand for no weights.
var heads = map[string]func(c Config, features int) (Weights, error){
	config.None:     func(Config, int) (Weights, error) { return Weights{}, nil },
	config.Linear:   linearHead,
	config.Residual: residualHead,
	config.MLP:      mlpHead,
}

// inits makes the weights of a linear head with dim rows, at most the number of features.
var inits = map[string]func(c Config, dim, features int) (matrix.Matrix, error){
	config.Identity:   identityWeights,
	config.PCA:        fittedWeights,
	config.Orthogonal: randomWeights,
	config.Whitened:   whitenedWeights,
}

// InitialWeights returns the initial weights of the head for a number of features, as
// [config.Head] says. It reads Head and Start and, where something is random, DataKey and
// Seed. Settings that are invalid or do not fit the features or Start are errors.
func (c Config) InitialWeights(features int) (Weights, error) {
	if err := config.Check("head", c.Head); err != nil {
		return Weights{}, fmt.Errorf("train: %w", err)
	}
	return heads[c.Head.Name](c, features)
}

func linearHead(c Config, features int) (Weights, error) {
	w, err := linearWeights(c, features)
	return Weights{W: w}, err
}

// residualHead starts as the linear head to the bit: V is 0.
func residualHead(c Config, features int) (Weights, error) {
	w, err := linearWeights(c, features)
	if err != nil {
		return Weights{}, err
	}

	hidden := c.Head.Hidden
	if hidden == 0 {
		hidden = w.Rows
	}
	if hidden < 1 || hidden > features {
		return Weights{}, fmt.Errorf("train: head.hidden is %d for %d features: "+
			"take 1 to %d, or leave it out for head.dim", c.Head.Hidden, features, features)
	}
	u, err := orthonormal(hidden, features, stream(c.Seed, c.DataKey, "hidden"))
	return Weights{W: w, U: u, V: matrix.New(w.Rows, hidden)}, err
}

// mlpHead starts as the linear head, because relu(y) − relu(−y) = y.
func mlpHead(c Config, features int) (Weights, error) {
	w, err := linearWeights(c, features)
	if err != nil {
		return Weights{}, err
	}

	dim := w.Rows
	u, v := matrix.New(2*dim, features), matrix.New(dim, 2*dim)
	for i := range dim {
		copy(u.Row(i), w.Row(i))
		for k, value := range w.Row(i) {
			u.Row(dim + i)[k] = -value
		}
		v.Row(i)[i], v.Row(i)[dim+i] = 1, -1
	}
	return Weights{U: u, V: v}, nil
}

// linearWeights returns the initial weights W, dim×features, of a linear head.
func linearWeights(c Config, features int) (matrix.Matrix, error) {
	dim := c.Head.Dim
	if dim == 0 {
		dim = features
	}
	if dim < 1 || dim > features {
		return matrix.Matrix{}, fmt.Errorf("train: head.dim is %d for %d features: "+
			"take 1 to %d, or leave it out for all", c.Head.Dim, features, features)
	}
	return inits[c.Head.Init](c, dim, features)
}

func identityWeights(_ Config, dim, features int) (matrix.Matrix, error) {
	w := matrix.New(dim, features)
	for i := range dim {
		w.Row(i)[i] = 1
	}
	return w, nil
}

func randomWeights(c Config, dim, features int) (matrix.Matrix, error) {
	return orthonormal(dim, features, stream(c.Seed, c.DataKey, "head"))
}

// whitenedWeights refuses a map to more dimensions: its first rows would not be whitened.
func whitenedWeights(c Config, dim, features int) (matrix.Matrix, error) {
	if c.Start != nil && c.Start.W.Rows != dim {
		return matrix.Matrix{}, fmt.Errorf("train: head.init %s is a map to %d dimensions, and "+
			"the head one to %d: fit the map for the head", c.Head.Init, c.Start.W.Rows, dim)
	}
	return fittedWeights(c, dim, features)
}

// fittedWeights returns the first rows of the map in the configuration.
func fittedWeights(c Config, dim, features int) (matrix.Matrix, error) {
	start, init := c.Start, c.Head.Init
	if start == nil {
		return matrix.Matrix{}, fmt.Errorf(
			"train: head.init %s needs a fitted map, and none is given: set Config.Start", init)
	}
	if err := start.check(); err != nil {
		return matrix.Matrix{}, err
	}
	if start.W.Cols != features || start.W.Rows < dim {
		return matrix.Matrix{}, fmt.Errorf(
			"train: head.init %s is a map of %d features to %d, and the head of %d to %d",
			init, start.W.Cols, start.W.Rows, features, dim)
	}

	return start.W.Slice(0, dim).Clone(), nil
}

// orthonormal returns rows×cols random orthonormal rows, rows ≤ cols. A matrix A of
// normal variates has the same distribution as any rotation of it. So has L⁻¹·A, whose
// rows are orthonormal if A·Aᵀ = L·Lᵀ: the rows of A after Gram and Schmidt.
func orthonormal(rows, cols int, rng *rand.Rand) (matrix.Matrix, error) {
	a := mat.NewDense(rows, cols, nil)
	for k := range a.RawMatrix().Data {
		a.RawMatrix().Data[k] = rng.NormFloat64()
	}

	var gram mat.Dense
	gram.Mul(a, a.T())
	var root mat.Cholesky
	if !root.Factorize(mat.NewSymDense(rows, gram.RawMatrix().Data)) {
		return matrix.Matrix{}, errDependentRows
	}

	var lower mat.TriDense
	root.LTo(&lower)

	var q mat.Dense
	if err := q.Solve(&lower, a); err != nil {
		return matrix.Matrix{}, fmt.Errorf("%w: %w", errDependentRows, err)
	}
	return matrix.Of(rows, cols, f32.Narrow(q.RawMatrix().Data))
}

var errDependentRows = errors.New(
	"train: the random start of the head has dependent rows: take another seed")

// Embed returns the outputs of a head with weights w for prepared features x, as
// [Trainer.Embed] does with the weights that it trains: x.Rows×dim in new memory, not
// normalised. Beside them it holds the hidden units of a block of rows. Features with
// another number of columns are errors, and so are weights that do not fit each other and
// rows whose output is all zeros or not finite.
func Embed(x matrix.Matrix, w Weights) (matrix.Matrix, error) {
	if err := checkEmbed(x, w); err != nil { // before there is room for as much
		return matrix.Matrix{}, err
	}
	e := matrix.New(x.Rows, w.Dim(x.Cols))
	if err := EmbedTo(e, x, w); err != nil {
		return matrix.Matrix{}, err
	}
	return e, nil
}

// EmbedTo sets e, x.Rows×dim, to what [Embed] returns. Its errors are those of Embed, and
// another shape of e.
func EmbedTo(e, x matrix.Matrix, w Weights) error {
	if err := checkEmbed(x, w); err != nil {
		return err
	}
	if err := checkRoom(e, x.Rows, w.Dim(x.Cols)); err != nil {
		return err
	}

	outputs(e, x, w)
	for i := range e.Rows {
		switch length := math.Sqrt(f32.Dot(e.Row(i), e.Row(i))); {
		case length == 0:
			return fmt.Errorf("train: embed: row %d %w", i, errNoDirection)
		case math.IsNaN(length) || math.IsInf(length, 0):
			return fmt.Errorf("train: embed: row %d %w: "+
				"its features are not finite, or training diverged", i, errNotFinite)
		}
	}
	return nil
}

func checkEmbed(x matrix.Matrix, w Weights) error {
	if err := checkMatrix("the features", x); err != nil {
		return err
	}
	return w.Check(x.Cols)
}
