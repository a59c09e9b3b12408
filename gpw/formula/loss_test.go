package formula

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gpwbench/losses"
)

// Every error names the formula and the byte, and says what is wrong.
func TestErrors(t *testing.T) {
	params := []Param{{"alpha", 2}}
	for _, c := range []struct {
		source Source
		params []Param
		want   string
	}{
		{Source{Value: "sum_neg(s"}, nil, "formula: value, character 1: sum_neg( is never closed"},
		{Source{Value: "sum_neg(s))"}, nil, `formula: value, character 11: ")" stands where an operator should stand`},
		{Source{Value: "sum_neg(s) +"}, nil, "formula: value, character 13: the formula ends where a number, a name or a function should stand"},
		{Source{Value: "sum_neg(s) s"}, nil, `formula: value, character 12: "s" stands where an operator should stand`},
		{Source{Value: "sum_neg(s, )"}, nil, `formula: value, character 12: ")" stands where a number, a name or a function should stand`},
		{Source{Value: "sum_neg(s − 1)"}, nil, `formula: value, character 11: '−' is not of the grammar; write -`},
		{Source{Value: "sum_neg(s**2)"}, nil, "formula: value, character 10: ** is written ^ here"},
		{Source{Value: "sum_neg(+s)"}, nil, "formula: value, character 9: a number has no + before it"},
		{Source{Value: "sum_neg(s) # 1"}, nil, `formula: value, character 12: '#' is not of the grammar`},
		{Source{Value: "1e999*sum_neg(s)"}, nil, "formula: value, character 1: 1e999 is not a number that a float64 holds"},
		{Source{Value: " "}, nil, "formula: value, character 1: the formula is empty"},
		{Source{Value: "s + 1"}, nil, "formula: value, character 1: s is the similarity of a pair, and no pair is meant here; put it into a sum or the like, such as sum_neg(s)"},
		{Source{Value: "sum_neg(x)"}, nil, `formula: value, character 9: unknown name "x"; known: s, count_pos, count_neg`},
		{Source{Value: "sum_neg(alhpa*s)"}, params, `formula: value, character 9: unknown name "alhpa"; known: s, count_pos, count_neg, alpha`},
		{Source{Value: "total_neg(s)"}, nil, `formula: value, character 1: unknown function "total_neg"; known: abs, `},
		{Source{Value: "sum_neg(alpha(s))"}, params, "formula: value, character 9: alpha is a parameter and not a function; write * to multiply"},
		{Source{Value: "sum_neg"}, nil, "formula: value, character 1: sum_neg is a function; write what it is of in parentheses"},
		{Source{Value: "sum_neg(exp(s, 2))"}, nil, "formula: value, character 9: exp has 2 arguments; write exp(x)"},
		{Source{Value: "sum_neg(max(s))"}, nil, "formula: value, character 9: max has 1 arguments; write max(x, y, …)"},
		{Source{Value: "sum_neg()"}, nil, "formula: value, character 1: sum_neg has 0 arguments; write sum_neg(x)"},
		{Source{Value: "count_neg(s)"}, nil, "formula: value, character 11: s is a number, and a condition such as s < 0.5 should stand here"},
		{Source{Value: "sum_neg(s > 0)"}, nil, "formula: value, character 9: s > 0 is a condition, and a number should stand here; if(condition, x, y) makes one of it"},
		{Source{Value: "sum_neg(if(0 < s < 1, 1, 0))"}, nil, "formula: value, character 12: comparisons do not chain; write a < b and b < c"},
		{Source{Value: "sum_neg(s)/(1 - 1)"}, nil, ""},
		{Source{Value: "sum_neg(s) + 1/(1 - 1)"}, nil, "formula: value, character 14: 1/(1 - 1) is ∞"},
		{Source{Value: "sum_neg(s)*log(alpha - 3)"}, params, "formula: value, character 12: log(alpha - 3) is NaN"},
		{Source{Positive: "1", Negative: "sum_neg(s)*x", MinePositive: "1"}, nil, "formula: negative, character 12: unknown name \"x\"; known: s, count_pos, count_neg\n" +
			"formula: mine.positive, character 1: 1 is a number, and a condition such as s < 0.5 should stand here"},
		{Source{Positive: "1"}, nil, "formula: negative, character 1: the formula is empty"},
		{Source{Value: "sum_neg(s)", Positive: "1"}, nil, "formula: a loss is a value, or the weights positive and negative; remove one"},
		{Source{Value: "sum_neg(s)"}, params, "formula: no formula has the parameter alpha; remove it, or use it"},
		{Source{Value: "sum_neg(s)"}, []Param{{"exp", 1}}, "formula: exp has a meaning in formulas; give the parameter another name"},
		{Source{Value: "sum_neg(s)"}, []Param{{"A", 1}}, `formula: the parameter "A" must be a name of lower-case letters, digits and _, beginning with a letter`},
		{Source{Value: "sum_neg(s)*a"}, []Param{{"a", 1}, {"a", 2}}, "formula: the parameter a is there twice"},
		{Source{Value: "sum_neg(s)*a"}, []Param{{"a", math.Inf(1)}}, "formula: a = +Inf is not finite"},
		{Source{Value: "sum_neg(s)"}, make([]Param, maxParams+1), "formula: 33 parameters are too many; at most 32\n"},
	} {
		_, err := New(c.source, c.params)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want && !(strings.HasSuffix(c.want, ", ") || strings.HasSuffix(c.want, "\n")) || !strings.HasPrefix(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.source, got, c.want)
		}
	}
}

