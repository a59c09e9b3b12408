package losses

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestEveryMinerWithEveryLoss: a miner goes around every loss that is a sum over
// anchors' pairs, or the pair is refused with what to write instead. Where it goes,
// pairs that it leaves out have no gradient, in a square batch and in a rectangular one
// with self among the candidates.
func TestEveryMinerWithEveryLoss(t *testing.T) {
	batch := readGoldens(t).Batches["B"]
	s, labels := flat(batch.S), batch.Labels
	square, err := NewBatch(s, labels)
	if err != nil {
		t.Fatal(err)
	}
	const rows = 6 // the first anchors against all candidates, as against a memory
	self := []int{0, 1, 2, 3, 4, 5}
	cross, err := NewCross(s[:rows*len(labels)], labels[:rows], labels, self)
	if err != nil {
		t.Fatal(err)
	}
	means := make([]float64, len(labels))
	for i, x := range batch.X {
		means[i] = ScaledMean(x)
	}
	square.SetMeans(means, means)
	cross.SetMeans(means[:rows], means)
	taken, refused := 0, map[string]bool{}
	for _, spec := range slices.Concat(Catalogue, ProxyLosses) {
		for _, p := range spec.Presets {
			for _, miner := range Miners {
				c := Choice{Spec: &spec, Preset: p.Name, Value: p.Value, Miner: miner.Value}
				name := c.Name() + " with " + miner.Name
				loss, err := c.Loss()
				if err != nil {
					refused[spec.Name] = true
					if !strings.Contains(err.Error(), "write miner: none") {
						t.Errorf("%s: %v, want an error that says what to write", name, err)
					}
					continue
				}
				taken++
				for _, b := range []*Batch{square, cross} {
					if spec.Relation == Square && b == cross {
						continue
					}
					g := make([]float64, b.m*b.n)
					if value := loss.Eval(b, g); math.IsNaN(value - value) {
						t.Errorf("%s: L = %v", name, value)
					}
					pos, neg := kept(b, miner.Value)
					for k, v := range g {
						if pair := []int{k / b.n, k % b.n}; v != 0 && !slices.ContainsFunc(slices.Concat(pos, neg), func(p []int) bool { return slices.Equal(p, pair) }) {
							t.Fatalf("%s: G = %v at %v, which the miner leaves out", name, v, pair)
						}
					}
				}
			}
		}
	}
	// Those that compare pairs of the whole batch refuse; all others take every miner.
	want := []string{
		"angular", "circle_batch", "dynamic_soft_margin", "hierarchical_triplet", "histogram", "intra_pair_variance", "lifted_2016", "npairs_mc",
		"quadruplet", "soft_triple", "triplet_angular", "triplet_swap",
	}
	var got []string
	for name := range refused {
		got = append(got, name)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) || taken < 200 {
		t.Errorf("%d pairs taken; %v refuse, want %v", taken, got, want)
	}
}
