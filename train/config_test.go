package train

import (
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"testing"

	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// bytesTest compares what a trainer allocates with what Bytes says.
type bytesTest struct {
	*testing.T
	x       matrix.Matrix
	labels  []int
	classes int
}

func newBytesTest(t *testing.T) bytesTest {
	const rows, features, classes = 1200, 96, 8
	rng := rand.New(rand.NewPCG(1, 2))
	x, labels := matrix.New(rows, features), make([]int, rows)
	for k := range x.Data {
		x.Data[k] = float32(rng.NormFloat64())
	}
	for i := range labels {
		labels[i] = i * classes / rows
	}
	return bytesTest{t, x, labels, classes}
}

// allocated are the bytes that the first two steps allocate, by the runtime's own count.
func (t bytesTest) allocated(what string, c Config, loss losses.Loss) float64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	tr, err := New(c, t.x, t.labels, loss)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for range 2 {
		if _, err := tr.Step(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		tr.Whole()
	}
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}

// check refuses unless what is allocated is at most what Bytes says, and at least a
// fifth: a bound that is far from the truth would refuse what fits. 80 KiB are for what
// does not grow with a product of sizes: the rows of every class, and the check of the
// settings.
func (t bytesTest) check(what string, c Config, loss losses.Loss) {
	t.Helper()
	t.allocated(what, c, loss) // makes the buffers
	took, said := t.allocated(what, c, loss), c.Bytes(t.x.Cols, t.classes)
	t.Logf("%-24s %8.0f of %8.0f", what, took, said)
	if took > said+80<<10 || took < said/5 {
		t.Errorf("%s: %.0f bytes were allocated, and Bytes says %.0f", what, took, said)
	}
}

func TestBytes(t *testing.T) {
	// Products share buffers, which a collection and a processor that is new to them
	// allocate again.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))

	b := newBytesTest(t)
	base := Config{
		Head:      config.DefaultHead(config.Linear),
		Sampler:   config.Sampler{Name: config.MPerClass, Classes: 8, PerClass: 40},
		Optimizer: config.Optimizer{Name: config.Adam, LR: 1e-3},
	}
	for _, spec := range append(losses.Catalogue, losses.ProxyLosses...) {
		choice, err := losses.Choose([]losses.Spec{spec}, spec.Name)
		if err != nil {
			t.Fatal(err)
		}
		loss, err := choice.Loss()
		if err != nil {
			t.Fatal(err)
		}

		c := base
		c.Relation, c.Traits = spec.Relation, choice.Traits()
		if spec.Family == losses.Proxies {
			c.Proxies = config.Proxies{PerClass: 40, LR: 1e-2}
			_, c.ProxyAnchors = choice.Value.(losses.ProxyAnchor)
		}
		b.check(spec.Name, c, loss)
	}

	sgd := config.Optimizer{Name: config.SGD, LR: 1e-3, Momentum: 0.9}
	bank := config.Memory{Name: config.XBM, Size: 5000}
	for name, change := range map[string]func(*Config){
		"sgd":        func(c *Config) { c.Optimizer = sgd },
		"orthogonal": func(c *Config) { c.Head.Init, c.Sampler.PerClass = config.Orthogonal, 2 },
		"decay":      func(c *Config) { c.Head.DecayToInit, c.Sampler.PerClass = 1, 2 },
		"average":    func(c *Config) { c.Average.Decay, c.Sampler.PerClass = 0.9, 2 },
		"residual":   func(c *Config) { c.Head.Name, c.Head.Hidden, c.Sampler.PerClass = config.Residual, 90, 2 },
		"mlp":        func(c *Config) { c.Head.Name, c.Average.Decay, c.Sampler.PerClass = config.MLP, 0.9, 2 },
		"no head":    func(c *Config) { c.Head = config.Head{Name: config.None} },
		"memory":     func(c *Config) { c.Memory, c.Sampler.PerClass = bank, 4 },
		"small head": func(c *Config) { c.Head.Dim = 8 },
		"large":      func(c *Config) { c.Sampler.PerClass = 150 },
	} {
		c := base
		change(&c)
		b.check(name, c, losses.Mean(losses.Contrastive{Lambda: 0.5}))
	}
}

// Bytes counts what an integer would not.
func TestBytesOfManyPairs(t *testing.T) {
	c := Config{Sampler: config.Sampler{Classes: 1e7, PerClass: 1e7}}
	if b := c.Bytes(1, 1); !(b > 1e28) {
		t.Errorf("%v bytes, want those of 10²⁸ pairs", b)
	}
}
