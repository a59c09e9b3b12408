package train

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// withHead is a configuration of a head of 5 dimensions on 7 features, which starts at
// random.
func withHead(name string) Config {
	c := settings(4, 3)
	c.Optimizer = config.Optimizer{Name: config.SGD, LR: 1}
	c.Head = config.Head{Name: name, Init: config.Orthogonal, Dim: 5}
	return c
}

// headUnits are the unit outputs of a head with weights w for rows of x, in float64 and
// by the definition.
func headUnits(x matrix.Matrix, w, u, v [][]float64, rows []int) [][]float64 {
	times := func(m [][]float64, x []float64) []float64 {
		y := make([]float64, len(m))
		for i := range m {
			for k, value := range x {
				y[i] += m[i][k] * value
			}
		}
		return y
	}

	var all [][]float64
	for _, row := range rows {
		input := wide64(x.Row(row))
		hidden := times(u, input)
		for k, h := range hidden {
			hidden[k] = max(h, 0)
		}
		out := times(v, hidden)
		for k, r := range times(w, input) {
			out[k] += r
		}
		all = append(all, out)
	}
	return units(all)
}

// One step of SGD moves all weights by their gradients: fourth-order differences of the
// loss of a head in float64. V of the residual head is not 0 there, or U would not move.
func TestHiddenGradients(t *testing.T) {
	x, labels := data(5, 4, 7)
	for _, name := range []string{config.Residual, config.MLP} {
		for _, l := range []struct {
			name   string
			loss   losses.Loss
			traits losses.Traits
		}{{"nca", nca, 0}, {"snr", snr, losses.ReadsVectorMeans}, {"multi_similarity", multiSimilarity, 0}} {
			t.Run(name+"/"+l.name, func(t *testing.T) {
				c := withHead(name)
				c.Traits = l.traits
				if name == config.Residual {
					c.Head.Hidden = 6
				}
				tr := newTrainer(t, c, x, labels, l.loss)
				rng := stream(1, "", "test")
				for k := range tr.w.V.Data {
					tr.w.V.Data[k] += float32(0.3 * rng.NormFloat64())
				}
				for k := range tr.w.U.Data {
					tr.w.U.Data[k] += float32(0.3 * rng.NormFloat64())
				}

				before := tr.Weights()
				s := mustStep(t, tr)
				after := tr.Weights()
				w, u, v := toFloat64(before.W), toFloat64(before.U), toFloat64(before.V)
				loss := func() float64 {
					return valueAt(t, l.loss, headUnits(x, w, u, v, s.Rows), s.Labels)
				}
				if math.Abs(loss()-s.Loss) > 1e-5 {
					t.Fatalf("loss %v, want %v", s.Loss, loss())
				}
				if name == config.Residual {
					wantGradient(t, "∂L/∂W", before.W, after.W, 1, w, loss)
				}
				wantGradient(t, "∂L/∂U", before.U, after.U, 1, u, loss)
				wantGradient(t, "∂L/∂V", before.V, after.V, 1, v, loss)
			})
		}
	}
}

// Every head starts as the linear one, from every init.
func TestHeadsStartAsLinear(t *testing.T) {
	x, labels := data(6, 30, 7)
	for _, init := range []string{config.Identity, config.PCA, config.Orthogonal, config.Whitened} {
		embed := func(name string) (matrix.Matrix, Weights) {
			c := withHead(name)
			c.Head.Init = init
			var err error
			switch init {
			case config.PCA:
				c.Start, err = PCA(x, 5)
			case config.Whitened:
				c.Head.Dim = 0
				c.Start, err = Whitening(x, labels, 0.5)
			}
			if err != nil {
				t.Fatal(err)
			}
			w, err := c.InitialWeights(7)
			if err != nil {
				t.Fatal(err)
			}
			e, err := Embed(x, w)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "the trainer's start", must(t)(newTrainer(t, c, x, labels, nca).Embed(x)), e, 0)
			return e, w
		}

		want, _ := embed(config.Linear)
		e, w := embed(config.Residual)
		near(t, init+": residual", e, want, 0)
		for i := range w.U.Rows {
			for j := range w.U.Rows {
				if got := f32.Dot(w.U.Row(i), w.U.Row(j)); math.Abs(got-map[bool]float64{true: 1}[i == j]) > 1e-6 {
					t.Errorf("rows %d and %d of U have the product %v", i, j, got)
				}
			}
		}
		if init == config.Orthogonal && slices.Equal(w.U.Data, w.W.Data) {
			t.Error("U is W, and would be no other direction")
		}

		e, w = embed(config.MLP)
		near(t, init+": mlp", e, want, 1e-6)
		if w.U.Rows != 2*w.V.Rows || w.W.Rows != 0 {
			t.Errorf("%d hidden units for %d dimensions", w.U.Rows, w.V.Rows)
		}
	}
}

