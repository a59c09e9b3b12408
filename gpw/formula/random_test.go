package formula

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gpwbench/losses"
)

// Random formulas have three parameters, and depths that keep their numbers within reason.
var someParams = []Param{{"alpha", 2}, {"beta", -0.7}, {"zero", 0}}

// anyNumber draws a number's tree; inside says whether s has a meaning.
func anyNumber(t *rapid.T, depth int, inside set) *expr {
	leaves := []string{"alpha", "beta", "zero", "count_pos", "count_neg"}
	if inside != anchor {
		leaves = append(leaves, "s", "s", "s", "s")
	}
	kinds := 4
	if depth == 0 {
		kinds = 1
	}
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0:
		return &expr{kind: number, value: rapid.SampledFrom([]float64{0, 0.5, 1, 2, 3, 1e-3, 12.25}).Draw(t, "number")}
	case 1:
		return &expr{kind: name, text: rapid.SampledFrom(leaves).Draw(t, "name")}
	case 2:
		o := rapid.SampledFrom([]string{"+", "-", "*", "/", "^", minus}).Draw(t, "operator")
		e := &expr{kind: operator, text: o, args: []*expr{anyNumber(t, depth-1, inside)}}
		if o != minus {
			e.args = append(e.args, anyNumber(t, depth-1, inside))
		}
		return e
	case 3:
		a := rapid.SampledFrom(aggregates).Draw(t, "aggregate")
		side, of := "_pos", positives
		if rapid.Bool().Draw(t, "negatives") {
			side, of = "_neg", negatives
		}
		arg := anyNumber
		if a.name == "count" {
			arg = anyCondition
		}
		return &expr{kind: call, text: a.name + side, args: []*expr{arg(t, depth-1, of)}}
	}
	f := rapid.SampledFrom(functions).Draw(t, "function")
	e := &expr{kind: call, text: f.name}
	if f.op == opChoose {
		e.args = append(e.args, anyCondition(t, depth-1, inside))
	}
	for len(e.args) < f.args || f.args < 0 && len(e.args) < 2 {
		e.args = append(e.args, anyNumber(t, depth-1, inside))
	}
	return e
}

func anyCondition(t *rapid.T, depth int, inside set) *expr {
	kinds := 2
	if depth <= 0 {
		kinds, depth = 0, 1
	}
	switch rapid.IntRange(0, kinds).Draw(t, "condition") {
	case 0:
		o := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "comparison")
		return &expr{kind: operator, text: o, args: []*expr{anyNumber(t, depth-1, inside), anyNumber(t, depth-1, inside)}}
	case 1:
		return &expr{kind: operator, text: "not", args: []*expr{anyCondition(t, depth-1, inside)}}
	}
	o := rapid.SampledFrom([]string{"and", "or"}).Draw(t, "connective")
	return &expr{kind: operator, text: o, args: []*expr{anyCondition(t, depth-1, inside), anyCondition(t, depth-1, inside)}}
}

// anyAnchor draws similarities, some of them equal, and sometimes none on a side.
func anyAnchor(t *rapid.T) *losses.Anchor {
	s := rapid.OneOf(rapid.Float64Range(-0.97, 0.97), rapid.SampledFrom([]float64{-0.5, 0, 0.5}))
	a := &losses.Anchor{Pos: rapid.SliceOfN(s, 0, 4).Draw(t, "positives"), Neg: rapid.SliceOfN(s, 0, 5).Draw(t, "negatives")}
	a.GPos, a.GNeg = make([]float64, len(a.Pos)), make([]float64, len(a.Neg))
	return a
}

func same(a, b *expr) bool {
	if a.kind != b.kind || a.text != b.text || a.value != b.value || len(a.args) != len(b.args) {
		return false
	}
	for k := range a.args {
		if !same(a.args[k], b.args[k]) {
			return false
		}
	}
	return true
}

// TestPrintParse: what is written is read as the same tree.
func TestPrintParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyNumber(t, 4, positives)
		if rapid.Bool().Draw(t, "condition") {
			e = anyCondition(t, 4, positives)
		}
		back, err := parse(e.String())
		if err != nil {
			if e, ok := err.(*Error); ok && (e.Offset >= maxLength || e.Text[:20] == "the formula has more") {
				t.Skip("too large")
			}
			t.Fatalf("%s: %v", e, err)
		}
		if !same(e, back) {
			t.Fatalf("%s is read as %s", e, back)
		}
	})
}

