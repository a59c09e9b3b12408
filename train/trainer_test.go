package train

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

var (
	contrastive     = losses.Mean(losses.Contrastive{Lambda: 0.5})
	nca             = losses.Mean(losses.NCA{Scale: 4})
	snr, _          = losses.SNRContrastive{PosMargin: 0, NegMargin: 1.5}.New(nil)
	multiSimilarity = losses.MeanMined(losses.MultiSimilarityMiner{Eps: 0.1}, losses.MultiSimilarity{Alpha: 2, Beta: 40, Lambda: 0.5})
)

// data returns normal features of classes of perClass rows, whose first coordinates tell
// the class.
func data(classes, perClass, features int) (matrix.Matrix, []int) {
	x := normal(rand.New(rand.NewPCG(11, 12)), classes*perClass, features)
	labels := make([]int, x.Rows)
	for i := range labels {
		labels[i] = i / perClass
		x.Row(i)[labels[i]%features] += 2
	}
	return x, labels
}

func settings(classes, perClass int) Config {
	return Config{
		Head:      config.Head{Name: "linear", Init: "identity"},
		Sampler:   config.Sampler{Name: "m_per_class", Classes: classes, PerClass: perClass},
		Optimizer: config.Optimizer{Name: "adam", LR: 1e-2},
		DataKey:   "checksum",
		Seed:      3,
	}
}

