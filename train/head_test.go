package train

import (
	"math"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

func TestInitialWeights(t *testing.T) {
	start := &Linear{Mean: []float32{9, 9, 9}, W: rowsOf([]float32{1, 2, 3}, []float32{4, 5, 6}, []float32{7, 8, 9})}
	for _, c := range []struct {
		name   string
		config HeadConfig
		want   matrix.Matrix
	}{
		{"square", HeadConfig{Init: "identity"}, rowsOf([]float32{1, 0, 0}, []float32{0, 1, 0}, []float32{0, 0, 1})},
		{"first features", HeadConfig{Init: "identity", Dim: 2}, rowsOf([]float32{1, 0, 0}, []float32{0, 1, 0})},
		{"pca", HeadConfig{Init: "pca", Dim: 2, Start: start}, start.W.Slice(0, 2)},
		{"whitened", HeadConfig{Init: "whitened", Start: start}, start.W},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := c.config.initialWeights(3, stream(1, "", "head"))
			if err != nil {
				t.Fatal(err)
			}
			near(t, "weights", w, c.want, 0)
			w.Data[0] = -1
			if start.W.Data[0] != 1 {
				t.Error("training would change the map that was prepared for all runs")
			}
		})
	}
}

func TestOrthogonal(t *testing.T) {
	draw := func(dim int, seed uint64, key string) matrix.Matrix {
		w, err := HeadConfig{Init: "orthogonal", Dim: dim}.initialWeights(70, stream(seed, key, "head"))
		if err != nil {
			t.Fatal(err)
		}
		return w
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
		if same := f32.Dot(draw(40, 1, "a").Data, other.Data) / 40; math.Abs(same) > 0.1 { // the standard deviation is 0.02
			t.Errorf("another seed, or other data, gives nearly the same rows: mean product %v", same)
		}
	}
	// No direction is likelier than another: the mean of 300 first rows is about 300^−½ = 0.06 long.
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
	square := &Linear{W: matrix.New(3, 3)}
	for _, c := range []struct {
		name   string
		config HeadConfig
		want   string
	}{
		{"unknown", HeadConfig{Init: "zeros"}, `unknown head.init "zeros": use identity, pca, orthogonal or whitened`},
		{"too many", HeadConfig{Init: "orthogonal", Dim: 4}, "head.dim is 4 for 3 features: take 1 to 3"},
		{"negative", HeadConfig{Init: "identity", Dim: -1}, "head.dim is -1"},
		{"decay", HeadConfig{Init: "identity", DecayToInit: -1}, "head.decay_to_init is -1"},
		{"no map", HeadConfig{Init: "pca"}, "head.init pca needs a fitted map"},
		{"small map", HeadConfig{Init: "pca", Start: &Linear{W: matrix.New(2, 3)}}, "map of 3 features to 2, and the head of 3 to 3"},
		{"other map", HeadConfig{Init: "whitened", Start: &Linear{W: matrix.New(4, 4)}}, "map of 4 features to 4"},
		{"part of a whitening", HeadConfig{Init: "whitened", Dim: 2, Start: square}, "a whitened start keeps all 3 features"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.config.initialWeights(3, stream(1, "", "head"))
			wantError(t, err, c.want)
		})
	}
}
