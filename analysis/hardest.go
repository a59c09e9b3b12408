package analysis

import (
	"math"
	"slices"
)

// hardestShare is the share of the pairs that count as the hardest, rounded up to whole
// pairs. Pairs that are equally hard at the border each count in part, so that what they
// weigh does not depend on their order.
const hardestShare = 0.01

func hardestCount(pairs int) int { return int(math.Ceil(hardestShare * float64(pairs))) }

// hardestPairs are the hardest of the pairs seen so far, keep of them: those above a
// bound, and those on it. There is space for twice as many, and the bound rises when it
// is full. So few pairs are touched twice, and in no order of pairs more than a few
// times.
type hardestPairs struct {
	keep  int
	above []hardPair
	bound float64
	on    int     // how many pairs are on the bound
	tied  float64 // what these weigh
}

// A hardPair is a pair's hardness, which is S of a negative and −S of a positive, and its
// weight.
type hardPair struct{ hardness, w float64 }

func (h *hardestPairs) reset(keep int) {
	// A slice that grows by steps leaves several times its memory to the collector.
	*h = hardestPairs{keep: keep, above: slices.Grow(h.above[:0], 2*keep), bound: math.Inf(-1)}
}

func (h *hardestPairs) add(hardness, w float64) {
	switch {
	case hardness > h.bound:
		h.above = append(h.above, hardPair{hardness, w})
		if len(h.above) == 2*h.keep {
			h.raise(h.keep)
		}
	case hardness == h.bound:
		h.on++
		h.tied += w
	}
}

// raise raises the bound to the hardness of the n-th hardest pair above it, n from 1.
func (h *hardestPairs) raise(n int) {
	h.bound, h.on, h.tied = nthHardest(h.above, n), 0, 0

	above := h.above[:0]
	for _, p := range h.above {
		switch {
		case p.hardness > h.bound:
			above = append(above, p)
		case p.hardness == h.bound:
			h.on++
			h.tied += p.w
		}
	}

	h.above = above
}

// mass is the weight of the n hardest pairs, n from 1 to keep. No pair may be added after
// it.
func (h *hardestPairs) mass(n int) float64 {
	if len(h.above) >= n {
		h.raise(n)
	}
	mass := h.tied * float64(n-len(h.above)) / float64(h.on)
	for _, p := range h.above {
		mass += p.w
	}
	return mass
}

// nthHardest returns the n-th greatest hardness, n from 1, and reorders the pairs:
// Hoare's selection, in three parts because many pairs can be equally hard. The order in
// which it leaves them is the order in which weights are added up, so it is part of the
// result's last bit.
func nthHardest(pairs []hardPair, n int) float64 {
	for {
		last := len(pairs) - 1
		pivot := median(pairs[0].hardness, pairs[last/2].hardness, pairs[last].hardness)

		harder, easier := 0, len(pairs) // pairs[:harder] are harder than the pivot, pairs[easier:] easier
		for k := 0; k < easier; {
			switch hardness := pairs[k].hardness; {
			case hardness > pivot:
				pairs[k], pairs[harder] = pairs[harder], pairs[k]
				harder++
				k++

			case hardness < pivot:
				easier--
				pairs[k], pairs[easier] = pairs[easier], pairs[k]
			default:
				k++
			}
		}

		switch {
		case n <= harder:
			pairs = pairs[:harder]
		case n <= easier:
			return pivot
		default:
			pairs, n = pairs[easier:], n-easier
		}
	}
}

func median(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }
