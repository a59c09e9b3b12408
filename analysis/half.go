package analysis

import (
	"math"
	"slices"
)

// Half returns how many of the largest weights of the positive or of the negative pairs
// have half of the sum of their sizes |m·w|: 0 if no pair has weight.
func (c *Scatter) Half(positive bool) int {
	if c.read != nil {
		return c.read.half[sideNumber(positive)]
	}

	sizes := make([]float64, 0, c.Summary(positive).Weighted)
	for _, p := range c.Pairs {
		if w := c.Weight(p); p.Positive == positive && w != 0 {
			sizes = append(sizes, math.Abs(w))
		}
	}
	return halfOf(sizes)
}

// halfOf is how many of the largest sizes have half of their sum. It overwrites them.
// They are summed by the leading bits of the numbers, and only those are sorted among
// which the half is reached.
func halfOf(sizes []float64) int {
	const ranges = 1 << 15 // of the exponent and of four bits behind it
	rangeOf := func(w float64) uint64 { return math.Float64bits(w) >> 48 }
	sums, counts := make([]float64, ranges), make([]int, ranges)
	for _, w := range sizes {
		r := rangeOf(w)
		sums[r] += w
		counts[r]++
	}
	sum := 0.0
	for _, v := range sums {
		sum += v
	}

	n, part, last := 0, 0.0, uint64(ranges-1)
	for ; last > 0 && part+sums[last] < sum/2; last-- {
		n += counts[last]
		part += sums[last]
	}

	sizes = slices.DeleteFunc(sizes, func(w float64) bool { return rangeOf(w) != last })
	slices.Sort(sizes)
	for k := len(sizes) - 1; k >= 0 && part < sum/2; k-- {
		part += sizes[k]
		n++
	}
	return n
}

// weightSizes are the sizes of weights in memory that is lent: those of positive pairs
// fill it from the front, those of negative pairs from the back.
type weightSizes struct {
	memory               []float64
	positives, negatives int // the end of the former, and the beginning of the latter
}

func (s *weightSizes) add(positive bool, size float64) {
	if positive {
		s.memory[s.positives] = size
		s.positives++
		return
	}
	s.negatives--
	s.memory[s.negatives] = size
}

// of are the sizes of the positive or of the negative pairs.
func (s *weightSizes) of(positive bool) []float64 {
	if positive {
		return s.memory[:s.positives]
	}
	return s.memory[s.negatives:]
}
