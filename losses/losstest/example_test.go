package losstest_test

import (
	"fmt"

	"gpwbench/losses"
	"gpwbench/losses/losstest"
)

// Squared is a loss of one's own, with a slip: the derivative of S² is 2S.
type Squared struct{}

func (Squared) EvalAnchor(a *losses.Anchor) (sum, terms float64) {
	for k, s := range a.Neg {
		sum += s * s
		a.GNeg[k] = 2.1 * s
	}
	return sum, 1
}

func ExampleCheck() {
	spec := losses.Spec{Name: "squared", Traits: losses.SignChanging}
	all := losstest.Check(losses.Choice{Spec: &spec, Preset: "mine", Value: Squared{}}, 1)
	for _, p := range all {
		if p.Status == losstest.Fail {
			fmt.Println(p.Name)
		}
	}
	// Output:
	// finite differences
	// large classes
}
