package gpw

import (
	"math"
	"testing"

	"gpwbench/losses"
)

// The total index of c is 0 exactly for weights that a shift of the anchor's row leaves alone, and 1 for those of c alone.
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
		total := e.Negative.On[PartS].Total
		if want == 0 && total != (Interval{}) || want == 1 && math.Abs(total.Value-1) > 0.15 {
			t.Errorf("%s: c has the total index %+v, want %v", name, total, want)
		}
		if name == "contrastive" && !e.Positive.Constant {
			t.Errorf("contrastive: the weight of a positive has indices %+v, and is constant", e.Positive)
		}
	}
}

// A group with a total index above 0 has a tick, or the divisor counts.
func TestEffectsAgainstTicks(t *testing.T) {
	for _, p := range probed() {
		e, err := MeasureEffects(t.Context(), p.choice, 60, 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, positive := range []bool{true, false} {
			for g, i := range e.Of(positive).On {
				tick := p.ticks.Of(positive).On[g]
				if i.Total.Value > 0 && !tick.Depends() && tick.Divisor == 0 {
					t.Errorf("%s, positive %v: %v has the total index %v and no tick", p.choice.Name(), positive, Part(g), i.Total.Value)
				}
			}
		}
	}
}
