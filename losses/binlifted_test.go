package losses

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestScaledBinLifted: value and gradient are the means of those of the two halves.
func TestScaledBinLifted(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	labels := []int{0, 1, 0, 2, 1, 0, 3}
	s := make([]float64, len(labels)*len(labels))
	for k := range s {
		s[k] = 2*rng.Float64() - 1
	}
	half, g := evaluate(t, Mean(BinLifted{2, 40, 0.5, true}), s, labels)
	binomial, gBinomial := evaluate(t, Mean(BinomialDeviance{2, 40, 0.5, true}), s, labels)
	lifted, gLifted := evaluate(t, Mean(LiftedStar{2, 40}), s, labels)
	if want := (binomial + lifted) / 2; math.Abs(half-want) > 1e-15 {
		t.Errorf("L = %v, want %v", half, want)
	}
	for k, v := range g {
		if want := (gBinomial[k] + gLifted[k]) / 2; math.Abs(v-want) > 1e-15 {
			t.Fatalf("G = %v at %d, want %v", v, k, want)
		}
	}
}

// TestAblationRows: every row of the ablation of Wang et al., CVPR 2019, has a name, on
// one scale and as the authors' earlier code has it. On one scale all weights of a side
// of an anchor lie between 0 and 2.
func TestAblationRows(t *testing.T) {
	scaled := []string{
		"binomial_deviance.scaled", "lifted_structure.star", "multi_similarity.mining_only", "binlifted.scaled",
		"multi_similarity.weighting", "multi_similarity.mined_binomial", "multi_similarity.mined_lifted", "multi_similarity.official",
	}
	asInTheCode := map[string]string{ // where the code's row is another
		"binomial_deviance.scaled": "binomial_deviance.deep_metric",
		"lifted_structure.star":    "lifted_structure.deep_metric",
		"binlifted.scaled":         "binlifted.deep_metric",
	}
	batch := readGoldens(t).Batches["B"]
	heaviest := func(name string) float64 {
		_, g := evaluate(t, lossOf(t, name, nil, nil), flat(batch.S), batch.Labels)
		m, top := len(batch.Labels), 0.0
		for i := range m {
			pos, neg := 0.0, 0.0
			for _, v := range g[i*m : (i+1)*m] {
				pos, neg = pos-float64(m)*min(v, 0), neg+float64(m)*max(v, 0)
			}
			top = max(top, pos, neg)
		}
		return top
	}
	for _, name := range scaled {
		if top := heaviest(name); top == 0 || top > 2+1e-12 {
			t.Errorf("%s: a side of an anchor weighs %v, want more than 0 and at most 2", name, top)
		}
		if other := asInTheCode[name]; other != "" && heaviest(other) == 0 {
			t.Errorf("%s has no weights", other)
		}
	}
	if top := heaviest("binomial_deviance.deep_metric"); top < 10 {
		t.Errorf("without prefactors a side weighs %v, want near β = 40", top)
	}
}
