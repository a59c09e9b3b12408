package train

import (
	"math"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// linear is the configuration of a linear head.
func linear(init string, dim int, start *Linear) Config {
	return Config{Head: config.Head{Name: config.Linear, Init: init, Dim: dim}, Start: start}
}

func TestInitialWeights(t *testing.T) {
	start := &Linear{
		Mean: []float32{9, 9, 9},
		W:    rowsOf([]float32{1, 2, 3}, []float32{4, 5, 6}, []float32{7, 8, 9}),
	}

	identity := rowsOf([]float32{1, 0, 0}, []float32{0, 1, 0}, []float32{0, 0, 1})
	for _, c := range []struct {
		name   string
		config Config
		want   matrix.Matrix
	}{
		{"square", linear(config.Identity, 0, nil), identity},
		{"first features", linear(config.Identity, 2, nil), identity.Slice(0, 2)},
		{"pca", linear(config.PCA, 2, start), start.W.Slice(0, 2)},
		{"whitened", linear(config.Whitened, 0, start), start.W},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := c.config.InitialWeights(3)
			if err != nil {
				t.Fatal(err)
			}

			near(t, "weights", w.W, c.want, 0)
			w.W.Data[0] = -1
			if start.W.Data[0] != 1 {
				t.Error("training would change the map that was prepared for all runs")
			}
		})
	}
}

func TestOrthogonal(t *testing.T) {
	draw := func(dim int, seed uint64, key string) matrix.Matrix {
		c := linear(config.Orthogonal, dim, nil)
		c.Seed, c.DataKey = seed, key
		w, err := c.InitialWeights(70)
		if err != nil {
			t.Fatal(err)
		}
		return w.W
	}

	for _, dim := range []int{1, 40, 70} {
		w := draw(dim, 1, "a")
		for i := range dim {
			for j := range dim {
				want := 0.0
				if i == j {
					want = 1
				}
				if got := f32.Dot(w.Row(i), w.Row(j)); math.Abs(got-want) > 1e-6 {
					t.Fatalf("dim %d: rows %d and %d have the product %v, want %v", dim, i, j, got, want)
				}
			}
		}
	}

	near(t, "the same seed and data", draw(40, 1, "a"), draw(40, 1, "a"), 0)
	for _, other := range []matrix.Matrix{draw(40, 2, "a"), draw(40, 1, "b")} {
		// The standard deviation is 0.02.
		if same := f32.Dot(draw(40, 1, "a").Data, other.Data) / 40; math.Abs(same) > 0.1 {
			t.Errorf("another seed, or other data, gives nearly the same rows: mean product %v", same)
		}
	}

	// No direction is likelier than another: the mean of 300 first rows is about 300^−½
	// = 0.06 long.
	sum := make([]float64, 70)
	for seed := range uint64(300) {
		for k, v := range draw(2, seed, "a").Row(0) {
			sum[k] += float64(v) / 300
		}
	}

	length := 0.0
	for _, v := range sum {
		length += v * v
	}

	if length > 0.01 {
		t.Errorf("the mean of 300 first rows has the squared length %v, want about 1/300", length)
	}
}

func TestHeadErrors(t *testing.T) {
	map3 := func(rows, cols int) *Linear { return &Linear{W: matrix.New(rows, cols)} }
	decaying := linear(config.Identity, 0, nil)
	decaying.Head.DecayToInit = -1
	broken := &Linear{W: matrix.Matrix{Rows: 3, Cols: 3, Stride: 3}}

	for _, c := range []struct {
		name   string
		config Config
		want   string
	}{
		{"unknown", linear("zeros", 0, nil),
			`unknown head.init "zeros": use identity, pca, orthogonal or whitened`},
		{"too many", linear(config.Orthogonal, 4, nil), "head.dim is 4 for 3 features: take 1 to 3"},
		{"negative", linear(config.Identity, -1, nil), "head.dim is -1"},
		{"decay", decaying, "head.decay_to_init is -1: it must be 0 or more"},
		{"no map", linear(config.PCA, 0, nil), "head.init pca needs a fitted map"},
		{"small map", linear(config.PCA, 0, map3(2, 3)),
			"map of 3 features to 2, and the head of 3 to 3"},
		{"other map", linear(config.Whitened, 0, map3(3, 4)), "map of 4 features to 3"},
		{"part of a whitening", linear(config.Whitened, 2, map3(3, 3)),
			"head.init whitened is a map to 3 dimensions, and the head one to 2"},
		{"no numbers", linear(config.PCA, 0, broken), "0 numbers are not 3×3"},
		{"none", Config{Head: config.Head{Name: config.None, Dim: 2}},
			`head.dim is 2, but dim belongs to linear, residual or mlp, not to "none": leave it out`},
		{"hidden of linear", Config{Head: config.Head{Name: config.Linear, Init: config.Identity, Hidden: 2}},
			`head.hidden is 2, but hidden belongs to residual, not to "linear": leave it out`},
		{"hidden of mlp", Config{Head: config.Head{Name: config.MLP, Init: config.Identity, Hidden: 2}},
			`head.hidden is 2, but hidden belongs to residual, not to "mlp": leave it out`},
		{"too many hidden", Config{Head: config.Head{Name: config.Residual, Init: config.Identity, Hidden: 4}},
			"head.hidden is 4 for 3 features: take 1 to 3"},
		{"mlp too wide", Config{Head: config.Head{Name: config.MLP, Init: config.Identity, Dim: 4}},
			"head.dim is 4 for 3 features: take 1 to 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.config.InitialWeights(3)
			wantError(t, err, c.want)
		})
	}
}
