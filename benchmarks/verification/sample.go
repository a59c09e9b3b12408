package verification

import (
	"math"
	"math/rand/v2"
	"sort"

	"gpwbench/benchmarks/retrieval"
)

// z is the quantile of the normal distribution for intervals of 95 %.
const z = 1.959963984540054

// sample answers from random pairs, drawn with replacement. All positives are used
// where there are no more than Options.Sample.
//
// The interval of the AUC is that of DeLong, DeLong and Clarke-Pearson (Comparing the
// Areas under Two or More Correlated Receiver Operating Characteristic Curves,
// Biometrics 44, 1988), without the part of the positives if all are used, and widened
// by z²/n so that it is not empty at 0 and 1. The others follow from Wilson's intervals
// of the accepted shares (Probable Inference, the Law of Succession, and Statistical
// Inference, JASA 22, 1927) at each threshold. They say what the drawing leaves open,
// and nothing of other data.
func (e *evaluation) sample() error {
	r := rand.New(rand.NewPCG(e.options.Seed, 0))
	d := newDraw(e.pairs)

	var ts []float64
	var err error
	drawn := e.scores.Positives > int64(e.options.Sample)
	if drawn {
		e.scores.SampledPositives = e.options.Sample
		ts = make([]float64, e.options.Sample)
		for k := range ts {
			ts[k] = e.pairs.Apart(d.positive(r))
		}
	} else if ts, err = distances(e.ctx, e.pairs, e.options.workers); err != nil {
		return err
	}

	l := newLayout(grouped(e.pairs, ts))
	cells := make([]int64, l.cells())
	for k := range e.options.Sample {
		if k%4096 == 0 && e.ctx.Err() != nil {
			return e.ctx.Err()
		}
		at := e.pairs.Apart(d.negative(r))
		radius := e.pairs.Radius(at)
		cells[l.place(at-radius, at+radius)]++
	}

	c := newCurve(l, nil, cells, 0)
	c.drawnPositives, c.drawnNegatives = drawn, true
	e.scores.Sampled, e.scores.Direct = e.options.Sample, true
	e.answer(c)
	e.scores.AUC = c.aucInterval()
	if e.options.OPIS {
		e.scores.NoOPIS = "it needs all pairs, and they were sampled"
	}
	return nil
}

// aucInterval returns the area with its interval.
func (c *curve) aucInterval() Figure {
	area := c.auc().Value
	ofNegatives, ofPositives := 0.0, 0.0 // sums of squares
	deviation := func(count int64, share float64) float64 { return float64(count) * (share - area) * (share - area) }

	accepted, recalled := int64(0), int64(0)
	for _, g := range c.groups {
		ofNegatives += deviation(g.accepted-g.tied-accepted, c.tar(recalled))
		ofNegatives += deviation(g.tied, c.tar(recalled)+c.tar(g.positives)/2)
		ofPositives += deviation(g.positives, c.far(c.negatives-g.accepted)+c.far(g.tied)/2)
		accepted, recalled = g.accepted, g.recalled
	}
	ofNegatives += deviation(c.negatives-accepted, 1)

	m, n := float64(c.negatives), float64(c.positives)
	variance, extra := ofNegatives/m/max(m-1, 1), z*z/m
	if c.drawnPositives {
		variance += ofPositives / n / max(n-1, 1)
		extra += z * z / n
	}

	half := z*math.Sqrt(variance) + extra
	return Figure{Low: max(0, area-half), Value: area, High: min(1, area+half)}
}

// wilson returns an end of the interval of a count of n, rounded outwards.
func wilson(count, n int64, b bound) int64 {
	share, m := float64(count)/float64(n), float64(n)
	centre := (share + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(share*(1-share)/m+z*z/(4*m*m))
	if b == least {
		return max(0, int64(math.Floor((centre-half)*m)))
	}
	return min(n, int64(math.Ceil((centre+half)*m)))
}

// A draw draws pairs, each of a kind with the same probability. A pair of one set is
// drawn in both orders.
type draw struct {
	pairs                *retrieval.Pairs
	gallery              int
	positives, negatives []int64 // of the queries up to and including each
}

func newDraw(p *retrieval.Pairs) *draw {
	queries, gallery := p.Labels()
	d := &draw{pairs: p, gallery: len(gallery), positives: make([]int64, len(queries)), negatives: make([]int64, len(queries))}
	positives, negatives := int64(0), int64(0)
	for i := range queries {
		from, to := p.Segment(i)
		negatives += int64(len(gallery) - (to - from))
		positives += int64(to - from)
		if p.Self() {
			positives--
		}
		d.positives[i], d.negatives[i] = positives, negatives
	}
	return d
}

// which draws a query by how many pairs the queries have, and one of its pairs.
func which(r *rand.Rand, sums []int64) (query, pair int) {
	k := r.Int64N(sums[len(sums)-1])
	query = sort.Search(len(sums), func(i int) bool { return sums[i] > k })
	if query > 0 {
		k -= sums[query-1]
	}
	return query, int(k)
}

func (d *draw) negative(r *rand.Rand) (query, row int) {
	query, row = which(r, d.negatives)
	if from, to := d.pairs.Segment(query); row >= from {
		row += to - from
	}
	return query, row
}

func (d *draw) positive(r *rand.Rand) (query, row int) {
	query, row = which(r, d.positives)
	from, _ := d.pairs.Segment(query)
	row += from
	if d.pairs.Self() && row >= query {
		row++
	}
	return query, row
}
