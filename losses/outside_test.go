package losses_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gpwbench/losses"
	"gpwbench/losses/losstest"
	"gpwbench/losses/vec"
)

// outsideNPairs is [losses.NPairs], and outsideMiner [losses.MultiSimilarityMiner], as a
// module outside this one can write them: with exported names alone.
type outsideNPairs struct {
	Scale float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the similarities"`
}

func (l outsideNPairs) EvalAnchor(a *losses.Anchor) (sum, terms float64) {
	terms = float64(len(a.Pos))
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, terms
	}

	all := losses.LogSumExp(losses.Scaled(a.GNeg, a.Neg, l.Scale, 0))
	pull := 0.0
	for k, s := range a.Pos {
		z := all - l.Scale*s
		value, share := losses.SoftplusSlope(z)
		sum += value
		a.GPos[k] = -l.Scale * share
		pull += share
	}
	vec.Scale(a.GNeg, a.GNeg, l.Scale*pull, 0)
	return sum, terms
}

type outsideMiner struct {
	Eps float64 `yaml:"eps" sym:"ε" in:"[0,2]" doc:"slack"`
}

func (m outsideMiner) Keep(a *losses.Anchor, pos, neg []bool) {
	vec.Below(pos, a.Pos, vec.Max(a.Neg)+m.Eps)
	vec.Above(neg, a.Neg, vec.Min(a.Pos)-m.Eps)
}

// outsidePairs are choices of this package and the same with what the outside wrote.
func outsidePairs() map[string][2]losses.Choice {
	spec := &losses.Spec{Name: "outside"}
	ours, theirs := losses.NPairs{Scale: 8}, outsideNPairs{Scale: 8}
	choice := func(value any, m losses.Miner) losses.Choice {
		return losses.Choice{Spec: spec, Value: value, Miner: m}
	}
	return map[string][2]losses.Choice{
		"npairs":       {choice(ours, nil), choice(theirs, nil)},
		"npairs_mined": {choice(ours, losses.MultiSimilarityMiner{Eps: 0.1}), choice(theirs, outsideMiner{0.1})},
	}
}

// TestOutside holds a loss and a miner written outside against ours to the bit, on square
// and rectangular batches, sorted and not, and asks the contract of them.
func TestOutside(t *testing.T) {
	for name, pair := range outsidePairs() {
		rng := rand.New(rand.NewPCG(1, 2))
		for trial := range 200 {
			b, size := outsideBatch(t, rng, 1+rng.IntN(40), trial%2 == 0)
			var values [2]float64
			var gradients [2][]float64
			for k, c := range pair {
				l, err := c.Loss()
				if err != nil {
					t.Fatal(err)
				}
				gradients[k] = make([]float64, size)
				values[k] = l.Eval(b, gradients[k])
			}
			if math.Float64bits(values[0]) != math.Float64bits(values[1]) || !slices.Equal(gradients[0], gradients[1]) {
				t.Fatalf("%s: L = %v from outside, %v here, or G differs", name, values[1], values[0])
			}
		}

		ours, theirs := losstest.Check(pair[0], 1), losstest.Check(pair[1], 1)
		if err := losstest.Err(theirs); err != nil || !slices.Equal(ours, theirs) {
			t.Errorf("%s: the contract says %v from outside, and not what it says here", name, err)
		}
	}
}

// BenchmarkOutside times both, which should differ by noise alone.
func BenchmarkOutside(b *testing.B) {
	for _, name := range []string{"npairs", "npairs_mined"} {
		for k, by := range []string{"ours", "outside"} {
			b.Run(fmt.Sprintf("loss=%s/by=%s", name, by), func(b *testing.B) {
				l, err := outsidePairs()[name][k].Loss()
				if err != nil {
					b.Fatal(err)
				}
				batch, size := outsideBatch(b, rand.New(rand.NewPCG(1, 2)), 256, true)
				g := make([]float64, size)
				for b.Loop() {
					l.Eval(batch, g)
				}
			})
		}
	}
}

// outsideBatch draws a batch of m anchors, square or against other candidates, and the
// size of its S.
func outsideBatch(t testing.TB, rng *rand.Rand, m int, square bool) (*losses.Batch, int) {
	t.Helper()
	n := m
	if !square {
		n = 1 + rng.IntN(50)
	}
	labels := func(count int) []int {
		drawn := make([]int, count)
		for k := range drawn {
			drawn[k] = rng.IntN(1 + m/4)
		}
		return drawn
	}
	s := make([]float64, m*n)
	for k := range s {
		s[k] = 2*rng.Float64() - 1
	}

	anchors := labels(m)
	b, err := losses.NewBatch(s, anchors)
	if !square {
		b, err = losses.NewCross(s, anchors, labels(n), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b, len(s)
}
