package train

import (
	"math"
	"testing"

	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// overlapping is six classes of four rows that overlap, so that every loss has something
// to do.
func overlapping() (matrix.Matrix, []int) { return data(6, 4, 8) }

// everything returns a configuration whose batches are all rows of overlapping.
func everything() Config {
	c := settings(6, 4)
	c.Head.Init = "orthogonal"
	return c
}

func forEachPreset(t *testing.T, f func(t *testing.T, choice losses.Choice, loss losses.Loss)) {
	t.Helper()
	for _, spec := range losses.Catalogue {
		for _, p := range spec.Presets {
			t.Run(spec.Name+"."+p.Name, func(t *testing.T) {
				choice, err := losses.Choose(losses.Catalogue, spec.Name+"."+p.Name)
				if err != nil {
					t.Fatal(err)
				}
				loss, err := choice.Loss()
				if err != nil {
					t.Fatal(err)
				}
				f(t, choice, loss)
			})
		}
	}
}

// gradientSize returns the largest element of ∂L/∂W at the start of training.
func gradientSize(t *testing.T, c Config, x matrix.Matrix, labels []int, loss losses.Loss) float64 {
	t.Helper()
	c.Optimizer = config.Optimizer{Name: "sgd", LR: 1}
	tr := newTrainer(t, c, x, labels, loss)
	before := tr.Weights().W
	mustStep(t, tr)
	size := 0.0
	for k, v := range tr.Weights().W.Data {
		size = max(size, math.Abs(float64(v-before.Data[k])))
	}
	return size
}

// One step of SGD that moves no weight by more than a thousandth lowers F = ΣG·S, G
// frozen. That is the form in which General Pair Weighting sees a step (Wang et al.,
// CVPR 2019, eq. 2), here through the head. The value plays no part in it, so it holds
// for every loss. F is computed in float64.
func TestEveryLossLowersF(t *testing.T) {
	x, labels := overlapping()
	forEachPreset(t, func(t *testing.T, choice losses.Choice, loss losses.Loss) {
		c := everything()
		c.Traits = choice.Traits()
		size := gradientSize(t, c, x, labels, loss)
		if size < 1e-6 {
			t.Fatalf("the largest derivative is %v: the problem does not try the loss", size)
		}

		c.Optimizer = config.Optimizer{Name: "sgd", LR: 1e-3 / size}
		tr := newTrainer(t, c, x, labels, loss)
		before := tr.Weights().W
		mustStep(t, tr)
		s := tr.Whole()
		change := 0.0
		from, to := similarities(x, toFloat64(before), s.Rows), similarities(x, toFloat64(tr.Weights().W), s.Rows)

		for k, g := range s.G {
			change += g * (to[k] - from[k])
		}
		if !(change < 0) {
			t.Errorf("a step changes F by %v", change)
		}
	})
}

// One step of SGD that moves no weight by more than a hundred-thousandth lowers L
// itself, in float64, of every loss whose G is its derivative. A divisor that counts
// hardly changes on so short a way. The loss's own parameters are not moved.
func TestEveryLossLowersL(t *testing.T) {
	x, labels := overlapping()
	asked := 0
	forEachPreset(t, func(t *testing.T, choice losses.Choice, loss losses.Loss) {
		if choice.Traits()&losses.Detached != 0 {
			return
		}

		asked++
		c := everything()
		c.Traits = choice.Traits()
		size := gradientSize(t, c, x, labels, loss)
		c.Optimizer = config.Optimizer{Name: "sgd", LR: 1e-5 / size}
		tr := newTrainer(t, c, x, labels, loss)
		tr.learner = nil
		before := tr.Weights().W
		mustStep(t, tr)
		at := func(w matrix.Matrix) float64 {
			return valueAt(t, loss, embedUnits(x, toFloat64(w), sequence(len(labels))), labels)
		}

		if first, last := at(before), at(tr.Weights().W); !(last < first) {
			t.Errorf("L = %v, after a step %v", first, last)
		}
	})
	if asked == 0 {
		t.Error("no loss was tested")
	}
}

// The optimizers of the tests that train for 50 steps; sgd's rate is for gradients of
// size 1.
var trainingOptimizers = []config.Optimizer{
	{Name: "sgd", LR: 0.01},
	{Name: "adam", LR: 0.003},
	{Name: "adamw", LR: 0.003, WeightDecay: 0.01},
}

// Fifty steps with each optimizer lower the loss of all rows. This holds also for losses
// of which part is held constant, or whose divisor counts.
func TestEveryLossTrains(t *testing.T) {
	x, labels := overlapping()
	forEachPreset(t, func(t *testing.T, choice losses.Choice, loss losses.Loss) {
		c := everything()
		c.Traits = choice.Traits()
		size := gradientSize(t, c, x, labels, loss)

		for _, optimizer := range trainingOptimizers {
			c.Optimizer = optimizer
			if optimizer.Name == "sgd" {
				c.Optimizer.LR /= size
			}
			if first, last := fifty(t, newTrainer(t, c, x, labels, loss), loss); !(last < first) {
				t.Errorf("%s: L = %v, after fifty steps %v", optimizer.Name, first, last)
			}
		}
	})
}

// fifty returns the loss of all rows of overlapping, compared with themselves, before
// and after fifty steps.
func fifty(t *testing.T, tr *Trainer, loss losses.Loss) (first, last float64) {
	t.Helper()
	at := func() float64 {
		return valueAt(t, loss, embedUnits(tr.features, toFloat64(tr.Weights().W), sequence(len(tr.labels))), tr.labels)
	}
	first = at()
	for range 50 {
		mustStep(t, tr)
	}
	return first, at()
}

// Fifty steps with a memory of two and a half batches lower the loss of all rows too, of
// every loss that takes candidates other than the batch. The others are refused.
func TestEveryLossTrainsWithMemory(t *testing.T) {
	x, labels := overlapping()
	rectangular, square := 0, 0
	forEachPreset(t, func(t *testing.T, choice losses.Choice, loss losses.Loss) {
		c := everything()
		c.Optimizer = config.Optimizer{Name: "adam", LR: 0.003}
		c.Memory = config.Memory{Name: "xbm", Size: 60, Warmup: 5}
		c.Relation, c.Traits = choice.Spec.Relation, choice.Traits()
		if c.Relation == losses.Square {
			square++
			_, err := New(c, x, labels, loss)
			wantError(t, err, "it takes the batch only")
			return
		}

		rectangular++
		if first, last := fifty(t, newTrainer(t, c, x, labels, loss), loss); !(last < first) {
			t.Errorf("L = %v, after fifty steps %v", first, last)
		}
	})
	if rectangular == 0 || square == 0 {
		t.Errorf("%d presets trained with a memory, %d refused: want some of each", rectangular, square)
	}
}

// Head and proxies together lower the loss of all rows, with each optimizer.
func TestEveryComparatorTrains(t *testing.T) {
	x, labels := overlapping()
	for _, c := range comparators(t) {
		t.Run(c.name, func(t *testing.T) {
			settings := everything()
			settings.Proxies, settings.ProxyAnchors = c.proxies, c.anchors
			size := gradientSize(t, settings, x, labels, c.loss)
			for _, optimizer := range trainingOptimizers {
				settings.Optimizer = optimizer
				if optimizer.Name == "sgd" {
					settings.Optimizer.LR /= size
				}
				settings.Proxies.LR = 10 * settings.Optimizer.LR
				tr := newTrainer(t, settings, x, labels, c.loss)
				first := mustStep(t, tr).Loss
				for range 49 {
					mustStep(t, tr)
				}
				if last := mustStep(t, tr).Loss; !(last < first) {
					t.Errorf("%s: L = %v, after fifty steps %v", optimizer.Name, first, last)
				}
			}
		})
	}
}
