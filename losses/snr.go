package losses

// SNRContrastive is the contrastive loss with the ratio of noise to signal for a distance, the noise being what candidate j is off from anchor i:
//
//	L = mean over s > μ₊ of (s − μ₊) + mean over s < μ₋ of (μ₋ − s),  s_ij = var(x_j − x_i) / var(x_i)
//
// over positives and over negatives, var being over the D coordinates of a vector. On unit vectors
//
//	s_ij = (2 − 2S_ij − (u_i − u_j)²) / (1 − u_i²),  u_i = √D·mean(x_i)
//
// so it is a function of S and of the means of the coordinates, which no General Pair Weighting sees: its weights are the part of the gradient that
// goes through S, and training adds the part that goes through u, [Batch.MeansGradient]. With u = 0 it is s = d², and else it is not symmetric. Yuan
// et al., CVPR 2019, who do not normalise the embeddings, so that s is free, and add a regulariser of the means, λ|Σ_c x_c|; here as in
// pytorch-metric-learning the vectors are unit and that is left out, and the hinges are linear, each side divided by its active pairs. An anchor
// that lacks one side keeps the other. An anchor whose coordinates are all equal has no signal, and adds nothing; below 1 − u² = 10⁻⁶ that counts as
// so, for then float32's rounding makes up the rest.
type SNRContrastive struct {
	PosMargin float64 `yaml:"pos_margin" sym:"μ₊" in:"[0,4]" doc:"ratio of noise to signal that a positive should stay below"`
	NegMargin float64 `yaml:"neg_margin" sym:"μ₋" in:"[0,4]" doc:"ratio of noise to signal that a negative should exceed"`
}

// Mine implements [Mineable].
func (l SNRContrastive) Mine(m Miner) Loss { return snrContrastive{l, m} }

type snrContrastive struct {
	SNRContrastive
	miner Miner
}

// leastSignal is the 1 − u² of an anchor below which its coordinates count as all equal.
const leastSignal = 1e-6

// Eval implements [Loss].
func (l snrContrastive) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	checkMeans(b, "SNR contrastive")
	miner := forBatch(l.miner, b)
	memory := b.scratch(2 * (b.m + b.n))
	clear(memory)
	posAnchors, memory := split(memory, b.m)
	negAnchors, memory := split(memory, b.m)
	posCandidates, negCandidates := split(memory, b.n)
	var pos, neg SideSum
	row := 0
	value := apartOf(b, g, func(a *Anchor) (SideSum, SideSum) {
		i := row
		row++
		var p, n SideSum
		u := b.anchorMeans[i]
		signal := (1 - u) * (1 + u)
		if signal < leastSignal {
			return p, n
		}
		keepPos, keepNeg := a.masks()
		if miner != nil {
			clear(keepPos)
			clear(keepNeg)
			miner.Keep(a, keepPos, keepNeg)
		}
		for k, s := range a.Pos {
			j := b.positive(i, k)
			if t, byAnchor, byCandidate := noise(s, u, b.candidateMeans[j]); t > l.PosMargin && (miner == nil || keepPos[k]) {
				p.Sum, p.Terms = p.Sum+t-l.PosMargin, p.Terms+1
				a.GPos[k] = -2 / signal
				posAnchors[i] += byAnchor
				posCandidates[j] += byCandidate
			}
		}
		for k, s := range a.Neg {
			j := b.negative(i, k)
			if t, byAnchor, byCandidate := noise(s, u, b.candidateMeans[j]); t < l.NegMargin && (miner == nil || keepNeg[k]) {
				n.Sum, n.Terms = n.Sum+l.NegMargin-t, n.Terms+1
				a.GNeg[k] = 2 / signal
				negAnchors[i] -= byAnchor
				negCandidates[j] -= byCandidate
			}
		}
		pos, neg = pos.add(p), neg.add(n)
		return p, n
	})
	perPos, perNeg := pos.perTerm(), neg.perTerm()
	for i := range b.m {
		b.byAnchorMeans[i] = posAnchors[i]*perPos + negAnchors[i]*perNeg
	}
	for j := range b.n {
		b.byCandidateMeans[j] = posCandidates[j]*perPos + negCandidates[j]*perNeg
	}
	return value
}

// noise returns the ratio of noise to signal of a pair with the scaled means u and v, and its derivatives by these.
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
