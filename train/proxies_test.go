package train

import (
	"math"
	"slices"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/train/config"
)

// comparator is a preset of losses.ProxyLosses with the proxies that it needs.
type comparator struct {
	name    string
	loss    losses.Loss
	proxies config.Proxies
	anchors bool // the proxies are the anchors
}

func comparators(t *testing.T) (all []comparator) {
	t.Helper()
	for _, spec := range losses.ProxyLosses {
		for _, p := range spec.Presets {
			name := spec.Name + "." + p.Name
			choice, err := losses.Choose(losses.ProxyLosses, name)
			if err != nil {
				t.Fatal(err)
			}
			loss, err := choice.Loss()
			if err != nil {
				t.Fatal(err)
			}
			c := comparator{name: name, loss: loss, proxies: config.Proxies{PerClass: 1, LR: 1}}
			_, c.anchors = choice.Value.(losses.ProxyAnchor)
			if spec.Name == "soft_triple" {
				c.proxies.PerClass = 2
			}
			all = append(all, c)
		}
	}
	return all
}

// crossed is the proxies' S of embeddings e, as the loss needs it.
func (c comparator) crossed(e, p [][]float64) []float64 {
	if c.anchors {
		return products(p, e)
	}
	return products(e, p)
}

// In one step of SGD the weights move by ∂L/∂W and the proxies by ∂L/∂V, each at its
// rate. Of five classes four are in the batch.
func TestProxyGradients(t *testing.T) {
	x, labels := data(5, 4, 7)
	for _, c := range comparators(t) {
		t.Run(c.name, func(t *testing.T) {
			settings := settings(4, 3)
			settings.Head.Init, settings.Head.Dim = "orthogonal", 5
			settings.Optimizer = config.Optimizer{Name: "sgd", LR: 0.125}
			settings.Proxies, settings.ProxyAnchors = c.proxies, c.anchors
			settings.Proxies.LR = 0.25
			tr := newTrainer(t, settings, x, labels, c.loss)
			bank := tr.objective.candidates.(*proxies)
			for k := range bank.v.Data { // longer than 1, as after some steps
				bank.v.Data[k] *= 1.5
			}
			before, proxiesBefore := tr.Weights().W, bank.v.Clone()
			s := mustStep(t, tr)

			w, v := toFloat64(before), toFloat64(proxiesBefore)
			value := func() float64 {
				e, p := embedUnits(x, w, s.Rows), units(v)
				if c.anchors {
					e, p = p, e
				}
				return crossValue(t, c.loss, e, p, s.Anchors, s.Candidates, nil)
			}
			if want := value(); math.Abs(s.Loss-want) > 1e-5*max(1, math.Abs(want)) {
				t.Errorf("loss %v, want %v", s.Loss, want)
			}
			for k, want := range c.crossed(embedUnits(x, w, s.Rows), units(v)) {
				if math.Abs(s.S[k]-want) > 1e-6 {
					t.Fatalf("S[%d] = %v, want %v", k, s.S[k], want)
				}
			}
			wantGradient(t, "∂L/∂W", before, tr.Weights().W, 0.125, w, value)
			wantGradient(t, "∂L/∂V", proxiesBefore, bank.v, 0.25, v, value)
		})
	}
}

// What a step shows is what the loss saw. The proxies have the classes of the training
// rows, also those that the batch has not.
func TestProxyStep(t *testing.T) {
	x, labels := data(5, 4, 7)
	for i := range labels {
		labels[i] = 10*labels[i] - 20
	}

	for _, c := range comparators(t) {
		settings := settings(3, 2)
		settings.Proxies, settings.ProxyAnchors = c.proxies, c.anchors
		tr := newTrainer(t, settings, x, labels, c.loss)

		for range 3 {
			s := mustStep(t, tr)
			proxies, rows := s.Candidates, s.Anchors
			if c.anchors {
				proxies, rows = rows, proxies
			}
			var want []int
			for _, class := range []int{-20, -10, 0, 10, 20} {
				want = append(want, slices.Repeat([]int{class}, c.proxies.PerClass)...)
			}
			if !slices.Equal(proxies, want) || !slices.Equal(rows, s.Labels) || s.Self != nil {
				t.Fatalf("%s: proxies of %v, rows of %v, self %v", c.name, proxies, rows, s.Self)
			}
			b, err := losses.NewCross(s.S, s.Anchors, s.Candidates, s.Self)
			if err != nil {
				t.Fatal(err)
			}
			g := make([]float64, len(s.S))
			if loss := c.loss.Eval(b, g); loss != s.Loss || !slices.Equal(g, s.G) {
				t.Errorf("%s: the loss and G are not those of its S", c.name)
			}
		}
	}
}

