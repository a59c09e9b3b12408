package probe

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// axes is the number of parts of S that a probe moves.
const axes = 4

// Axes lists the parts of S that a probe moves, one at a time, while the others are held.
// They have the letters of Wang et al., CVPR 2019, §3, and X, which is not in the paper.
//
//   - S: the anchor's whole row, by one amount, so that no difference between its
//     similarities changes.
//   - N: other negatives of the anchor; the pair and the positives stay.
//   - P: other positives of the anchor; the pair and the negatives stay.
//   - X: the rows of the other anchors.
//
// The diagonal is in none of them. S_ij and S_ji are independent entries: a row belongs
// to its anchor, as in G.
var Axes = [axes]gpw.Axis{gpw.S, gpw.N, gpw.P, gpw.X}

// A DependenceReport says what the weights of a loss depend on, as measured.
type DependenceReport struct {
	Batches            int
	Positive, Negative Dependence // of the weight of a positive and of a negative pair
}

// Of returns the dependence of a positive or of a negative pair.
func (t *DependenceReport) Of(positive bool) *Dependence {
	if positive {
		return &t.Positive
	}
	return &t.Negative
}

// A Dependence says what the weight of one kind of pairs depends on, as measured.
type Dependence struct {
	On       [axes]Evidence
	Weighted int // pairs with a weight, over all batches
	Opposite int // of them, those whose G has the sign that eq. 3 excludes
}

// SignChanges reports whether pairs of the kind were seen with both signs of G.
func (d *Dependence) SignChanges() bool { return d.Opposite > 0 && d.Opposite < d.Weighted }

// Evidence is the effect of moving one part. Pairs without weight before or after the
// move are not counted, because they show nothing.
type Evidence struct {
	// Sampled is the number of rows of the samples of Effects in which the weight
	// changed, where no batch of the probe showed a change; see Reconcile.
	Sampled int

	Batches int // with a pair that could respond
	Pairs   int // pairs that could respond
	Changed int // of them, those whose weight changed otherwise than by the loss's divisor

	// Divisor is the number of pairs whose weight changed only by the divisor: a count of
	// active terms, common to all pairs of the side.
	Divisor int

	// Largest is the largest change of G, and Rounding the largest change that was
	// attributed to rounding, both in units of the largest |G| of all batches.
	Largest, Rounding float64
}

// Depends reports whether the weight changed otherwise than by the divisor.
func (e Evidence) Depends() bool { return e.Changed > 0 || e.Sampled > 0 }

// Thresholds in units of the largest |G| of all batches. Similarities are multiples of
// 2⁻²⁰, so their sums and differences are exact. The remaining rounding inside a loss
// moves an invariant weight by at most 1e-14. A weight that depends on a part moves by
// 1e-6 or more in some of hundreds of batches of all spreads. A test checks both for
// every preset. The threshold of rounding lies between.
const (
	rounding = 1e-11
	noWeight = 1e-8 // a pair with a smaller |G| has no weight, and is not counted
)

// dependenceBatches is the number of batches that [MeasureDependence] draws.
const dependenceBatches = 800

// MeasureDependence measures on what the weights of a loss depend. It draws batches of
// many spreads and moves one part of the similarities at a time. A weight depends on the
// part if it changes on pairs that were not moved. Dependence on S is measured by a
// common shift of the anchor's row. The same seed gives the same result. A loss with
// state is made anew for each evaluation.
//
// The error is that of [losses.Choice.Loss], of a loss that is not finite, or of ctx,
// which is checked between batches. A nil ctx never ends.
func MeasureDependence(ctx context.Context, c losses.Choice, seed uint64) (*DependenceReport, error) {
	if _, err := c.Loss(); err != nil {
		return nil, err
	}
	ctx = cmp.Or(ctx, context.Background())
	t := &DependenceReport{Batches: dependenceBatches}
	r := rand.New(rand.NewPCG(seed, 0))
	scale := 0.0
	moves := make([]move, 0, dependenceBatches*len(Axes))
	for k := range dependenceBatches {
		if err := ctx.Err(); err != nil {
			return nil, err
		}

		p := drawBatch(r, probeShapes[k%len(probeShapes)])
		before, err := evaluate(c, p.labels, p.s)
		if err != nil {
			return nil, err
		}

		scale = largest(scale, before)
		for _, g := range Axes {
			s, moved := p.move(r, g)
			after, err := evaluate(c, p.labels, s)
			if err != nil {
				return nil, err
			}
			scale = largest(scale, after)
			moves = append(moves, move{probeBatch: p, part: g, moved: moved, before: before, after: after})
		}
	}

	if scale == 0 {
		return t, nil // no pair has a weight
	}

	counts := c.Traits()&losses.CountDivisor != 0
	for k := range moves {
		moves[k].read(t, scale, counts)
	}
	return t, nil
}

