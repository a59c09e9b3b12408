package analysis

import (
	"cmp"
	"math"
	"slices"

	"gpwbench/gpw"
)

// WeightRange returns the values of pairs, such as a similarity, between which the middle
// share of the weight lies, such as 0.98 of it, over the positive or the negative pairs
// of all batches. It is the range for a colour scale that must tell apart the pairs that
// matter.
//
// Weights count by their size |m·w|. Pairs whose value is NaN are left out. If no
// pair has weight, it is the middle share of their number; without pairs, both ends are
// NaN. A nil batch has no pairs.
func WeightRange(batches []*Scatter, positive bool, value func(gpw.Pair) float64, share float64) (low, high float64) {
	items, total := weightedValues(batches, positive, value)
	if len(items) == 0 {
		return math.NaN(), math.NaN()
	}
	if total == 0 {
		for k := range items {
			items[k].weight = 1
		}
		total = float64(len(items))
	}

	slices.SortFunc(items, func(a, b weightedValue) int { return cmp.Compare(a.value, b.value) })

	// From either end, skip what lies in the tail.
	tail := (1 - share) / 2 * total
	from, to := 0, len(items)-1

	for below := items[from].weight; below <= tail && from < to; below += items[from].weight {
		from++
	}
	for above := items[to].weight; above <= tail && from < to; above += items[to].weight {
		to--
	}

	return items[from].value, items[to].value
}

// A weightedValue is a value of a pair with the size of its weight.
type weightedValue struct{ value, weight float64 }

// weightedValues collects them, and returns the sum of the weights.
func weightedValues(batches []*Scatter, positive bool, value func(gpw.Pair) float64) (all []weightedValue, total float64) {
	for _, b := range batches {
		if b == nil {
			continue
		}
		for p := range b.each() {
			v := value(p)
			if p.Positive != positive || math.IsNaN(v) {
				continue
			}

			w := math.Abs(b.Weight(p))
			all = append(all, weightedValue{v, w})
			total += w
		}
	}

	return all, total
}
