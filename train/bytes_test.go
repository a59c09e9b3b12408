package train

import (
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"testing"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// What a trainer allocates in its first steps, by the runtime's own count, is at most
// what Bytes says, and at least a fifth: a bound that is far from the truth would refuse
// what fits. 64 KiB are for what does not grow with a product of sizes.
func TestBytes(t *testing.T) {
	// Products share buffers, which a collection and a processor that is new to them
	// allocate again.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))

	const rows, features, classes = 1200, 96, 8
	rng := rand.New(rand.NewPCG(1, 2))
	x, labels := matrix.New(rows, features), make([]int, rows)
	for k := range x.Data {
		x.Data[k] = float32(rng.NormFloat64())
	}
	for i := range labels {
		labels[i] = i * classes / rows
	}
	base := Config{
		Head: HeadConfig{Name: "linear", Init: "identity"}, Sampler: SamplerConfig{Name: "m_per_class", Classes: 8, PerClass: 40},
		Optimizer: OptimizerConfig{Name: "adam", LR: 1e-3},
	}
	steps := func(what string, c Config, loss losses.Loss) float64 {
		t.Helper()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		tr, err := New(c, x, labels, loss)
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
	check := func(what string, c Config, loss losses.Loss) {
		t.Helper()
		steps(what, c, loss) // makes the buffers
		took, said := steps(what, c, loss), c.Bytes(features, classes)
		t.Logf("%-24s %8.0f of %8.0f", what, took, said)
		if took > said+1<<16 || took < said/5 {
			t.Errorf("%s: %.0f bytes were allocated, and Bytes says %.0f", what, took, said)
		}
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
			_, anchors := choice.Value.(losses.ProxyAnchor)
			c.Proxies = ProxyConfig{PerClass: 40, LR: 1e-2, Anchors: anchors}
		}
		check(spec.Name, c, loss)
	}

	loss := losses.Mean(losses.Contrastive{Lambda: 0.5})
	for name, change := range map[string]func(*Config){
		"sgd":        func(c *Config) { c.Optimizer = OptimizerConfig{Name: "sgd", LR: 1e-3, Momentum: 0.9} },
		"orthogonal": func(c *Config) { c.Head.Init, c.Sampler.PerClass = "orthogonal", 2 },
		"decay":      func(c *Config) { c.Head.DecayToInit, c.Sampler.PerClass = 1, 2 },
		"no head":    func(c *Config) { c.Head = HeadConfig{Name: "none"} },
		"memory":     func(c *Config) { c.Memory, c.Sampler.PerClass = MemoryConfig{Name: "xbm", Size: 5000}, 4 },
		"small head": func(c *Config) { c.Head.Dim = 8 },
		"large":      func(c *Config) { c.Sampler.PerClass = 150 },
	} {
		c := base
		change(&c)
		check(name, c, loss)
	}
	if b := (Config{Sampler: SamplerConfig{Classes: 1e7, PerClass: 1e7}}).Bytes(1, 1); !(b > 1e28) {
		t.Errorf("%v bytes, want those of 10²⁸ pairs", b)
	}
}