// Proxies start as unit vectors that depend on the data set and the seed alone. Batches
// and head are as they are without them.
func TestProxyStart(t *testing.T) {
	x, labels := data(5, 4, 7)
	start := func(seed uint64, key string) (*proxies, Step) {
		c := settings(3, 2)
		c.Seed, c.DataKey, c.Proxies = seed, key, config.Proxies{PerClass: 2, LR: 1}
		tr := newTrainer(t, c, x, labels, contrastive)
		p := tr.objective.candidates.(*proxies)
		v := *p
		v.v = p.v.Clone()
		return &v, mustStep(t, tr)
	}

	p, step := start(3, "checksum")
	for j := range p.v.Rows {
		if length := f32.Dot(p.v.Row(j), p.v.Row(j)); math.Abs(length-1) > 1e-6 {
			t.Errorf("proxy %d starts with the squared length %v", j, length)
		}
	}

	again, _ := start(3, "checksum")
	near(t, "the same seed and data", again.v, p.v, 0)
	for _, other := range []func() (*proxies, Step){
		func() (*proxies, Step) { return start(4, "checksum") },
		func() (*proxies, Step) { return start(3, "another") },
	} {
		if o, _ := other(); slices.Equal(o.v.Data, p.v.Data) {
			t.Error("another seed, or other data, gives the same proxies")
		}
	}

	head, row := stream(3, "checksum", "head"), make([]float32, p.v.Cols)
	for k := range row {
		row[k] = float32(head.NormFloat64())
	}

	normalize(row)
	if slices.Equal(row, p.v.Row(0)) {
		t.Error("the proxies start as a random head does")
	}

	plain := mustStep(t, newTrainer(t, settings(3, 2), x, labels, contrastive))
	if !slices.Equal(plain.Rows, step.Rows) {
		t.Error("a run with proxies sees other batches")
	}
}

// With head none nothing is trained, and so the proxies are not.
func TestProxiesOfHeadNone(t *testing.T) {
	x, labels := data(5, 4, 7)
	c := settings(5, 4)
	c.Head, c.Optimizer, c.Proxies = config.Head{Name: "none"}, config.Optimizer{}, config.Proxies{PerClass: 1, LR: 1}
	tr := newTrainer(t, c, x, labels, contrastive)
	before := tr.objective.candidates.(*proxies).v.Clone()
	mustStep(t, tr)
	near(t, "proxies", tr.objective.candidates.(*proxies).v, before, 0)
}

func TestProxyErrors(t *testing.T) {
	x, labels := data(5, 4, 7)
	for _, c := range []struct {
		name string
		edit func(*Config)
		want string
	}{
		{"number", func(c *Config) { c.Proxies.PerClass = -1 }, "proxies.per_class is -1"},
		{"rate", func(c *Config) { c.Proxies.LR = 0 }, "proxies.lr is 0: it must be above 0"},
		{"NaN", func(c *Config) { c.Proxies.LR = math.NaN() }, "proxies.lr is NaN"},
		{"vectors", func(c *Config) { c.Traits = losses.ReadsVectorMeans }, "proxies learn through S only: leave proxies out"},
		{"square", func(c *Config) { c.Relation = losses.Square }, "leave memory and proxies out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			settings := settings(3, 2)
			settings.Proxies = config.Proxies{PerClass: 1, LR: 1}
			c.edit(&settings)
			_, err := New(settings, x, labels, contrastive)
			wantError(t, err, c.want)
		})
	}

	t.Run("diverged", func(t *testing.T) {
		c := settings(5, 4)
		c.Optimizer = config.Optimizer{Name: "sgd", LR: 1e-3}
		c.Proxies = config.Proxies{PerClass: 1, LR: 1e38}
		tr := newTrainer(t, c, x, labels, losses.Mean(losses.NTXent{Temperature: 1e-3}))
		var err error

		for range 20 {
			if _, err = tr.Step(); err != nil {
				break
			}
		}

		wantError(t, err, "embeddings must be finite", "lower optimizer.lr than 0.001 or proxies.lr than 1e+38")
	})
}
