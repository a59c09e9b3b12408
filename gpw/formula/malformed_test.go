package formula_test

import (
	"testing"

	"gpwbench/gpw/formula"
	"gpwbench/losses"
)

// The zero Loss has no formula and is 0.
func TestZeroLoss(t *testing.T) {
	l := new(formula.Loss)
	a := &losses.Anchor{Pos: []float64{0.5}, Neg: []float64{0.4}, GPos: []float64{0}, GNeg: []float64{0}}
	if sum, terms := l.EvalAnchor(a); sum != 0 || terms != 1 {
		t.Errorf("%v, %v", sum, terms)
	}
	if l.ExplainAnchor(a) != "" || l.Weighs() || l.Mines() || l.String() != "" || len(l.Parameters()) != 0 {
		t.Error("it has a formula")
	}
}