func must(t *testing.T) func(matrix.Matrix, error) matrix.Matrix {
	return func(m matrix.Matrix, err error) matrix.Matrix {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
}

// Training lowers the loss, on any number of cores to the same bits, and the outputs are those of blocks of rows of any size.
func TestHiddenUnitsTrain(t *testing.T) {
	x, labels := data(8, 80, 7)
	for _, name := range []string{config.Residual, config.MLP} {
		run := func(cores int) *Trainer {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
			c := withHead(name)
			c.Optimizer = config.Optimizer{Name: config.Adam, LR: 1e-2}
			tr := newTrainer(t, c, x, labels, nca)
			for range 60 {
				mustStep(t, tr)
			}
			return tr
		}

		one := run(1)
		for cores := 2; cores <= 3; cores++ {
			if !slices.Equal(run(cores).weights, one.weights) {
				t.Errorf("%s: %d cores give other weights than 1", name, cores)
			}
		}

		all := must(t)(one.Embed(x))
		if x.Rows <= outputBlock {
			t.Fatal("the rows are one block")
		}
		for i := range x.Rows {
			near(t, "a row alone", must(t)(one.Embed(x.Slice(i, i+1))), all.Slice(i, i+1), 0)
		}
		start, err := withHead(name).InitialWeights(7)
		if err != nil {
			t.Fatal(err)
		}
		value := func(w Weights) float64 {
			return valueAt(t, nca, headUnits(x, toFloat64(w.W), toFloat64(w.U), toFloat64(w.V), sequence(x.Rows)), labels)
		}
		if first, last := value(start), value(one.Weights()); !(last < first) {
			t.Errorf("%s: the loss went from %v to %v", name, first, last)
		}
	}
}

// Each step first goes back towards the start of all weights.
func TestHiddenDecayToInit(t *testing.T) {
	x, labels := data(6, 5, 7)
	for _, name := range []string{config.Residual, config.MLP} {
		c := withHead(name)
		c.Optimizer.LR = 0.25
		plain := newTrainer(t, c, x, labels, nca)
		c.Head.DecayToInit = 2
		tr := newTrainer(t, c, x, labels, nca)
		start := slices.Clone(tr.weights)
		rng := stream(1, "", "test")
		for k := range tr.weights {
			tr.weights[k] += float32(rng.NormFloat64())
		}
		copy(plain.weights, tr.weights)
		moved := slices.Clone(tr.weights)

		mustStep(t, tr)
		mustStep(t, plain)
		for k, w := range plain.weights {
			want := float64(w) - 0.5*(float64(moved[k])-float64(start[k]))
			if math.Abs(float64(tr.weights[k])-want) > 1e-6 {
				t.Fatalf("%s: weight %d is %v, want %v", name, k, tr.weights[k], want)
			}
		}
	}
}

// Weights that are of no head are refused.
func TestWeightsErrors(t *testing.T) {
	x := normal(stream(1, "", "test"), 3, 4)
	m := matrix.New
	for want, w := range map[string]Weights{
		"fitted on 5 columns, applied to 4":  {W: m(2, 5)},
		"fitted on 3 columns, applied to 4":  {U: m(2, 3), V: m(2, 2)},
		"V 2×3 are of no head":               {U: m(2, 4), V: m(2, 3)},
		"W 3×4, U 2×4 and V 2×2":             {W: m(3, 4), U: m(2, 4), V: m(2, 2)},
		"U 2×4 and V 0×2 are of no head":     {U: m(2, 4), V: m(0, 2)},
		"W 2×4, U 0×0 and V 2×2":             {W: m(2, 4), V: m(2, 2)},
		"the weights U: 0 numbers are not 2": {U: matrix.Matrix{Rows: 2, Cols: 4, Stride: 4}, V: m(2, 2)},
	} {
		_, err := Embed(x, w)
		wantError(t, err, want)
	}
}
