package metrics

import "gpwbench/benchmarks/retrieval"

// A place is a rank within reach, with what may stand there.
type place struct {
	rank  int     // from 1
	upto  float64 // positives up to it and with it, in expectation if one stands here
	share float64 // the probability of a positive
}

// eachPlace visits the ranks up to depth at which a positive can stand, over random
// orders of ties. A tier of h positives and e negatives, after s places of which c are
// positives, takes the places s+1 … s+h+e. Each is a positive with probability h/(h+e),
// and given that, place s+t has c + 1 + (t−1)(h−1)/(h+e−1) positives up to it (McSherry
// and Najork, Computing Information Retrieval Performance Measures Efficiently in the
// Presence of Tied Scores, ECIR 2008).
func eachPlace(p *retrieval.Profile, depth int, visit func(place)) {
	s, c := 0, 0
	for _, t := range p.Tiers {
		s += t.Above
		n := t.Positives + t.Tied
		share := float64(t.Positives) / float64(n)
		follow := float64(t.Positives-1) / float64(max(n-1, 1))
		for i := 1; i <= n && s+i <= depth; i++ {
			visit(place{rank: s + i, upto: float64(c+1) + float64(i-1)*follow, share: share})
		}

		s, c = s+n, c+t.Positives
		if s >= depth {
			return
		}
	}
}

// ordered returns the profile with the negatives of each tier before its positives, or
// after them. Its tiers have no ties.
func ordered(p *retrieval.Profile, negativesFirst bool) *retrieval.Profile {
	o := &retrieval.Profile{Positives: p.Positives, Negatives: p.Negatives}
	after := 0 // tied negatives of the tier before
	for _, t := range p.Tiers {
		next := retrieval.Tier{Above: t.Above + after, Positives: t.Positives}
		after = t.Tied
		if negativesFirst {
			next.Above, after = next.Above+t.Tied, 0
		}
		o.Tiers = append(o.Tiers, next)
	}
	return o
}

// ranged returns what a metric is with ties against the query, in expectation, and for
// it.
func ranged(p *retrieval.Profile, metric func(p *retrieval.Profile) float64) retrieval.Range {
	r := exactly(metric(p))
	for _, t := range p.Tiers {
		if t.Tied > 0 {
			low, high := metric(ordered(p, true)), metric(ordered(p, false))
			return retrieval.Range{Low: low, Expected: max(low, min(r.Expected, high)), High: high}
		}
	}
	return r
}