func newTrainer(t *testing.T, c Config, x matrix.Matrix, labels []int, l losses.Loss) *Trainer {
	t.Helper()
	tr, err := New(c, x, labels, l)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func mustStep(t *testing.T, tr *Trainer) Step {
	t.Helper()
	s, err := tr.Step()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// similarities is S of the rows of x under the head w, in float64 and by the definitions.
func similarities(x matrix.Matrix, w [][]float64, rows []int) []float64 {
	e := embedUnits(x, w, rows)
	return products(e, e)
}

func value(t *testing.T, l losses.Loss, s []float64, labels []int) (float64, []float64) {
	t.Helper()
	b, err := losses.NewBatch(s, labels)
	if err != nil {
		t.Fatal(err)
	}
	g := make([]float64, len(s))
	return l.Eval(b, g), g
}

// valueAt is the loss of the embeddings e, compared with themselves.
func valueAt(t *testing.T, l losses.Loss, e [][]float64, labels []int) float64 {
	t.Helper()
	return crossValue(t, l, e, e, labels, labels, sequence(len(e)))
}

// One step of SGD of rate lr moves W by −lr·∂L/∂W. The loss of a head in float64 is
// differentiated by fourth-order differences. So the reference has nothing in common
// with the step but the loss's value.
func TestGradient(t *testing.T) {
	x, labels := data(5, 4, 7)
	for _, c := range []struct {
		name   string
		loss   losses.Loss
		dim    int
		traits losses.Traits
	}{
		{"contrastive", contrastive, 0, 0}, {"nca", nca, 4, 0}, {"multi_similarity", multiSimilarity, 5, 0}, {"histogram", losses.Histogram{Bins: 10}, 0, 0},
		{"snr", snr, 0, losses.ReadsVectorMeans}, {"snr", snr, 5, losses.ReadsVectorMeans},
	} {
		t.Run(c.name, func(t *testing.T) {
			const lr = 1.0
			settings := settings(4, 3)
			settings.Optimizer = config.Optimizer{Name: "sgd", LR: lr}
			settings.Head.Init, settings.Head.Dim, settings.Traits = "orthogonal", c.dim, c.traits
			tr := newTrainer(t, settings, x, labels, c.loss)
			before := tr.Weights().W
			s := mustStep(t, tr)
			after := tr.Weights().W

			w := toFloat64(before)
			want := similarities(x, w, s.Rows)
			for k, v := range s.S {
				if math.Abs(v-want[k]) > 1e-6 {
					t.Fatalf("S[%d] = %v, want %v", k, v, want[k])
				}
			}
			loss := valueAt(t, c.loss, embedUnits(x, w, s.Rows), s.Labels)
			if math.Abs(s.Loss-loss) > 1e-5 {
				t.Errorf("loss %v, want %v", s.Loss, loss)
			}

			gradient, largest := matrix.New(before.Rows, before.Cols), 0.0
			for i := range w {
				for k, v := range w[i] {
					at := func(h float64) float64 {
						w[i][k] = v + h
						return valueAt(t, c.loss, embedUnits(x, w, s.Rows), s.Labels)
					}
					const h = 1e-4
					d := (at(-2*h) - 8*at(-h) + 8*at(h) - at(2*h)) / (12 * h)
					w[i][k] = v
					gradient.Row(i)[k] = float32(d)
					largest = max(largest, math.Abs(d))
				}
			}
			if largest < 1e-3 {
				t.Fatalf("the largest derivative is %v: nothing is tested", largest)
			}
			moved := matrix.New(before.Rows, before.Cols)
			for k, v := range before.Data {
				moved.Data[k] = (v - after.Data[k]) / lr
			}
			near(t, "∂L/∂W", moved, gradient, 2e-5*max(1, largest))
		})
	}
}

// Two classes of two vectors in the plane, contrastive with λ = 0.5, the identity, SGD
// at rate 1. By hand: E is X, and the angles are 0°, 90°, 45° and 180°. Positives are
// (0°, 90°) and (45°, 180°). Negatives above 0.5 are (0°, 45°) and (90°, 45°) with S =
// √½. So with r = √½,
//
//	L = (1/4)·(2·(1 − 0) + 2·(1 + r) + 4·(r − 0.5)) = (2 + 6r)/4
//
// and G + Gᵀ is −½ for positives and +½ for these negatives. ∂L/∂E without its part
// along E is
//
//	0°:    −½·(0, 1) + ½·(r, r), without its part along (1, 0): (0, (r − 1)/2)
//	90°:   ((r − 1)/2, 0)
//	45°:   ½·(1, 0) + ½·(0, 1) + ½·(1, 0) = (1, ½), of which 1.5·r is along (r, r):
//	       (1 − ¾, ½ − ¾) = (¼, −¼)
//	180°:  −½·(r, r), of which (0, −r/2) is left
//
// With the lengths 1, 1, 1 and 1, ∂L/∂W = Σ ∂L/∂R_i·X_iᵀ.
func TestStepByHand(t *testing.T) {
	const r = math.Sqrt2 / 2
	x := rowsOf([]float32{1, 0}, []float32{0, 1}, []float32{r, r}, []float32{-1, 0})
	labels := []int{0, 0, 1, 1}
	// With longer features embeddings are as before, and ∂L/∂R is a quarter, times
	// features of four.
	for _, length := range []float32{1, 4} {
		c := settings(2, 2)
		c.Optimizer = config.Optimizer{Name: "sgd", LR: 1}
		long := x.Clone()

		for k := range long.Data {
			long.Data[k] *= length
		}
		tr := newTrainer(t, c, long, labels, contrastive)
		s := mustStep(t, tr)
		if want := (2 + 6*r) / 4; math.Abs(s.Loss-want) > 1e-6 {
			t.Errorf("loss %v, want %v", s.Loss, want)
		}

		want := rowsOf(
			// 1 − [0·1 + (r−1)/2·0 + ¼·r + 0·(−1)], −[0·0 + (r−1)/2·1 + ¼·r + 0]
			[]float32{1 - r/4, -((r-1)/2 + r/4)},
			// −[(r−1)/2·1 + 0 − ¼·r + (−r/2)·(−1)], 1 − [0 + 0 − ¼·r + 0]
			[]float32{-((r-1)/2 - r/4 + r/2), 1 + r/4},
		)
		near(t, "weights", tr.Weights().W, want, 1e-6)
	}
}

// The G that is shown is the G that trained: of the batch's own S, and in the same
// memory.
func TestStepShowsItsGradient(t *testing.T) {
	x, labels := data(6, 5, 8)
	tr := newTrainer(t, settings(4, 3), x, labels, multiSimilarity)
	for i := range 3 {
		s := mustStep(t, tr)
		if s.Index != i {
			t.Errorf("step %d has the index %d", i, s.Index)
		}

		loss, g := value(t, multiSimilarity, s.S, s.Labels)
		if loss != s.Loss || !slices.Equal(g, s.G) {
			t.Errorf("step %d: the loss and G are not those of its S", i)
		}

		for k, row := range s.Rows {
			if labels[row] != s.Labels[k] {
				t.Errorf("step %d: row %d has the label %d, want %d", i, row, s.Labels[k], labels[row])
			}
		}
	}
}

// Batches are the same for every loss, optimizer and head, and differ between seeds and
// data sets.
func TestBatchesIgnoreTheLoss(t *testing.T) {
	x, labels := data(9, 6, 5)
	rows := func(c Config, l losses.Loss) []int {
		tr := newTrainer(t, c, x, labels, l)
		var all []int

		for range 4 {
			all = append(all, mustStep(t, tr).Rows...)
		}
		return all
	}

	c := settings(4, 3)
	want := rows(c, contrastive)
	other := c
	other.Head, other.Optimizer = config.Head{Name: "linear", Init: "orthogonal", Dim: 3}, config.Optimizer{Name: "sgd", LR: 0.1}
	if !slices.Equal(rows(other, nca), want) {
		t.Error("another loss, head and optimizer see other batches")
	}

	other = c
	other.Seed++
	if slices.Equal(rows(other, contrastive), want) {
		t.Error("another seed sees the same batches")
	}

	other = c
	other.DataKey = "another"
	if slices.Equal(rows(other, contrastive), want) {
		t.Error("another data set sees the same batches")
	}
}

func TestTrainingLowersTheLoss(t *testing.T) {
	x, labels := data(8, 6, 12)
	for _, optimizer := range []config.Optimizer{{Name: "sgd", LR: 1, Momentum: 0.9}, {Name: "adam", LR: 1e-2}, {Name: "adamw", LR: 1e-2, WeightDecay: 0.01}} {
		c := settings(8, 6) // the whole data set
		c.Optimizer = optimizer
		tr := newTrainer(t, c, x, labels, nca)
		first := mustStep(t, tr).Loss

		for range 50 {
			mustStep(t, tr)
		}
		if last := mustStep(t, tr).Loss; !(last < 0.5*first) {
			t.Errorf("%s: the loss goes from %v to %v, want less than half", optimizer.Name, first, last)
		}
	}
}

// With lr·decay = 1 each step forgets all before it: W = W₀ − lr·∂L/∂W.
func TestDecayToInit(t *testing.T) {
	x, labels := data(4, 3, 5)
	c := settings(4, 3) // the whole data set: all steps but the order of rows are alike
	c.Optimizer = config.Optimizer{Name: "sgd", LR: 0.25}
	distance := func(decay float64) float64 {
		c.Head.DecayToInit = decay
		tr := newTrainer(t, c, x, labels, contrastive)
		start := tr.Weights().W

		for range 30 {
			mustStep(t, tr)
		}
		sum := 0.0

		for k, v := range tr.Weights().W.Data {
			d := float64(v - start.Data[k])
			sum += d * d
		}
		return math.Sqrt(sum)
	}

	free, pulled, held := distance(0), distance(0.4), distance(4)
	if !(held < pulled && pulled < free) {
		t.Errorf("30 steps move the weights by %v, %v and %v with a decay of 0, 0.4 and 4: want it to fall", free, pulled, held)
	}

	c.Head.DecayToInit = 4
	tr := newTrainer(t, c, x, labels, contrastive)
	start := tr.Weights().W
	for range 2 {
		before := tr.Weights().W
		s := mustStep(t, tr)
		g := weightGradient(t, x, before, s)
		want := start.Clone()

		for k := range want.Data {
			want.Data[k] -= 0.25 * g.Data[k]
		}
		near(t, "weights", tr.Weights().W, want, 1e-6)
	}
}

// weightGradient is ∂L/∂W of a step on the rows of x that started from the weights w.
func weightGradient(t *testing.T, x, w matrix.Matrix, s Step) matrix.Matrix {
	t.Helper()
	head, e := newHeadGraph(len(s.Rows), Weights{W: w}, x.Cols), matrix.New(len(s.Rows), w.Rows)
	f32.Gather(head.x, x, s.Rows)
	head.forward(e, Weights{W: w})
	lengths := make([]float64, len(s.Rows))
	if err := normalizeRows(e, lengths); err != nil {
		t.Fatal(err)
	}

	newInBatch(len(s.Rows)).backward(head.dr, e, &s)
	backThroughLength(head.dr, e, lengths)
	head.backward(Weights{W: w})
	return head.dw.W
}

func TestHeadNone(t *testing.T) {
	x, labels := data(4, 3, 5)
	c := settings(3, 2)
	c.Head, c.Optimizer = config.Head{Name: "none"}, config.Optimizer{}
	tr := newTrainer(t, c, x, labels, contrastive)
	s := mustStep(t, tr)
	want := similarities(x, [][]float64{{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 1, 0, 0}, {0, 0, 0, 1, 0}, {0, 0, 0, 0, 1}}, s.Rows)

	for k, v := range s.S {
		if math.Abs(v-want[k]) > 1e-6 {
			t.Fatalf("S[%d] = %v, want %v", k, v, want[k])
		}
	}

	if tr.Weights().W.Rows != 0 {
		t.Errorf("%d rows of weights, want none", tr.Weights().W.Rows)
	}
	e, err := tr.Embed(x)
	if err != nil {
		t.Fatal(err)
	}

	near(t, "embeddings", e, x, 0)
}

func TestEmbed(t *testing.T) {
	x, labels := data(4, 30, 6)
	c := settings(3, 2)
	c.Head = config.Head{Name: "linear", Init: "orthogonal", Dim: 4}
	tr := newTrainer(t, c, x, labels, contrastive)
	e, err := tr.Embed(x)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "embeddings", e, apply(t, &Linear{W: tr.Weights().W}, x), 0)
	_, err = tr.Embed(matrix.New(1, 5))
	wantError(t, err, "fitted on 6 columns, applied to 5")
}

// The shapes are such that products are divided among cores.
func TestSameBytesOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	x, labels := data(30, 6, 200)
	run := func(cores int) ([]float32, []float32, []float32) {
		runtime.GOMAXPROCS(cores)
		whitening, err := Whitening(x, labels, 0.5)
		if err != nil {
			t.Fatal(err)
		}

		pca, err := PCA(x, 100)
		if err != nil {
			t.Fatal(err)
		}

		c := settings(26, 5)
		c.Head = config.Head{Name: "linear", Init: "orthogonal", Dim: 150, DecayToInit: 0.1}
		tr := newTrainer(t, c, x, labels, multiSimilarity)
		for range 4 {
			mustStep(t, tr)
		}
		return tr.Weights().W.Data, whitening.W.Data, pca.W.Data
	}

	weights, whitening, pca := run(1)
	for _, cores := range []int{2, 8} {
		w, white, p := run(cores)
		if !slices.Equal(w, weights) || !slices.Equal(white, whitening) || !slices.Equal(p, pca) {
			t.Errorf("%d cores give other numbers than 1", cores)
		}
	}
}

