package probe

import (
	"fmt"
	"math"
	"slices"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// The batch of the sweeps has 4 classes of 4. Positives are near 0.6 and negatives near
// 0.4, each up to 0.1 off. The pair is that of sample 0 with sample 1 or, for a negative,
// with sample 4, and is held at 0.55. There the miner of Multi-Similarity keeps it, it is
// above the usual λ of 0.5, and it violates the margins of the triplet losses, so that
// any movement has an effect.
const (
	sweepClasses  = 4
	sweepPerClass = 4
	SweepAnchors  = sweepClasses * sweepPerClass

	SweepPositives = 0.6
	SweepNegatives = 0.4
	SweepSpread    = 0.1
	SweepPair      = 0.55
)

// sweepSteps is the number of values of a sweep, including both ends of the range.
const sweepSteps = 401

// A sweep is the batch and its pair.
type sweep struct {
	choice    losses.Choice
	pooling   gpw.Pooling
	labels    []int
	base, s   []float64
	g         []float64
	candidate int
}

func newSweep(c losses.Choice, positive bool, pooling gpw.Pooling) *sweep {
	const m = SweepAnchors
	w := &sweep{choice: c, pooling: pooling, base: make([]float64, m*m), g: make([]float64, m*m), candidate: sweepPerClass}
	if positive {
		w.candidate = 1
	}

	for i := range m {
		w.labels = append(w.labels, i/sweepPerClass)
	}

	for i := range m {
		w.base[i*m+i] = 1
		for j := range i {
			level := SweepNegatives
			if w.labels[i] == w.labels[j] {
				level = SweepPositives
			}
			off := SweepSpread * (float64((3*(i+j)+2*i*j)%11)/5 - 1) // in ±spread
			w.base[i*m+j], w.base[j*m+i] = level+off, level+off
		}
	}

	w.put(w.base, w.candidate, SweepPair)
	w.s = append(w.s, w.base...)
	return w
}

// put sets the similarity of the anchor and another sample, in both directions.
func (w *sweep) put(s []float64, j int, v float64) { s[j], s[j*SweepAnchors] = v, v }

// in reports whether the similarity of sample j is among those that move.
func (w *sweep) in(g gpw.Axis, j int) bool {
	switch {
	case j == 0:
		return false
	case j == w.candidate || g == gpw.S:
		return j == w.candidate && g == gpw.S
	}
	return (w.labels[j] == w.labels[0]) == (g == gpw.P)
}

// move shifts similarities of the anchor from their held values. It reports false if a
// similarity would leave [−1, 1].
func (w *sweep) move(g gpw.Axis, by float64) bool {
	for j := range w.labels {
		if !w.in(g, j) {
			continue
		}
		v := w.base[j] + by
		if v < -1-1e-9 || v > 1+1e-9 {
			return false
		}

		w.put(w.s, j, min(max(v, -1), 1))
	}
	return true
}

// pair returns the pair and its weight at the present similarities.
func (w *sweep) pair() (gpw.Pair, error) {
	b, err := gpw.BatchOf(w.s, w.labels)
	if err != nil {
		return gpw.Pair{}, err
	}
	l, err := w.choice.Loss() // a loss with state would depend on the step before
	if err != nil {
		return gpw.Pair{}, err
	}
	if err := w.choice.CheckFinite(l, b, l.Eval(b, w.g), w.g, "in a sweep"); err != nil {
		return gpw.Pair{}, err
	}

	for _, p := range gpw.FromGradientPooled(b, w.g, w.pooling).Pairs[:SweepAnchors-1] {
		if p.Candidate == w.candidate {
			return p, nil
		}
	}
	panic("gpw: the pair of a sweep is not in its batch")
}

// checkMoves refuses an axis that is none of those that can move.
func checkMoves(moves gpw.Axis, can ...gpw.Axis) error {
	if !slices.Contains(can, moves) {
		return fmt.Errorf("probe: %v does not move here; take one of %v", moves, can)
	}
	return nil
}

// Sweep returns the weight of one positive or one negative pair while one group of its
// anchor's similarities moves from low to high, through the part of [−1, 1] that the
// spread of the group allows. All others are held. For S the pair's own similarity moves,
// for N the other negatives, for P the other positives. The result lists the pair at 401
// values. The error is that of [losses.Choice.Loss], of a loss that is not finite, or of
// another axis: of other anchors' rows, X, nothing is held.
func Sweep(c losses.Choice, positive bool, moves gpw.Axis, pooling gpw.Pooling) (*gpw.Weights, error) {
	if err := checkMoves(moves, gpw.S, gpw.N, gpw.P); err != nil {
		return nil, err
	}
	w := newSweep(c, positive, pooling)
	low, high := math.Inf(-1), math.Inf(1) // shifts that keep the group within [−1, 1]
	for j := range w.labels {
		if w.in(moves, j) {
			low, high = max(low, -1-w.base[j]), min(high, 1-w.base[j])
		}
	}

	out := &gpw.Weights{Anchors: SweepAnchors, Pooling: pooling}
	for k := range sweepSteps {
		w.move(moves, low+(high-low)*float64(k)/(sweepSteps-1))
		p, err := w.pair()
		if err != nil {
			return nil, err
		}
		out.Pairs = append(out.Pairs, p)
	}

	return out, nil
}

// Plane returns the weight of one positive or one negative pair while its own similarity
// takes the values s and, at each, the other negatives (or positives) move so that N (or
// P) takes the values n. Points at which a similarity would leave [−1, 1] are left out.
// The error is that of [Sweep], for N and P.
func Plane(c losses.Choice, positive bool, moves gpw.Axis, pooling gpw.Pooling, s, n []float64) (*gpw.Weights, error) {
	if err := checkMoves(moves, gpw.N, gpw.P); err != nil {
		return nil, err
	}
	w := newSweep(c, positive, pooling)
	base, err := w.pair()
	if err != nil {
		return nil, err
	}

	relative := base.N
	if moves == gpw.P {
		relative = base.P
	}

	out := &gpw.Weights{Anchors: SweepAnchors, Pooling: pooling}
	for _, own := range s {
		for _, r := range n {
			// The pooled similarity moves by as much as the group does: by own − r from
			// its held value SweepPair − relative.
			if !w.move(gpw.S, own-SweepPair) || !w.move(moves, own-r-(SweepPair-relative)) {
				continue
			}
			p, err := w.pair()
			if err != nil {
				return nil, err
			}

			out.Pairs = append(out.Pairs, p)
		}
	}

	return out, nil
}