// TestCanonical: formulas that differ in spelling only are written the same, and the parentheses that matter stay.
func TestCanonical(t *testing.T) {
	for text, want := range map[string]string{
		" sum_neg( (s)+1.0 )\n": "sum_neg(s + 1)", "-(2^(-sum_neg(s)))": "-2^-sum_neg(s)", "(-2)^count_neg": "(-2)^count_neg",
		"1-(2-sum_neg(s))": "1 - (2 - sum_neg(s))", "(1-2)-sum_neg(s)": "1 - 2 - sum_neg(s)", "2/(3*sum_neg(s))": "2/(3*sum_neg(s))",
		"2^(3^sum_neg(s))": "2^3^sum_neg(s)", "(2^3)^sum_neg(s)": "(2^3)^sum_neg(s)",
		"sum_neg(if((s>0) and ((s<1) or not (s==0)),1,.5e0))": "sum_neg(if(s > 0 and (s < 1 or not s == 0), 1, 0.5))",
	} {
		l, err := New(Source{Value: text}, nil)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if got := l.String(); got != "value: "+want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
	}
}

// TestEdges: what is not finite, and what an empty set gives.
func TestEdges(t *testing.T) {
	none, pair := []float64{}, []float64{0.5, -0.5}
	for _, c := range []struct {
		value    string
		pos, neg []float64
		want     float64 // NaN with a reason
		why      string
	}{
		{"1 + sum_pos(s)", none, none, 0, ""}, // no pair takes part
		{"1 + sum_pos(s) + mean_pos(s) + count_pos", none, pair, 1, ""},
		{"max_pos(s)", none, pair, 0, ""},
		{"min_pos(s)", none, pair, 0, ""},
		{"lse_pos(s) + sum_neg(s^2)", none, pair, 0, ""},
		{"softplus(lse_pos(s)) + sum_neg(s^2)", none, pair, 0.5, ""}, // log(1 + 0)
		{"relu(1 - max_pos(s)) + 1", none, pair, 0, ""},
		{"relu(max_pos(s) - 1) + 1", none, pair, 1, ""},
		{"sum_neg(s)/count_pos", none, []float64{0}, 0, ""}, // 0/0
		{"sum_neg(s)/count_pos", none, []float64{1}, math.NaN(), "sum_neg(s)/count_pos = ∞"},
		{"sum_neg(exp(2000*s))", none, pair, math.NaN(), "exp(2000*s) = ∞ for the negative with s = 0.5"},
		{"sum_neg(log(s))", none, pair, math.NaN(), "log(s) = NaN for the negative with s = −0.5"},
		{"sum_pos(log(s)) + max_neg(s)", pair, none, 0, ""},
		{"sum_neg(if(s > 0, log(s), 0))", none, pair, math.Log(0.5), ""},
		{"count_neg(log(s) < 0)", none, pair, math.NaN(), "log(s) = NaN for the negative with s = −0.5"},
		{"sum_neg(sqrt(s))", none, []float64{0, 0.25}, 0.5, ""},
		{"sum_neg(s^0.5)", none, []float64{0, 0.25}, math.NaN(), "the derivative of s^0.5 = 0 for the negative with s = 0 is not finite"},
		{"sum_neg(log(s)^0)", none, pair, math.NaN(), "log(s) = NaN for the negative with s = −0.5"}, // no power hides it
		{"sum_neg(1^log(s))", none, pair, math.NaN(), "log(s) = NaN for the negative with s = −0.5"},
		{"min(0, sum_neg(log(s)))", none, pair, math.NaN(), "log(s) = NaN for the negative with s = −0.5"},
		{"1/exp(4000*max_neg(s)) + sum_neg(log(s))", none, pair, math.NaN(), "log(s) = NaN for the negative with s = −0.5"}, // 1/∞ = 0 is none
		{"softplus(1000*max_neg(s)) - softplus(-1000*max_neg(s)) + sigmoid(1e300)", none, pair, 501, ""},
		{"lse_neg(1e4*s) - 5000", none, pair, 0, ""},
		{"exp(lse_neg(1e4*s) - lse_neg(1e4*s))", none, pair, 1, ""},
	} {
		l, err := New(Source{Value: c.value}, nil)
		if err != nil {
			t.Errorf("%s: %v", c.value, err)
			continue
		}
		a := &losses.Anchor{Pos: c.pos, Neg: c.neg, GPos: make([]float64, len(c.pos)), GNeg: make([]float64, len(c.neg))}
		got, terms := l.EvalAnchor(a)
		if !(math.Abs(got-c.want) < 1e-12 || math.IsNaN(got) && math.IsNaN(c.want)) || terms != 1 || l.ExplainAnchor(a) != c.why {
			t.Errorf("%s: %v of %v terms, %q; want %v, %q", c.value, got, terms, l.ExplainAnchor(a), c.want, c.why)
		}
	}
}

