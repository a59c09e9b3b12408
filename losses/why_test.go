package losses_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gpwbench/losses"
)

// undefined is NaN for an anchor with a negative above 0.5.
type undefined struct{}

func (undefined) EvalAnchor(a *losses.Anchor) (sum, terms float64) {
	for _, s := range a.Neg {
		if s > 0.5 {
			return math.NaN(), 1
		}
	}
	return 0, 1
}

func (undefined) ExplainAnchor(a *losses.Anchor) string {
	for k, s := range a.Neg {
		if s > 0.5 {
			return fmt.Sprintf("negative %d of %d has %v", k, len(a.Neg), s)
		}
	}
	return ""
}

// TestWhy: the reason is that of the pairs that the loss sees, behind whatever miner.
func TestWhy(t *testing.T) {
	b, err := losses.NewCross([]float64{0.1, 0.2, 0.3, 0.1, 0.7, -0.4}, []int{0, 0}, []int{0, 1, 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := make([]float64, 6)
	for _, c := range []struct {
		value any
		miner losses.Miner
		want  string
	}{
		{undefined{}, nil, "anchor 1: negative 0 of 2 has 0.7"},
		{undefined{}, losses.MultiSimilarityMiner{Eps: 0.1}, "anchor 1: negative 0 of 1 has 0.7"},
		{undefined{}, losses.HardFractionMiner{Fraction: 0.25}, "anchor 1: negative 0 of 1 has 0.7"},
		{losses.Contrastive{Lambda: 0.5}, nil, ""},
	} {
		l, err := losses.Choice{Spec: &losses.Spec{Name: "x"}, Value: c.value, Miner: c.miner}.Loss()
		if err != nil {
			t.Fatal(err)
		}
		if value := l.Eval(b, g); math.IsNaN(value) != (c.want != "") {
			t.Errorf("%T with %T: L = %v", c.value, c.miner, value)
		}
		if got := losses.ExplainNonFinite(l, b); got != c.want {
			t.Errorf("%T with %T: %q, want %q", c.value, c.miner, got, c.want)
		}
	}
}

// given has L and G as given.
type given struct {
	value float64
	g     []float64
}

func (l given) Eval(_ *losses.Batch, g []float64) float64 {
	copy(g, l.g)
	return l.value
}

// TestCheckFinite: nothing that is not finite passes, be it L or one G, and each has a
// reason; sums beyond the largest number of what is finite are none.
func TestCheckFinite(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	b, err := losses.NewCross([]float64{0.1, 0.2, 0.3, -0.4}, []int{0, 0}, []int{0, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		l    given
		want string // "" for what is finite
	}{
		{given{1, []float64{1, -2, 3, 0}}, ""},
		{given{1, []float64{1e308, 1e308, -1e308, 1e308}}, ""},
		{given{nan, []float64{1, 2, 3, 4}}, "loss NaN: G is finite, and the sum over the anchors is not"},
		{given{inf, []float64{1, 2, 3, 4}}, "loss +Inf: G is finite, and the sum over the anchors is not"},
		{given{0, []float64{1, 2, 3, nan}}, "gradient NaN: G = NaN for anchor 1 and candidate 1, S = −0.4"},
		{given{0, []float64{1, -inf, inf, 0}}, "gradient -Inf: G = −∞ for anchor 0 and candidate 1, S = 0.2"},
		{given{nan, []float64{1, nan, inf, 0}}, "loss NaN: G = NaN for anchor 0 and candidate 1, S = 0.2"},
	} {
		g := make([]float64, 4)
		got := ""
		if n := losses.CheckFinite(c.l, b, c.l.Eval(b, g), g); n != nil {
			got = fmt.Sprintf("%s %v: %s", n.Part, n.Value, n.Why)
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.l, got, c.want)
		}
	}
}

// TestExtremeParameters: every parameter of every preset at the ends of what numbers of
// 64 bits hold, and of its domain, gives a finite L and G, or an error with a reason.
func TestExtremeParameters(t *testing.T) {
	s := []float64{1, 0.8, 0.1, -0.3, 0.8, 1, 0.4, 0, 0.1, 0.4, 1, 0.6, -0.3, 0, 0.6, 1}
	b, err := losses.NewBatch(s, []int{0, 0, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	b.SetMeans(make([]float64, 4), make([]float64, 4))
	refused := 0
	for k := range losses.Catalogue {
		spec := &losses.Catalogue[k]
		for _, p := range spec.Presets {
			for _, q := range losses.Parameters(p.Value) {
				if _, ok := q.Value.(float64); !ok {
					continue
				}
				for _, v := range []float64{1e308, 1e-308, 1e-310, 1e-300, 5e-324} {
					moved, err := losses.With(p.Value, q.Name, v)
					if err != nil {
						continue // outside its domain
					}
					c := losses.Choice{Spec: spec, Preset: p.Name, Value: moved}
					l, err := c.Loss()
					if err != nil {
						t.Fatal(err)
					}
					g := make([]float64, len(s))
					value := l.Eval(b, g)
					sum := value
					for _, v := range g {
						sum += 0 * v // NaN where G is not finite
					}
					err = c.CheckFinite(l, b, value, g, "here")
					if math.IsNaN(sum-sum) != (err != nil) {
						t.Errorf("%s with %s = %v: error %v", c.Name(), q.Name, v, err)
					}
					if err == nil {
						continue
					}
					refused++
					if !strings.Contains(err.Error(), " here: ") || !strings.Contains(err.Error(), q.Name+" = "+losses.Number(v)) {
						t.Errorf("%s with %s = %v: the error is %q, which does not name it", c.Name(), q.Name, v, err)
					}
				}
			}
		}
	}
	if refused == 0 {
		t.Error("no parameter was beyond what a loss can serve: this holds nothing")
	}
}
