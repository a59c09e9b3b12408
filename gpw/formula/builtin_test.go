package formula_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"gpwbench/gpw/formula"
	"gpwbench/losses"
	"gpwbench/losses/losstest"
)

// A twin is a loss of the catalogue written as formulas.
type twin struct {
	builtin string
	source  formula.Source
	params  []formula.Param
}

var (
	ab  = []formula.Param{{Name: "alpha", Value: 2}, {Name: "beta", Value: 40}}
	abl = append(ab[:2:2], formula.Param{Name: "lambda", Value: 0.5})
	msp = append(abl[:3:3], formula.Param{Name: "eps", Value: 0.1})
)

var values = map[string]twin{
	"ms": {"multi_similarity.weighting", formula.Source{
		Value: "softplus(lse_pos(-alpha*(s - lambda)))/alpha + softplus(lse_neg(beta*(s - lambda)))/beta",
	}, abl},
	"ms_mined": {"multi_similarity.official", formula.Source{
		Value:        "softplus(lse_pos(-alpha*(s - lambda)))/alpha + softplus(lse_neg(beta*(s - lambda)))/beta",
		MinePositive: "s < max_neg(s) + eps", MineNegative: "s > min_pos(s) - eps",
	}, msp},
	"ms_paper": {"multi_similarity.paper", formula.Source{
		Value:        "log(1 + sum_pos(exp(-alpha*(s - lambda))))/alpha + log1p(sum_neg(exp(beta*(s - lambda))))/beta",
		MinePositive: "s < max_neg(s) + eps", MineNegative: "s > min_pos(s) - eps",
	}, []formula.Param{{Name: "alpha", Value: 2}, {Name: "beta", Value: 50}, {Name: "lambda", Value: 1}, {Name: "eps", Value: 0.1}}},
	"binomial": {"binomial_deviance.gpw", formula.Source{
		Value: "mean_pos(softplus(alpha*(lambda - s))) + mean_neg(softplus(beta*(s - lambda)))",
	}, abl},
	"lifted":      {"lifted_structure.gpw", formula.Source{Value: "relu(lambda + lse_pos(-s) + lse_neg(s))"}, abl[2:]},
	"lifted_star": {"lifted_structure.star", formula.Source{Value: "2/alpha*lse_pos(-alpha*s) + 2/beta*lse_neg(beta*s)"}, ab},
	"contrastive": {"contrastive.gpw", formula.Source{Value: "sum_pos(1 - s) + sum_neg(relu(s - lambda))"}, abl[2:]},
}

var weights = map[string]twin{
	"ms": {"multi_similarity.weighting", formula.Source{
		Positive: "exp(-alpha*(s - lambda) - softplus(lse_pos(-alpha*(s - lambda))))",
		Negative: "exp(beta*(s - lambda) - softplus(lse_neg(beta*(s - lambda))))",
	}, abl},
	"ms_mined": {"multi_similarity.official", formula.Source{
		Positive:     "exp(-alpha*(s - lambda))/(1 + sum_pos(exp(-alpha*(s - lambda))))",
		Negative:     "exp(beta*(s - lambda))/(1 + sum_neg(exp(beta*(s - lambda))))",
		MinePositive: "s < max_neg(s) + eps", MineNegative: "s > min_pos(s) - eps",
	}, msp},
	"binomial": {"binomial_deviance.gpw", formula.Source{
		Positive: "alpha*sigmoid(alpha*(lambda - s))/count_pos",
		Negative: "beta*sigmoid(beta*(s - lambda))/count_neg",
	}, abl},
	"lifted": {"lifted_structure.gpw", formula.Source{
		Positive: "if(lambda + lse_pos(-s) + lse_neg(s) > 0, exp(-s - lse_pos(-s)), 0)",
		Negative: "if(lambda + lse_pos(-s) + lse_neg(s) > 0, exp(s - lse_neg(s)), 0)",
	}, abl[2:]},
}

func TestValuesAreTheBuiltIns(t *testing.T) {
	for name, w := range values {
		t.Run(name, func(t *testing.T) { w.compare(t, true) })
	}
}

func TestWeightsAreTheBuiltIns(t *testing.T) {
	for name, w := range weights {
		t.Run(name, func(t *testing.T) { w.compare(t, false) })
	}
}

