package losses_test

import (
	"math"
	"testing"

	"gpwbench/losses"
)

// A choice without a Spec has no loss, and its words say so.
func TestChoiceWithoutSpec(t *testing.T) {
	for _, c := range []losses.Choice{{}, {Value: losses.Contrastive{Lambda: 0.5}}, {Preset: "gpw", Value: losses.Contrastive{}, Miner: losses.BatchHardMiner{}}} {
		if _, err := c.Loss(); err == nil {
			t.Errorf("%+v has a loss", c)
		}
		if c.Name() != "no loss" || c.Form() != "" {
			t.Errorf("%+v has the name %q and the form %q", c, c.Name(), c.Form())
		}
		c.Traits()
		c.Caption()
		if c.CheckBatch(nil) == nil {
			t.Errorf("%+v takes no batch for one", c)
		}
	}
}

// CheckBatch refuses what Eval would panic on, of every preset.
func TestCheckBatch(t *testing.T) {
	s, labels := []float64{1, 0.5, 0.5, 1}, []int{0, 0}
	square, err := losses.NewBatch(s, labels)
	if err != nil {
		t.Fatal(err)
	}
	cross, err := losses.NewCross(s, labels, labels, nil)
	if err != nil {
		t.Fatal(err)
	}

	for k := range losses.Catalogue {
		spec := &losses.Catalogue[k]
		for _, p := range spec.Presets {
			c := losses.Choice{Spec: spec, Preset: p.Name, Value: p.Value, Miner: p.Miner}
			for _, b := range []*losses.Batch{nil, square, cross} {
				if panics := evalPanics(t, c, b); panics != (c.CheckBatch(b) != nil) {
					t.Errorf("%s: Eval panics: %v, error %v", c.Name(), panics, c.CheckBatch(b))
				}
			}
		}
	}
}

func evalPanics(t *testing.T, c losses.Choice, b *losses.Batch) (panics bool) {
	l, err := c.Loss()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { panics = recover() != nil }()
	l.Eval(b, make([]float64, 4))
	return false
}

func TestAxisString(t *testing.T) {
	for a, want := range map[losses.Axis]string{losses.S: "S", losses.X: "X", -1: "Axis(-1)", 4: "Axis(4)"} {
		if a.String() != want {
			t.Errorf("axis %d is %s, want %s", int(a), a, want)
		}
	}
}

// What is not finite is told of a gradient that fits no batch too.
func TestCheckFiniteWithoutBatch(t *testing.T) {
	for _, b := range []*losses.Batch{nil, {}} {
		if n := losses.CheckFinite(nil, b, 0, []float64{0, math.NaN()}); n == nil || n.Why != "G = NaN at place 1" {
			t.Errorf("%+v", n)
		}
	}
}
