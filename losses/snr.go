package losses

// SNRContrastive is the contrastive loss with the ratio of noise to signal in place of a
// distance. The noise is the difference of candidate j and anchor i:
//
//	L = mean over s > μ₊ of (s − μ₊) + mean over s < μ₋ of (μ₋ − s)
//	s_ij = var(x_j − x_i) / var(x_i)
//
// The first mean is over positives and the second over negatives. var is over the D
// coordinates of a vector. On unit vectors
//
//	s_ij = (2 − 2S_ij − (u_i − u_j)²) / (1 − u_i²),  u_i = √D·mean(x_i)
//
// So the loss is a function of S and of the means of the coordinates, which are not in
// General Pair Weighting. Its weights are the part of the gradient that goes through S.
// Training adds the part that goes through u, [Batch.MeansGradient]. With u = 0, s is d².
// Otherwise s is not symmetric.
//
// Yuan et al., CVPR 2019, do not normalise the embeddings, so that s is free. They add a
// regulariser of the means, λ|Σ_c x_c|. Here, as in pytorch-metric-learning, the vectors
// have unit length and there is no regulariser. The hinges are linear, and each side is
// divided by the number of its active pairs.
//
// An anchor that lacks one side keeps the other. An anchor whose coordinates are all
// equal has no signal and adds nothing. 1 − u² below 10⁻⁶ counts as no signal, because it
// may be nothing but the rounding of float32.
type SNRContrastive struct {
	PosMargin float64 `yaml:"pos_margin" sym:"μ₊" in:"[0,4]" doc:"ratio of noise to signal that a positive should stay below"`
	NegMargin float64 `yaml:"neg_margin" sym:"μ₋" in:"[0,4]" doc:"ratio of noise to signal that a negative should exceed"`
}

// New implements [Factory].
func (l SNRContrastive) New(m Miner) (Loss, error) { return snrContrastive{l, m}, nil }

type snrContrastive struct {
	SNRContrastive
	miner Miner
}

// leastSignal is the 1 − u² of an anchor below which its coordinates count as all equal.
const leastSignal = 1e-6

// Eval implements [Loss].
func (l snrContrastive) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	checkMeans(b, "SNR contrastive")
	miner := forBatch(l.miner, b)

	memory := b.Scratch(2 * (b.m + b.n))
	clear(memory)
	var byPos, byNeg meansSums // derivatives of the two sums
	byPos.anchors, memory = split(memory, b.m)
	byNeg.anchors, memory = split(memory, b.m)
	byPos.candidates, byNeg.candidates = split(memory, b.n)

	var pos, neg SideSum
	for i := range b.m {
		a := b.Anchor(i)
		p, n := l.evalSides(b, a, miner, byPos, byNeg)
		pos, neg = pos.Add(p), neg.Add(n)
		b.Store(a, g)
	}

	perPos, perNeg := pos.PerTerm(), neg.PerTerm()
	for i := range b.m {
		b.byAnchorMeans[i] = byPos.anchors[i]*perPos + byNeg.anchors[i]*perNeg
	}
	for j := range b.n {
		b.byCandidateMeans[j] = byPos.candidates[j]*perPos + byNeg.candidates[j]*perNeg
	}
	return b.DivideSides(g, pos, neg)
}

// meansSums are the derivatives of a sum by the means of anchors and of candidates.
type meansSums struct{ anchors, candidates []float64 }

// evalSides returns the anchor's sums, and adds their derivatives by the means.
func (l snrContrastive) evalSides(b *Batch, a *Anchor, miner Miner, byPos, byNeg meansSums) (pos, neg SideSum) {
	i := a.Row
	u := b.anchorMeans[i]
	signal := (1 - u) * (1 + u)
	if signal < leastSignal {
		return pos, neg
	}

	keepPos, keepNeg := a.Masks()
	if miner != nil {
		clear(keepPos)
		clear(keepNeg)
		miner.Keep(a, keepPos, keepNeg)
	}

	for k, s := range a.Pos {
		j := b.PositiveColumn(i, k)
		t, byAnchor, byCandidate := noise(s, u, b.candidateMeans[j])
		if t > l.PosMargin && (miner == nil || keepPos[k]) {
			pos = pos.Add(SideSum{t - l.PosMargin, 1})
			a.GPos[k] = -2 / signal
			byPos.anchors[i] += byAnchor
			byPos.candidates[j] += byCandidate
		}
	}
	for k, s := range a.Neg {
		j := b.NegativeColumn(i, k)
		t, byAnchor, byCandidate := noise(s, u, b.candidateMeans[j])
		if t < l.NegMargin && (miner == nil || keepNeg[k]) {
			neg = neg.Add(SideSum{l.NegMargin - t, 1})
			a.GNeg[k] = 2 / signal
			byNeg.anchors[i] -= byAnchor
			byNeg.candidates[j] -= byCandidate
		}
	}
	return pos, neg
}

// noise returns the ratio of noise to signal of a pair with the scaled means u and v,
// and its derivatives by these.
func noise(s, u, v float64) (t, byAnchor, byCandidate float64) {
	signal := (1 - u) * (1 + u)
	t = (2 - 2*s - (u-v)*(u-v)) / signal
	return t, 2 * (t*u - (u - v)) / signal, 2 * (u - v) / signal
}

var snr = Spec{
	Name:     "snr_contrastive",
	Title:    "SNR contrastive",
	Cite:     "Yuan et al., CVPR 2019",
	Year:     2019,
	Family:   Pairwise,
	Formula:  "L = mean_{P, s > μ₊} (s − μ₊) + mean_{N, s < μ₋} (μ₋ − s), s = var(x_j − x_i)/var(x_i)",
	Traits:   CountDivisor | ReadsVectorMeans,
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default: on unit vectors, without the regulariser of the means", Code: codePML, Form: "losses.SNRContrastive", Value: SNRContrastive{PosMargin: 0, NegMargin: 1}, Oracle: "golden snr_contrastive"},
	},
}
