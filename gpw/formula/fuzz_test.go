package formula

import (
	"errors"
	"math/rand/v2"
	"testing"

	"gpwbench/losses"
)

// FuzzParse reads any text as a value, as a weight and as a condition: nothing panics, an error points into the text, what is read is
// read again from what is printed, and a result that is not finite has a reason.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", " ", "s", "1", "1e999", "sum_neg(relu(s - alpha)^2)", "softplus(lse_neg(alpha*(s - 0.5)))/alpha", "exp(900*s)", "log(mean_pos(s))",
		"s < max_neg(s) + alpha and not s > 0.5", "if(count_pos > 0, 1 - mean_pos(s), 0)", "-2^-s^2", "((((", "a.b", "1..2", "s−1", "é", "\x00", "\xff",
		"0<0^s", "s < max_neg(s) - max_neg(s)", "log(s)^0 < 2", "1^log(s)", "1e308 + 0*s",
		"min(1, s, sqrt(s))", "detach(s)*s", "1/0", "0/0", "(-1)^0.5", "sum_pos(s", "s s", "neg", "not", "count_neg(s)", "count_neg()", "s == s == s",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if tree, err := parse(text); err == nil {
			back, err := parse(tree.String())
			if err != nil {
				// Parentheses that print adds may make a formula longer than is read.
				var e *Error
				if !errors.As(err, &e) || len(tree.String()) <= len(text) && len(text) < maxLength/2 {
					t.Fatalf("%q is printed %q: %v", text, tree, err)
				}
			} else if !same(tree, back) {
				t.Fatalf("%q is printed %q, which is read as %q", text, tree, back)
			}
		}
		params := []Param{{"alpha", 3}}
		for _, source := range []Source{
			{Value: text + " + 0*alpha"}, {Positive: text, Negative: "alpha"}, {Value: "sum_neg(s)*alpha", MineNegative: text}, {Value: text},
		} {
			l, err := New(source, params)
			var all Errors
			if err != nil && !errors.As(err, &all) {
				t.Fatalf("%q: an error of type %T", text, err)
			}
			for _, e := range all {
				if e.Text == "" || e.Offset < 0 || e.Offset > len(text)+len(" + 0*alpha") {
					t.Fatalf("%q: %+v", text, e)
				}
			}
			if err == nil {
				evaluated(t, text, l)
			}
		}
	})
}

// evaluated evaluates a loss on a few anchors, also on such as lack a side.
func evaluated(t *testing.T, text string, l *Loss) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, pairs := range [][2]int{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {0, 2}, {2, 0}} {
		a := new(losses.Anchor)
		for range pairs[0] {
			a.Pos = append(a.Pos, 2*rng.Float64()-1)
		}
		for range pairs[1] {
			a.Neg = append(a.Neg, float64(rng.IntN(3)-1))
		}
		a.GPos, a.GNeg = make([]float64, len(a.Pos)), make([]float64, len(a.Neg))
		sum, terms := l.EvalAnchor(a)
		why := l.ExplainAnchor(a)
		if terms != 1 || finite(sum) != (why == "") {
			t.Fatalf("%q: %v of %v terms, and the reason is %q", text, sum, terms, why)
		}
		if finite(sum) && !finite(unfinished(a.GPos)+unfinished(a.GNeg)) {
			t.Fatalf("%q: L = %v, and G = %v, %v", text, sum, a.GPos, a.GNeg)
		}
	}
}