// evaluate returns the gradient of a new loss of c. A result that is not finite is an
// error, because a comparison with NaN would show no change.
func evaluate(c losses.Choice, labels []int, s []float64) ([]float64, error) {
	b, err := gpw.BatchOf(s, labels)
	if err != nil {
		panic(err) // the probe draws finite similarities
	}
	l, err := c.Loss()
	if err != nil {
		panic(err) // checked before
	}
	g := make([]float64, len(s))
	return g, c.CheckFinite(l, b, l.Eval(b, g), g, "on a batch of the probe")
}

// A move is one moved part, with the gradients of the batch before and after.
type move struct {
	*probeBatch
	part          gpw.Axis
	moved         []bool // columns of the anchor's row
	before, after []float64
}

// largest returns the largest of a and the magnitudes of g.
func largest(a float64, g []float64) float64 {
	for _, v := range g {
		a = max(a, math.Abs(v))
	}
	return a
}

// read adds the effect of the move to t. Changes are measured in units of scale. counts
// says that the loss's divisor counts active terms.
func (m *move) read(t *DependenceReport, scale float64, counts bool) {
	n, seen := len(m.labels), [2]bool{}
	for j := range n {
		if j == m.anchor || m.moved[j] && m.part != gpw.S {
			continue
		}

		positive := m.labels[j] == m.labels[m.anchor]
		g, h := m.before[m.anchor*n+j], m.after[m.anchor*n+j]
		if math.Abs(g) <= noWeight*scale && math.Abs(h) <= noWeight*scale {
			continue
		}

		d := t.Of(positive)
		d.sign(positive, h, scale)
		factor := 1.0
		if counts {
			var ok bool
			if factor, ok = m.divisor(j, scale); !ok {
				continue
			}
		}

		side := 0
		if positive {
			side = 1
		}

		d.On[m.part].add(math.Abs(h-factor*g)/scale, math.Abs(h-g)/scale, !seen[side])
		seen[side] = true
	}
}

// sign counts a weight and its sign.
func (d *Dependence) sign(positive bool, g, scale float64) {
	if math.Abs(g) <= noWeight*scale {
		return
	}
	d.Weighted++
	if positive == (g > 0) {
		d.Opposite++
	}
}

// add counts a pair. change is the change of G without that of the divisor, and all the
// whole change.
func (e *Evidence) add(change, all float64, first bool) {
	e.Pairs++
	if first {
		e.Batches++
	}

	switch {
	case change > rounding:
		e.Changed++
		e.Largest = max(e.Largest, change)
		return
	case all > rounding:
		e.Divisor++
	}

	e.Rounding = max(e.Rounding, change)
}

// divisor returns the factor by which the loss's divisor changed all weights on the side
// of pair j: the one that more than half of the unmoved pairs of the side share. Without
// such a factor it reports false, and the pair is not counted.
func (m *move) divisor(j int, scale float64) (factor float64, ok bool) {
	n := len(m.labels)
	kind := m.labels[j] == m.labels[m.anchor]
	var ratios []float64
	for i := range n {
		if (i == m.anchor) != (m.part == gpw.X) {
			continue
		}
		for k := range n {
			if k == i || k == j && i == m.anchor || (m.labels[k] == m.labels[i]) != kind {
				continue
			}
			if g, h := m.before[i*n+k], m.after[i*n+k]; math.Abs(g) > noWeight*scale && math.Abs(h) > noWeight*scale {
				ratios = append(ratios, h/g)
			}
		}
	}

	if len(ratios) == 0 {
		return 0, false
	}

	slices.Sort(ratios)
	factor = ratios[len(ratios)/2]
	shared := 0
	for _, r := range ratios {
		if math.Abs(r-factor) <= rounding*math.Abs(factor) {
			shared++
		}
	}

	return factor, 2*shared > len(ratios)
}
