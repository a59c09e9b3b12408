package losses

import "math/bits"

// RecallAtK is a surrogate of one minus Recall@k, the mean over k = 1, 2, 4, …, K. It has
// a sigmoid for every comparison and one for every rank:
//
//	L = 1 − mean over q and k of min(k, Σ_{i∈P_q} σ((k − r_i)/τ₁)) / min(k, |P_q|)
//	r_i = 1 + Σ_{j≠i} σ((S_qj − S_qi)/τ₂)
//
// The mean is over the anchors that have a positive. The source is Patel et al., CVPR
// 2022. The anchor itself is not in its ranking. The authors' code counts it, which adds
// nearly 1 to every rank. A perfect ranking does not give 0. A positive ahead of other
// positives can have G > 0. An anchor without positives does not count. An anchor costs
// p+n, by [pairSums].
type RecallAtK struct {
	K           int     `yaml:"k" sym:"K" in:"[1,1024]" doc:"largest k; the smaller ones are the powers of two below it"`
	TempRank    float64 `yaml:"temp_rank" alias:"tau1" sym:"τ₁" in:"(0,inf)" doc:"temperature of the ranks"`
	Temperature float64 `yaml:"temperature" alias:"tau2" sym:"τ₂" in:"(0,inf)" doc:"temperature of the comparisons"`
}

// EvalAnchor implements [AnchorLoss].
func (l RecallAtK) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 {
		return 0, 0
	}

	p := len(a.Pos)
	c := a.rank(l.Temperature)
	ranks, push := a.Scratch(p), c.byAhead // push is the derivative by the rank
	for i := range ranks {
		ranks[i] = 0.5 + c.ahead[i] + c.behind[i] // ahead has another ½, of i itself
	}

	clear(push)
	count := float64(bits.Len(uint(l.K-1))) + 1 // the powers of two below K, and K
	for next, last := 1, false; !last; next *= 2 {
		last = next >= l.K

		// As in the authors' code, k is not larger than the batch.
		k := float64(min(next, l.K, p+len(a.Neg)+1))
		missed := 0.0 // how many positives are not among the first k
		for _, r := range ranks {
			missed += Sigmoid((r - k) / l.TempRank)
		}

		most := min(k, float64(p))
		beyond := float64(p) - most // this number may be missed
		if missed <= beyond && beyond > 0 {
			continue // the cap of k is reached
		}

		sum += (missed - beyond) / most / count
		for i, r := range ranks {
			z := (k - r) / l.TempRank
			push[i] += Sigmoid(z) * Sigmoid(-z) / (l.TempRank * most * count)
		}
	}

	copy(c.byBehind, push)
	c.backward(a)
	return sum, 1
}

var recallAtK = Spec{
	Name:     "recall_at_k",
	Title:    "Recall@k surrogate",
	Cite:     "Patel et al., CVPR 2022",
	Year:     2022,
	Family:   Ranking,
	Formula:  "L = 1 − mean_{q,k} min(k, Σ_{i∈P_q} σ((k − r_i)/τ₁)) / min(k, |P_q|), r_i = 1 + Σ_{j≠i} σ((S_qj − S_qi)/τ₂)",
	Traits:   SignChanging,
	Notes:    []string{"A perfect ranking does not give 0, for σ((k − r)/τ₁) is below 1."},
	Revision: 3,
	Presets: []Preset{
		{Name: "official", Source: "the authors' code: k 1 to 16, τ₁ 1, τ₂ 0.01, without the anchor in its own ranking", Code: codeRecallAtK,
			Departs: "the code counts the anchor itself among those ranked before each positive, which adds nearly 1 to every rank; here it is left out, as the formula says. It also cuts exponents at ±50 and takes classes of one size only",
			Form:    "losses.RecallAtK", Value: RecallAtK{K: 16, TempRank: 1, Temperature: 0.01}, Oracle: "golden recallk_0.01 (k 4)"},
	},
}
