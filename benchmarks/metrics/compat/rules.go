package compat

import "gpwbench/benchmarks/retrieval"

// rules are how a tool ranks and counts. The zero value has ours.
type rules struct {
	similarity retrieval.Similarity
	self       self
	dropFirst  bool // the first neighbour is left out, whatever it is
	ordered    bool // equal similarities stand in the order of the tool's sort
	lonely     lonely
	own        bool // figures have the tool's own divisors and its own padding
}

// self is what becomes of the query where rows search each other.
type self int

const (
	leftOut  self = iota // by its index
	positive             // it is searched like any row of its class
	negative             // it is searched and relevant to nothing
	largest              // it is taken for the most similar row of its class
)

// lonely is what becomes of a query without a positive.
type lonely int

const (
	notCounted lonely = iota
	missed            // a query with the value 0
	stops             // the tool ends with an error
)

// A pass is what the ranking of a rule set depends on. Others share it.
type pass struct {
	similarity retrieval.Similarity
	withSelf   bool
}

func (r rules) pass(gallery bool) pass {
	return pass{r.similarity, !gallery && r.self != leftOut}
}

// A likely is one of the rankings that ties leave open, with its probability.
type likely struct {
	retrieval.Profile
	probability float64
}

// rankings applies the rules to a profile of their pass.
func (r rules) rankings(p *retrieval.Profile, withSelf bool) []likely {
	q := clone(p)
	switch {
	case !withSelf:
	case r.self == negative:
		q.Tiers[0].Positives--
		q.Tiers[0].Tied++
		q.Positives--
		q.Negatives++
	case r.self == largest:
		// The most similar positive is left out, be it the query or not.
		q.Tiers[0].Positives--
		q.Positives--
	}
	settle(q)
	if !r.dropFirst {
		return []likely{{*q, 1}}
	}
	return withoutFirst(q)
}

// withoutFirst leaves out the first neighbour: a negative or a positive of the first
// tier, or a negative above it.
func withoutFirst(q *retrieval.Profile) []likely {
	lessNegative := func() *retrieval.Profile {
		n := clone(q)
		n.Negatives--
		if n.Tiers[0].Above > 0 {
			n.Tiers[0].Above--
		} else {
			n.Tiers[0].Tied--
		}
		settle(n)
		return n
	}

	switch {
	case len(q.Tiers) == 0:
		n := clone(q)
		n.Negatives--
		return []likely{{*n, 1}}
	case q.Tiers[0].Above > 0:
		return []likely{{*lessNegative(), 1}}
	}
	first := q.Tiers[0]
	n := clone(q)
	n.Positives--
	n.Tiers[0].Positives--
	settle(n)
	share := float64(first.Positives) / float64(first.Positives+first.Tied)
	all := []likely{{*n, share}}
	if first.Tied > 0 {
		all = append(all, likely{*lessNegative(), 1 - share})
	}
	return all
}

func clone(p *retrieval.Profile) *retrieval.Profile {
	q := *p
	q.Tiers = append([]retrieval.Tier(nil), p.Tiers...)
	return &q
}

// settle joins a first tier without positives to the next one, and sets the best tier.
func settle(p *retrieval.Profile) {
	if len(p.Tiers) > 0 && p.Tiers[0].Positives == 0 {
		before := p.Tiers[0].Above + p.Tiers[0].Tied
		p.Tiers = p.Tiers[1:]
		if len(p.Tiers) > 0 {
			p.Tiers[0].Above += before
		}
	}
	p.Best = retrieval.Tier{}
	if len(p.Tiers) > 0 {
		p.Best = p.Tiers[0]
	}
}