// The shapes are below those that products divide among goroutines, which allocate.
func TestStepDoesNotAllocate(t *testing.T) {
	x, labels := data(6, 5, 8)
	for _, l := range []losses.Loss{contrastive, nca, multiSimilarity} {
		tr := newTrainer(t, settings(4, 3), x, labels, l)
		for range 3 {
			mustStep(t, tr)
		}

		if n := testing.AllocsPerRun(10, func() { mustStep(t, tr) }); n > 0 {
			t.Errorf("%T: %v allocations a step", l, n)
		}
	}

	for name, edit := range map[string]func(*Config){
		"memory":   func(c *Config) { c.Memory = config.Memory{Name: "xbm", Size: 20} },
		"proxies":  func(c *Config) { c.Proxies = config.Proxies{PerClass: 1, LR: 1e-2} },
		"residual": func(c *Config) { c.Head.Name = config.Residual },
		"mlp":      func(c *Config) { c.Head.Name = config.MLP },
		"average":  func(c *Config) { c.Average.Decay = 0.9 },
		"augment":  func(c *Config) { c.Augment = config.Augment{Dropout: 0.1, Noise: 0.1, Mix: 0.5} },
	} {
		c := settings(4, 3)
		edit(&c)
		tr := newTrainer(t, c, x, labels, contrastive)

		for range 3 {
			mustStep(t, tr)
		}
		if n := testing.AllocsPerRun(10, func() { mustStep(t, tr) }); n > 0 {
			t.Errorf("%s: %v allocations a step", name, n)
		}
	}
}

