package losstest

import (
	"math"
	"strings"
	"testing"

	"gpwbench/losses"
)

// npairs is the (N+1)-tuplet loss with its logarithm taken by log.
type npairs struct {
	Scale float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the similarities"`
}

// log is the logarithm of 1+x in npairs, that of a loss being no parameter.
var log func(x float64) float64

func (l npairs) EvalAnchor(a *losses.Anchor) (sum, terms float64) {
	for k, p := range a.Pos {
		all := 0.0
		for _, n := range a.Neg {
			all += math.Exp(l.Scale * (n - p))
		}
		sum += log(all)
		for j, n := range a.Neg {
			g := l.Scale * math.Exp(l.Scale*(n-p)) / (1 + all)
			a.GNeg[j] += g
			a.GPos[k] -= g
		}
	}
	return sum, float64(len(a.Pos))
}

// TestSmallLosses: a loss whose value is log(1 + x) passes with log1p and is found out
// without, which no ordinary batch shows.
func TestSmallLosses(t *testing.T) {
	for name, c := range map[string]struct {
		log  func(float64) float64
		want Status
	}{
		"log1p": {math.Log1p, Pass},
		"log":   {func(x float64) float64 { return math.Log(1 + x) }, Fail},
	} {
		log = c.log
		all := Check(losses.Choice{Spec: &losses.Spec{Name: "npairs"}, Preset: name, Value: npairs{1}}, 1)
		if p := find(t, all, "small losses"); p.Status != c.want || c.want == Fail && !strings.Contains(p.Why, "lost its digits") {
			t.Errorf("%s: %v: %s", name, p.Status, p.Why)
		}
		if p := find(t, all, "finite differences"); p.Status != Pass {
			t.Errorf("%s: finite differences: %s", name, p.Why)
		}
	}
}