// anyLoss draws a value with its tree. It skips trees that New refuses: too large, or constant and not finite.
func anyLoss(t *rapid.T) (*Loss, *expr) {
	e := anyNumber(t, 4, anchor)
	for _, p := range someParams { // each is to be used
		e = &expr{kind: operator, text: "+", args: []*expr{e, {kind: operator, text: "*", args: []*expr{{kind: number}, {kind: name, text: p.Name}}}}}
	}
	l, err := New(Source{Value: e.String()}, someParams)
	if err != nil {
		t.Skip(err)
	}
	return l, e
}

func naively(a *losses.Anchor) *naive {
	n := &naive{params: map[string]float64{}, pos: a.Pos, neg: a.Neg}
	for _, p := range someParams {
		n.params[p.Name] = p.Value
	}
	return n
}

// TestRandomFormulas: values are those of a walk over the tree, and gradients those of its fourth-order central differences. What is not
// finite is said.
func TestRandomFormulas(t *testing.T) {
	compared, derived := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		l, e := anyLoss(t)
		a := anyAnchor(t)
		value, _ := l.EvalAnchor(a)
		if why := l.ExplainAnchor(a); finite(value) != (why == "") {
			t.Fatalf("%s: L = %v, and the reason is %q", e, value, why)
		}
		n := naively(a)
		want := n.number(e, 0)
		if !finite(value) || n.near || !(math.Abs(want) < 1e6) || len(a.Pos)+len(a.Neg) == 0 {
			return
		}
		compared++
		if math.Abs(value-want) > 1e-9*max(1, math.Abs(want)) {
			t.Fatalf("%s: L = %v, want %v", e, value, want)
		}
		if l.Traits()&losses.Detached != 0 {
			return
		}
		for side, s := range [][]float64{a.Pos, a.Neg} {
			for k, at := range s {
				difference := func(h float64) float64 {
					f := func(step float64) float64 {
						s[k] = at + step
						defer func() { s[k] = at }()
						return n.number(e, 0)
					}
					return (8*(f(h)-f(-h)) - (f(2*h) - f(-2*h))) / (12 * h)
				}
				coarse, fine := difference(2e-4), difference(1e-4)
				g := [][]float64{a.GPos, a.GNeg}[side][k]
				if tolerance := 1e-6 * (1 + math.Abs(want) + math.Abs(g)); math.Abs(coarse-fine) < tolerance && !n.near {
					derived++
					if math.Abs(fine-g) > 3*tolerance {
						t.Fatalf("%s at s = %v: G = %v, finite difference %v", e, at, g, fine)
					}
				}
			}
		}
	})
	if compared < 20 || derived < 20 {
		t.Errorf("%d values and %d derivatives were compared; the formulas are too wild", compared, derived)
	}
}

// TestBounds: every step stays within its bounds, and a loss that is said to keep its signs keeps them.
func TestBounds(t *testing.T) {
	kept := 0
	rapid.Check(t, func(t *rapid.T) {
		l, e := anyLoss(t)
		a := anyAnchor(t)
		f := l.weigh.frame(row{pos: a.Pos, neg: a.Neg, gpos: a.GPos, gneg: a.GNeg}, make([]float64, l.weigh.floats(len(a.Pos), len(a.Neg))))
		f.forward()
		bounds := l.weigh.bounds()
		for k, s := range l.weigh.steps {
			for _, v := range f.values(k) {
				rounding := 1e-12 * math.Abs(v)
				if finite(v) && (v < bounds[k].low-rounding || v > bounds[k].high+rounding) {
					t.Fatalf("%s: %s = %v is not in [%v, %v]", e, s.source, v, bounds[k].low, bounds[k].high)
				}
			}
		}
		if sum, _ := l.EvalAnchor(a); !finite(sum) || l.Traits()&losses.SignChanging != 0 {
			return
		}
		for _, g := range a.GPos {
			if g > 0 {
				t.Fatalf("%s: G = %v on a positive", e, g)
			}
			kept++
		}
		for _, g := range a.GNeg {
			if g < 0 {
				t.Fatalf("%s: G = %v on a negative", e, g)
			}
			kept++
		}
	})
	if kept == 0 {
		t.Error("no formula was said to keep its signs")
	}
}
