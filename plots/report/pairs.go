package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// A keptBatch is what is kept in memory of a batch: at most as many pairs as a page of
// one folder shows.
type keptBatch struct {
	step  int
	loss  float64
	says  string
	class []int
	sides [2]keptSide // positive and negative pairs
}

// A keptSide is pairs of one side of a batch.
type keptSide struct {
	pairs int // of the batch

	// The pairs of the largest weights, from the largest, and the others along S. All
	// pairs are others where none was left out.
	strongest, others []gpw.Pair

	weight func(gpw.Pair) float64 // m·w
	means  map[string][]line
}

// keep keeps at most so many positive and negative pairs of a batch.
func keep(s *analysis.Scatter, of gpw.Snapshot, most int) *keptBatch {
	pos, neg := s.Summary(true), s.Summary(false)
	b := &keptBatch{step: s.Step, loss: of.Loss, class: of.Labels}
	b.says = fmt.Sprintf("%d of %d positive and %d of %d negative pairs have weight", pos.Weighted, pos.Pairs, neg.Weighted, neg.Pairs)
	if pos.Opposite+neg.Opposite > 0 {
		b.says += fmt.Sprintf("; %d of them in the opposite direction, drawn below zero", pos.Opposite+neg.Opposite)
	}

	anchors := &analysis.Scatter{Anchors: s.Anchors} // without the pairs
	for k, positive := range []bool{true, false} {
		side := keptSide{weight: anchors.Weight, means: map[string][]line{}}
		for name, a := range map[string]gpw.Axis{"s": gpw.S, "n": gpw.N, "p": gpw.P} {
			side.means[name] = meansOf(s.Curve(a, positive))
		}
		for _, p := range s.Pairs {
			if p.Positive == positive {
				side.others = append(side.others, p)
			}
		}
		side.pairs = len(side.others)
		slices.SortFunc(side.others, alongS)
		b.sides[k] = side.thinned(most)
	}
	return b
}

func alongS(x, y gpw.Pair) int {
	return cmp.Or(cmp.Compare(x.S, y.S), cmp.Compare(x.Anchor, y.Anchor), cmp.Compare(x.Candidate, y.Candidate))
}

// thinned takes at most so many pairs: half of them those of the largest weights, and of
// the others some that are evenly spaced along S.
func (s keptSide) thinned(most int) keptSide {
	if len(s.strongest)+len(s.others) <= most {
		return s
	}
	if len(s.strongest) == 0 {
		byWeight := slices.Clone(s.others)
		slices.SortFunc(byWeight, func(x, y gpw.Pair) int { return cmp.Or(cmp.Compare(y.Weight(), x.Weight()), alongS(x, y)) })
		s.strongest, s.others = slices.Clone(byWeight[:most/2]), byWeight[most/2:]
		slices.SortFunc(s.others, alongS)
	}
	s.strongest = s.strongest[:most/2]
	others := make([]gpw.Pair, 0, most-most/2)
	for _, k := range evenly(len(s.others), most-most/2) {
		others = append(others, s.others[k])
	}
	s.others = others
	return s
}

// shown is a batch as the page has it, with at most so many pairs on either side.
func (b *keptBatch) shown(most int) batchData {
	d := batchData{Step: b.step, Loss: number(b.loss), Says: b.says, Class: b.class}
	for k, side := range b.sides {
		side = side.thinned(most)
		pairs := slices.Concat(side.strongest, side.others)
		slices.SortFunc(pairs, alongS)
		if len(pairs) < side.pairs {
			d.Thin += fmt.Sprintf(" %d of %d %s pairs are drawn: half of them those of the largest weights, the others evenly over S.",
				len(pairs), side.pairs, []string{"positive", "negative"}[k])
		}
		*[]*pairData{&d.Pos, &d.Neg}[k] = side.data(pairs)
	}
	d.Thin = strings.TrimSpace(d.Thin)
	return d
}

func (s keptSide) data(pairs []gpw.Pair) pairData {
	d := pairData{Anchor: []int{}, Candidate: []int{}, S: []number{}, N: []number{}, P: []number{}, W: []number{}, Means: s.means}
	for _, p := range pairs {
		d.Anchor, d.Candidate = append(d.Anchor, p.Anchor), append(d.Candidate, p.Candidate)
		d.S, d.N, d.P = append(d.S, place(p.S)), append(d.N, place(p.N)), append(d.P, place(p.P))
		d.W = append(d.W, number(s.weight(p)))
	}
	return d
}
