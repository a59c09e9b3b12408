package probe

import (
	"math"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// The total index of c is 0 exactly for weights that a shift of the anchor's row
// leaves alone, and 1 for those of c alone.
func TestEffectsAgainstClosedForms(t *testing.T) {
	for name, want := range map[string]float64{
		"npairs": 0, "nca": 0, "nca.probability": 0, "triplet": 0, "lifted_structure": 0, "lifted_structure.star": 0, "nt_xent": 0,
		"contrastive": 1, "binomial_deviance": 1, "gpw_template": 1,
	} {
		c, err := losses.Choose(losses.Catalogue, name)
		if err != nil {
			t.Fatal(err)
		}
		e, err := MeasureEffects(t.Context(), c, 400, 1)
		if err != nil {
			t.Fatal(err)
		}
		total := e.Negative.On[gpw.S].Total
		if want == 0 && total != (Interval{}) || want == 1 && math.Abs(total.Value-1) > 0.15 {
			t.Errorf("%s: c has the total index %+v, want %v", name, total, want)
		}
		if name == "contrastive" && !e.Positive.Constant {
			t.Errorf("contrastive: the weight of a positive has indices %+v, and is constant", e.Positive)
		}
	}
}

// The ticks and the indices of every preset agree on what is 0: a part has an index that
// is exactly 0 if and only if it has no tick, and the divisor does not count it.
func TestEffectsAgainstTicks(t *testing.T) {
	for _, p := range probed() {
		e, err := MeasureEffects(t.Context(), p.choice, 60, 5)
		if err != nil {
			t.Fatal(err)
		}
		ticks := *p.ticks
		Reconcile(&ticks, e)
		for _, positive := range []bool{true, false} {
			effect := e.Of(positive)
			for g, i := range effect.On {
				tick := ticks.Of(positive).On[g]
				if tick.Sampled > 0 {
					t.Errorf("%s, positive %v: %v has the total index %v and no tick of its own", p.choice.Name(), positive, gpw.Axis(g), i.Total.Value)
				}
				if zero := i.Total == (Interval{}); !effect.Constant && zero == (tick.Depends() || tick.Divisor > 0) {
					t.Errorf("%s, positive %v: %v has the total index %v, and ticks %+v", p.choice.Name(), positive, gpw.Axis(g), i.Total, tick)
				}
			}
		}
	}
}

// A batch-hard hinge closes for a negative where the hardest positive is nearer than it
// by the margin, which hardly any sample meets: few have the negative as the hardest.
// 2,048 rows leave the index of P open up to some hundredths, and 16,384 find it within
// that.
func TestEffectTooRareForSamples(t *testing.T) {
	c, err := losses.Choose(losses.Catalogue, "batch_hard.margin")
	if err != nil {
		t.Fatal(err)
	}
	ticks, err := MeasureDependence(t.Context(), c, 1)
	if err != nil {
		t.Fatal(err)
	}
	var of [2]Index
	for k, n := range []int{2048, 16384} {
		e, err := MeasureEffects(t.Context(), c, n, 1)
		if err != nil {
			t.Fatal(err)
		}
		Reconcile(ticks, e)
		of[k] = e.Negative.On[gpw.P]
	}
	if few, many := of[0].Total, of[1].Total; few.Value != 0 || few.Low != 0 || many.Low <= 0 || few.High < many.High || few.High > 0.1 {
		t.Errorf("the total index of P is %+v from few samples and %+v from many", few, many)
	}
}

// What no batch of the probe met, and a sample did, is a tick.
func TestReconcileTicks(t *testing.T) {
	var ticks DependenceReport
	var e Effects
	e.Positive.Constant = true
	e.Negative.On[gpw.N] = Index{Total: Interval{0.1, 0, 0.2}, Changed: 3, bound: 0.01}
	e.Negative.On[gpw.P].bound = 0.01
	ticks.Positive.On[gpw.P].Changed = 1
	Reconcile(&ticks, &e)
	if !ticks.Negative.On[gpw.N].Depends() || ticks.Negative.On[gpw.P].Depends() || ticks.Negative.On[gpw.N].Sampled != 3 {
		t.Errorf("ticks %+v", ticks.Negative)
	}
	if e.Negative.On[gpw.P].Total != (Interval{}) || e.Positive.On[gpw.P].Total != (Interval{}) {
		t.Errorf("effects %+v", e)
	}
}