// compare holds G, and L where the formula is a value, against the loss of the catalogue, to 1e-12 of the larger of 1 and what it is.
func (w twin) compare(t *testing.T, value bool) {
	l, err := formula.New(w.source, w.params)
	if err != nil {
		t.Fatal(err)
	}
	want := builtin(t, w.builtin)
	for name, b := range batches(t) {
		n := b.Anchors() * b.Candidates()
		g, h := make([]float64, n), make([]float64, n)
		got, should := losses.Mean(l).Eval(b, g), want.Eval(b, h)
		if value && !(math.Abs(got-should) <= 1e-12*max(1, math.Abs(should))) {
			t.Errorf("%s: L = %.17g, want %.17g", name, got, should)
		}
		frozen := 0.0
		for k := range g {
			if !(math.Abs(g[k]-h[k]) <= 1e-12*max(1, math.Abs(h[k]))) {
				t.Errorf("%s: G = %.17g at %d, %d, want %.17g", name, g[k], k/b.Candidates(), k%b.Candidates(), h[k])
				break
			}
			frozen += g[k] * b.S(k/b.Candidates(), k%b.Candidates())
		}
		if !value && !(math.Abs(got-frozen) <= 1e-12*max(1, math.Abs(frozen))) {
			t.Errorf("%s: L = %.17g, and ΣG·S = %.17g", name, got, frozen)
		}
	}
}

func builtin(t testing.TB, name string) losses.Loss {
	c, err := losses.Choose(losses.Catalogue, name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := c.Loss()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// batches are the goldens' ordinary and degenerate ones, random ones with and without ties, and rectangular ones.
func batches(t *testing.T) map[string]*losses.Batch {
	var goldens struct {
		Batches, Degenerate map[string]struct {
			X      [][]float64
			Labels []int
		}
	}
	text, err := os.ReadFile("../../losses/testdata/goldens.json")
	if err != nil {
		t.Fatal(err)
	}
	var keys struct {
		Degenerate json.RawMessage `json:"degenerate_batches"`
	}
	for _, err := range []error{json.Unmarshal(text, &goldens), json.Unmarshal(text, &keys), json.Unmarshal(keys.Degenerate, &goldens.Degenerate)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]*losses.Batch{}
	add := func(name string, s []float64, anchors, candidates []int) {
		b, err := losses.NewCross(s, anchors, candidates, nil)
		if len(anchors) == len(candidates) {
			b, err = losses.NewBatch(s, anchors)
		}
		if err != nil {
			t.Fatal(err)
		}
		all[name] = b
	}
	for name, g := range goldens.Batches {
		add(name, gram(g.X), g.Labels, g.Labels)
	}
	for name, g := range goldens.Degenerate {
		add(name, gram(g.X), g.Labels, g.Labels)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for k := range 40 {
		m, n := 1+rng.IntN(12), 1+rng.IntN(12)
		classes := 1 + rng.IntN(5)
		anchors, candidates := make([]int, m), make([]int, n)
		for i := range anchors {
			anchors[i] = rng.IntN(classes)
		}
		for j := range candidates {
			candidates[j] = rng.IntN(classes)
		}
		s := make([]float64, m*n)
		for i := range s {
			s[i] = 2*rng.Float64() - 1
			if k%2 == 0 {
				s[i] = math.Round(4*s[i]) / 4
			}
		}
		add("random "+string(rune('a'+k)), s, anchors, candidates)
	}
	if len(goldens.Batches) != 2 || len(goldens.Degenerate) != 5 {
		t.Fatalf("%d golden batches, %d degenerate ones", len(goldens.Batches), len(goldens.Degenerate))
	}
	return all
}

func gram(x [][]float64) []float64 {
	var s []float64
	for _, a := range x {
		for _, b := range x {
			dot := 0.0
			for k := range a {
				dot += a[k] * b[k]
			}
			s = append(s, dot)
		}
	}
	return s
}

// TestContract: a formula keeps the contract of every loss.
func TestContract(t *testing.T) {
	for form, list := range map[string]map[string]twin{"value ": values, "weights ": weights} {
		for name, w := range list {
			t.Run(form+name, func(t *testing.T) {
				l, err := formula.New(w.source, w.params)
				if err != nil {
					t.Fatal(err)
				}
				spec := losses.Spec{Name: "mine", Traits: l.Traits()}
				if l.Weighs() {
					spec.Traits |= losses.WeightDefined
				}
				c := losses.Choice{Spec: &spec, Preset: "formula", Value: l}
				for _, choice := range []losses.Choice{c, losstest.Vary(c, 1)} {
					if err := losstest.Err(losstest.Check(choice, 1)); err != nil {
						t.Errorf("%s: %v", choice.Caption(), err)
					}
				}
			})
		}
	}
}