func TestStepErrors(t *testing.T) {
	x, labels := data(4, 3, 5)
	t.Run("zero row", func(t *testing.T) {
		zero := x.Clone()
		clear(zero.Row(7))
		c := settings(4, 3) // all rows are in the batch
		_, err := newTrainer(t, c, zero, labels, contrastive).Step()
		wantError(t, err, "step 0", "training row 7", "all zeros")
		_, err = newTrainer(t, c, x, labels, contrastive).Embed(zero)
		wantError(t, err, "embed: row 7", "all zeros")
	})

	t.Run("diverged", func(t *testing.T) {
		c := settings(4, 3)
		c.Optimizer = config.Optimizer{Name: "sgd", LR: 1e38}
		large := x.Clone() // so that W·x is beyond float32

		for k := range large.Data {
			large.Data[k] *= 1e6
		}
		tr := newTrainer(t, c, large, labels, contrastive)
		var err error

		for range 5 {
			if _, err = tr.Step(); err != nil {
				break
			}
		}

		wantError(t, err, "step ", "not finite", "lower optimizer.lr than 1e+38")
	})
	t.Run("loss", func(t *testing.T) {
		_, err := newTrainer(t, settings(4, 3), x, labels, broken(math.NaN())).Step()
		wantError(t, err, "step 0", "the loss is NaN", "lower optimizer.lr than 0.01")
		c := settings(4, 3)
		c.Head = config.Head{Name: "none"}
		_, err = newTrainer(t, c, x, labels, broken(math.Inf(1))).Step()
		wantError(t, err, "the loss is +Inf", "scales in the loss's parameters")
		_, err = newTrainer(t, settings(4, 3), x, labels, steep{}).Step()
		wantError(t, err, "step 0", "the gradient is +Inf: G = ∞ for anchor 0 and candidate 1, S = ", "lower optimizer.lr than 0.01")
	})
}

