package losses

// TripletSoft is the triplet loss with softplus in place of the hinge. It is the mean
// over all triplets:
//
//	L = (1/|T|) Σ log(1 + e^{t_ap − t_an + μ})
//	t: the distance d, its square, or −S
//
// It is the form of pytorch-metric-learning's smooth_loss. It has a margin, unlike the
// soft margin of Hermans et al., 2017. A softplus of a difference does not separate into
// a term of the positive and a term of the negative. But it is smooth, so its sums are
// taken at Chebyshev nodes where many positives are close to each other. An anchor costs
// p+n. An anchor that lacks either side has no triplet.
type TripletSoft struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[-4,4]" doc:"added to every difference"`
	Metric string  `yaml:"metric" sym:"metric" in:"{distance,squared,cosine}" doc:"what is compared"`
}

// EvalAnchor implements [AnchorLoss].
func (l TripletSoft) EvalAnchor(a *Anchor) (sum, terms float64) {
	p, n := len(a.Pos), len(a.Neg)
	if p == 0 || n == 0 {
		return 0, 0
	}

	pos, slopePos, neg, slopeNeg := a.Scratch(p), a.Scratch(p), a.Scratch(n), a.Scratch(n)
	Dissimilarities(l.Metric, pos, slopePos, a.Pos)
	Dissimilarities(l.Metric, neg, slopeNeg, a.Neg)

	for k := range pos {
		pos[k] = -pos[k]
	}
	for k := range neg {
		neg[k] = l.Margin - neg[k]
	}

	value, step, ones := a.Scratch(p), a.Scratch(p), a.Scratch(p)
	a.pairSums.reset(pos, 1)
	from, to := a.pairSums.forward(neg, value, step, nil)

	for k := range pos {
		sum += value[k]
		a.GPos[k] = step[k] * slopePos[k]
		ones[k] = 1
	}

	a.pairSums.backward(a.GNeg, ones, from, to, true)
	for k := range neg {
		a.GNeg[k] *= -slopeNeg[k]
	}

	return sum, float64(p) * float64(n)
}
