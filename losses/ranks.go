package losses

// ranks are the soft comparisons of an anchor's candidates with each of its positives.
// They serve the losses that are functions of the counts
//
//	ahead_i  = Σ_{j∈P} σ((S_j − S_i)/τ), of which i itself is ½
//	behind_i = Σ_{n∈N} σ((S_n − S_i)/τ)
//
// ahead counts the positives that rank before positive i, and behind counts the negatives
// that do.
type ranks struct {
	ahead, behind           []float64
	aheadSlope, behindSlope []float64 // Σ σ', without i itself
	byAhead, byBehind       []float64 // derivatives of the loss by the counts
	pos, neg, end           int       // sources of the pairSums
}

// rank returns the counts of the anchor's positives. It uses the anchor's pairSums.
func (a *Anchor) rank(temperature float64) ranks {
	p := len(a.Pos)
	r := ranks{
		ahead: a.Scratch(p), behind: a.Scratch(p), aheadSlope: a.Scratch(p), behindSlope: a.Scratch(p),
		byAhead: a.Scratch(p), byBehind: a.Scratch(p),
	}

	a.pairSums.reset(a.Pos, temperature)
	r.pos, r.neg = a.pairSums.forwardOwn(r.ahead, r.aheadSlope, a.Pos)
	_, r.end = a.pairSums.forward(a.Neg, nil, r.behind, r.behindSlope)
	return r
}

// backward adds the gradient by the similarities to GPos and GNeg.
func (r ranks) backward(a *Anchor) {
	for i := range a.Pos {
		r.byAhead[i] /= a.pairSums.temperature
		r.byBehind[i] /= a.pairSums.temperature
		a.GPos[i] -= r.byBehind[i] * r.behindSlope[i]
	}

	a.pairSums.backwardOwn(a.GPos, r.byAhead, r.aheadSlope, r.pos, r.neg)
	a.pairSums.backward(a.GNeg, r.byBehind, r.neg, r.end, false)
}