// steep is a finite loss whose gradient is not.
type steep struct{}

func (steep) Eval(_ *losses.Batch, g []float64) float64 {
	clear(g)
	g[1] = math.Inf(1)
	return 1
}

// broken is a loss of that value and no gradient.
type broken float64

func (b broken) Eval(_ *losses.Batch, g []float64) float64 {
	clear(g)
	return float64(b)
}

func TestNewErrors(t *testing.T) {
	x, labels := data(4, 3, 5)
	for _, c := range []struct {
		name string
		x    matrix.Matrix
		y    []int
		edit func(*Config)
		want string
	}{
		{"empty", matrix.Matrix{}, nil, func(*Config) {}, "0×0"},
		{"labels", x, labels[1:], func(*Config) {}, "12 rows of training features, but 11 labels"},
		{"NaN", rowsOf([]float32{1, float32(math.NaN())}), []int{0}, func(*Config) {}, "row 0 of the training features holds NaN in column 1"},
		{"head", x, labels, func(c *Config) { c.Head.Name = "cnn" }, `unknown head "cnn": use none, linear, residual or mlp`},
		{"dim of none", x, labels, func(c *Config) { c.Head = config.Head{Name: "none", Dim: 2} }, "dim belongs to linear"},
		{"init", x, labels, func(c *Config) { c.Head.Init = "" }, `unknown head.init ""`},
		{"sampler", x, labels, func(c *Config) { c.Sampler.Classes = 9 }, "the training split has 4"},
		{"optimizer", x, labels, func(c *Config) { c.Optimizer.Name = "lbfgs" }, `unknown optimizer "lbfgs"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			settings := settings(2, 2)
			c.edit(&settings)
			_, err := New(settings, c.x, c.y, contrastive)
			wantError(t, err, c.want)
		})
	}
}