// TestReasons: a result that is not finite has a reason, and it is what made it so; a
// finite one has none, whatever is infinite on the way.
func TestReasons(t *testing.T) {
	for _, c := range []struct {
		source   Source
		pos, neg []float64
		why      string
	}{
		{Source{Value: "sum_neg(s)", MineNegative: "log(s) > -2"}, nil, []float64{0.5, -0.5}, "log(s) = NaN for the negative with s = −0.5"},
		{Source{Value: "sum_neg(s)", MineNegative: "0 < 0^s"}, nil, []float64{0.5, -0.5}, ""}, // 0 < ∞ is decided
		{Source{Value: "sum_neg(s)", MineNegative: "0 < 0^s and log(s) > -2"}, nil, []float64{0.5, -0.5}, "log(s) = NaN for the negative with s = −0.5"},
		{Source{Value: "sum_pos(s)", MinePositive: "s < max_neg(s) - max_neg(s)"}, []float64{0.5}, nil, "max_neg(s) = −∞, being of no pair"},
		{Source{Positive: "0", Negative: "1e308"}, nil, []float64{1, 1}, "each weight is finite, and Σ w·S of the anchor's pairs is beyond the largest number"},
		{Source{Positive: "0", Negative: "log(s)"}, nil, []float64{0.5, -0.5}, "log(s) = NaN for the negative with s = −0.5"},
		{Source{Value: "sum_neg(s^0.5)"}, nil, []float64{0.25, 0}, "the derivative of s^0.5 = 0 for the negative with s = 0 is not finite"},
	} {
		l, err := New(c.source, nil)
		if err != nil {
			t.Fatal(err)
		}
		a := &losses.Anchor{Pos: c.pos, Neg: c.neg, GPos: make([]float64, len(c.pos)), GNeg: make([]float64, len(c.neg))}
		if sum, _ := l.EvalAnchor(a); finite(sum) != (c.why == "") || l.ExplainAnchor(a) != c.why {
			t.Errorf("%v: L = %v, %q, want %q", l, sum, l.ExplainAnchor(a), c.why)
		}
	}
}

