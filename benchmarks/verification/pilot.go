package verification

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"gpwbench/internal/f32"
)

const (
	// pilotSize is the number of pairs of a pilot sample, about a second of one core. Of
	// fewer than pilotPart times as many, one pair in pilotPart is drawn.
	pilotSize = 1 << 21
	pilotPart = 64

	// mostForeseen is the share of the pairs from which on it is faster to compute all of
	// them again than the marked ones.
	mostForeseen = 0.3

	// mostRanges bounds the time that marking takes. The operating points, and the least
	// false accept rates, are in as many places.
	mostRanges = 4
)

// A pilot is a small random sample of the negatives, from which the bins that a second
// pass is going to look at can be foreseen. It only saves work: whether they were
// foreseen is checked after the first pass, and no figure depends on them.
//
// Every query has as many of the pairs as any other.
type pilot struct {
	groups   []group
	ts       []float64 // ascending
	accepted []int     // of each group: those that are no farther
}

// foresee returns the marks for the second pass, or nil if there will be none, or if it
// is better made without.
func (e *evaluation) foresee(l *layout) *marks {
	if l == nil || e.options.AUCOnly && !e.options.OPIS {
		return nil
	}
	size := int(min(pilotSize, e.scores.Negatives/pilotPart))
	if e.options.pilot > 0 {
		size = e.options.pilot
	}

	p := &pilot{groups: l.groups}
	if p.draw(e, size); len(p.ts) == 0 || e.ctx.Err() != nil {
		return nil
	}
	ranges := p.foreseen(e).ranges(mostRanges)
	if p.share(ranges) > mostForeseen {
		return nil
	}
	return newMarks(e.pairs, ranges)
}

// draw draws the pairs of each query by a stream of its own, so that they do not depend
// on the number of workers.
func (p *pilot) draw(e *evaluation, size int) {
	queries, gallery := e.pairs.Labels()
	each := (size + len(queries) - 1) / len(queries)
	var mu sync.Mutex
	_ = e.pairs.Blocks(e.ctx, e.options.workers, func() func(from, to int) {
		var drawn []f32.Pair
		return func(from, to int) {
			drawn = drawn[:0]
			for i := from; i < to && e.ctx.Err() == nil; i++ {
				low, high := e.pairs.Segment(i)
				others := len(gallery) - (high - low)
				if others == 0 {
					continue
				}
				r := rand.New(rand.NewPCG(1, uint64(i)))
				for range each {
					j := r.IntN(others)
					if j >= low {
						j += high - low
					}
					drawn = append(drawn, f32.Pair{Query: int32(i), Row: int32(j)})
				}
			}

			ts := make([]float64, len(drawn))
			e.pairs.ApartEach(ts, drawn)
			mu.Lock()
			p.ts = append(p.ts, ts...)
			mu.Unlock()
		}
	})

	slices.Sort(p.ts)
	p.accepted = make([]int, len(p.groups))
	k := 0
	for g := range p.groups {
		for k < len(p.ts) && p.ts[k] <= p.groups[g].high {
			k++
		}
		p.accepted[g] = k
	}
}

// share returns the share of the pairs that are in ranges of bins.
func (p *pilot) share(ranges []binRange) float64 {
	count := 0
	for _, r := range ranges {
		from, _ := slices.BinarySearch(p.ts, edge(r.from))
		to, _ := slices.BinarySearch(p.ts, edge(r.to))
		count += to - from
	}
	return float64(count) / float64(len(p.ts))
}

// off bounds by how much a count of the sample may be off from what it estimates: four
// standard deviations of a Poisson variable.
func off(count int) float64 {
	const z = 4
	return z*math.Sqrt(float64(count)) + z*z
}

// foreseen returns the bins that the second pass is likely to look at.
func (p *pilot) foreseen(e *evaluation) *binSet {
	set := new(binSet)
	margin := 3 * e.wrong()
	cover := func(first, last int) {
		for _, g := range p.groups[max(first, 0):min(last+1, len(p.groups))] {
			set.cover(g.low-margin, g.high+margin)
		}
	}

	if !e.options.AUCOnly {
		cover(p.crossing(e.scores.Positives))
		for _, far := range e.options.FARs {
			cover(p.within(far))
		}
		for _, s := range []share{p.curve(e).balanced(), e.accuracy(p.curve(e))} {
			for _, g := range p.best(s, e.wrong()) {
				cover(g, g)
			}
		}
	}
	if e.options.OPIS {
		k := CalibrationTo * float64(len(p.ts))
		set.cover(0, p.ts[min(int(k+off(int(k))), len(p.ts)-1)]+margin)
	}
	return set
}

// curve has the numbers of pairs in the sample.
func (p *pilot) curve(e *evaluation) *curve {
	return &curve{positives: e.scores.Positives, negatives: int64(len(p.ts))}
}

// crossing returns the first and the last group in which the false accept rate may come
// to be greater than the false reject rate.
func (p *pilot) crossing(positives int64) (first, last int) {
	first, last = len(p.groups)-1, len(p.groups)-1
	recalled := int64(0)
	for g, group := range p.groups {
		recalled += group.positives
		reject := float64(positives-recalled) / float64(positives) * float64(len(p.ts))
		k := float64(p.accepted[g])
		if k+off(p.accepted[g]) >= reject {
			first = min(first, g-1)
		}
		if k-off(p.accepted[g]) >= reject {
			return first, g
		}
	}
	return first, last
}

// within returns the first and the last group that may be the last one with no more than
// a share far of the negatives, or the one after it.
func (p *pilot) within(far float64) (first, last int) {
	most := far * float64(len(p.ts))
	first = -1
	for g, k := range p.accepted {
		if float64(k)+off(k) <= most {
			first = g
		}
		if float64(k)-off(k) > most {
			return first, g
		}
	}
	return first, len(p.groups) - 1
}

// best returns the groups that may have the greatest share. What is uncertain of the
// difference of two are the negatives between them in the sample, which are few for those
// of nearly equal shares, and what the first pass leaves open of both.
func (p *pilot) best(s share, wrong float64) []int {
	where, greatest := 0, 0.0 // negatives, share
	each := func(f func(g int, v float64)) {
		recalled := int64(0)
		for g, group := range p.groups {
			recalled += group.positives
			f(g, s.positive*float64(recalled)+s.negative*float64(p.accepted[g]))
		}
	}
	each(func(g int, v float64) {
		if v > greatest {
			where, greatest = p.accepted[g], v
		}
	})

	var groups []int
	from, to := 0, 0 // negatives about the group
	const wide = 32
	each(func(g int, v float64) {
		for to < len(p.ts) && p.ts[to] <= p.groups[g].high+wide*wrong {
			to++
		}
		for from < to && p.ts[from] < p.groups[g].high-wide*wrong {
			from++
		}

		between := max(p.accepted[g]-where, where-p.accepted[g])
		if v-s.negative*(off(between)+float64(to-from)/wide) >= greatest {
			groups = append(groups, g)
		}
	})
	return groups
}

// wrong bounds by how much the similarities of the two passes may differ from each other.
func (e *evaluation) wrong() float64 { return e.pairs.Error32() + e.pairs.ErrorFast() }
