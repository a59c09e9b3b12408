package analysis

import (
	"fmt"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// BatchStats are the statistics of one batch under a gradient.
type BatchStats struct {
	WeightStats // the step is 0, and the caller sets Loss

	Anchors    int
	Lonely     int // anchors without a positive
	Violations int // pairs whose gradient has the sign that eq. 3 excludes
}

// StatsOf returns the statistics of a batch under a gradient of m×n values, row-major,
// for m anchors and n candidates. It takes no memory for each pair. Of a nil batch the
// statistics are those of no pairs. It panics if g has another length.
func StatsOf(b *losses.Batch, g []float64) BatchStats {
	if b == nil {
		b = new(losses.Batch)
	}
	losses.CheckLength(b, g)

	var m StatsCollector
	pairs := pairCount(b)
	m.positive.reset(pairs, -1)
	m.negative.reset(pairs, 1)

	stats := BatchStats{Anchors: b.Anchors()}
	n := b.Candidates()
	for i := range b.Anchors() {
		before := m.positive.Pairs
		for j := range n {
			k := i*n + j
			p := gpw.Pair{Positive: b.IsPositive(i, j), S: b.S(i, j), G: g[k]}
			switch {
			case p.Positive:
				m.positive.add([]float64{p.S}, g[k:k+1])
			case b.IsNegative(i, j):
				m.negative.add([]float64{p.S}, g[k:k+1])
			default:
				continue // the anchor itself
			}
			if p.Violates() {
				stats.Violations++
			}
		}
		if m.positive.Pairs == before {
			stats.Lonely++
		}
	}

	stats.Positive, stats.Negative = m.positive.stats(), m.negative.stats()
	return stats
}

// pairCount is the number of ordered pairs of a batch.
func pairCount(b *losses.Batch) int {
	n := 0
	for i := range b.Anchors() {
		for j := range b.Candidates() {
			if b.IsPositive(i, j) || b.IsNegative(i, j) {
				n++
			}
		}
	}
	return n
}

// Warnings returns what is unusual about the batch and its weights: gradients of the
// excluded sign, the warnings of [WeightStats.Warnings], and anchors without positives.
// Each is a clause.
func (s BatchStats) Warnings() []string {
	var all []string
	switch {
	case s.Violations == 1:
		all = append(all, "1 pair has a gradient of the other sign: a positive pushed apart or a negative drawn near")
	case s.Violations > 1:
		all = append(all, fmt.Sprintf("%d pairs have a gradient of the other sign: a positive pushed apart or a negative drawn near", s.Violations))
	}

	all = append(all, s.WeightStats.Warnings()...)

	if s.Lonely > 0 && s.Positive.Pairs > 0 {
		has := "have"
		if s.Lonely == 1 {
			has = "has"
		}
		all = append(all, fmt.Sprintf("%d of %d anchors %s no positive: no other row is of that class", s.Lonely, s.Anchors, has))
	}
	return all
}