func TestTies(t *testing.T) {
	l, err := New(Source{Value: "max_neg(s) - min_pos(s)"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &losses.Anchor{Pos: []float64{0.1, 0.2}, Neg: []float64{0.3, -1, 0.3}, GPos: make([]float64, 2), GNeg: make([]float64, 3)}
	if sum, _ := l.EvalAnchor(a); math.Abs(sum-0.2) > 1e-15 || !slices.Equal(a.GPos, []float64{-1, 0}) || !slices.Equal(a.GNeg, []float64{0.5, 0, 0.5}) {
		t.Errorf("L = %v, G = %v and %v", sum, a.GPos, a.GNeg)
	}
}

// TestTraits: the sign of a weight is said to be kept where it can be shown.
func TestTraits(t *testing.T) {
	weights := func(positive, negative string) Source { return Source{Positive: positive, Negative: negative} }
	for _, c := range []struct {
		source Source
		want   losses.Traits
	}{
		{weights("1", "sigmoid(40*(s - 0.5))"), losses.Detached},
		{weights("1 - s", "relu(s - mean_neg(s))^2"), losses.Detached},
		{weights("exp(-2*s)/(1 + sum_pos(exp(-2*s)))", "1 + s^3"), losses.Detached | losses.SignChanging}, // the cube is not seen through
		{weights("1", "s"), losses.Detached | losses.SignChanging},
		{Source{Value: "softplus(lse_pos(-2*s))/2 + softplus(lse_neg(40*(s - 0.5)))/40"}, 0},
		{Source{Value: "mean_pos((1 - s)^2) + sum_neg(relu(s - 0.3))"}, 0},
		{Source{Value: "sum_neg(detach(sigmoid(9*s))*s) - sum_pos(s)"}, losses.Detached},
		{Source{Value: "sum_neg(s^2) - sum_pos(s)"}, losses.SignChanging},
		{Source{Value: "sum_pos(s) - sum_neg(s)"}, losses.SignChanging},
	} {
		l, err := New(c.source, nil)
		if err != nil {
			t.Fatal(err)
		}
		if l.Traits() != c.want {
			t.Errorf("%v: %v, want %v", l, l.Traits().Names(), c.want.Names())
		}
	}
}

// TestParameters: they are captioned by their letters, moved within a factor of four, and a moved one moves the loss.
func TestParameters(t *testing.T) {
	l, err := New(Source{Value: "lambda*sum_neg(s) + m"}, []Param{{"lambda", 2}, {"m", 0}})
	if err != nil {
		t.Fatal(err)
	}
	c := losses.Choice{Spec: &losses.Spec{Name: "mine"}, Preset: "formula", Value: l}
	if got := c.Caption(); got != "λ 2, m 0" {
		t.Errorf("caption %q", got)
	}
	if got := losses.Parameters(l)[0].Domain.String() + " " + losses.Parameters(l)[1].Domain.String(); got != "[0.5, 8] [−1, 1]" {
		t.Errorf("domains %s", got)
	}
	moved, err := losses.With(c.Value, "lambda", 8)
	if err != nil {
		t.Fatal(err)
	}
	again, err := losses.With(moved, "m", -1.0)
	if err != nil {
		t.Fatal(err)
	}
	a := &losses.Anchor{Neg: []float64{0.5}, GNeg: []float64{0}}
	if sum, _ := again.(*Loss).EvalAnchor(a); sum != 3 || a.GNeg[0] != 8 {
		t.Errorf("L = %v, G = %v, want 3, 8", sum, a.GNeg)
	}
	a.GNeg[0] = 0
	if sum, _ := l.EvalAnchor(a); sum != 1 || a.GNeg[0] != 2 {
		t.Errorf("the first is now L = %v, G = %v, want 1, 2", sum, a.GNeg)
	}
	if _, err := losses.With(moved, "lambda", 9.0); err == nil || err.Error() != "lambda = 9 is outside [0.5, 8]" {
		t.Errorf("%v", err)
	}
}
