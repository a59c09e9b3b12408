package losses

// MultiSimilarity is the weighting part of the Multi-Similarity loss. With
// [MultiSimilarityMiner] it is the whole loss:
//
//	L = (1/m) Σ_i { (1/α) log(1 + Σ_{P_i} e^{−α(S_ij−λ)})
//	              + (1/β) log(1 + Σ_{N_i} e^{β(S_ij−λ)}) }
//
// A negative weighs 1/(e^{β(λ−S_ij)} + Σ_k e^{β(S_ik−S_ij)}). So the weight depends on
// the negative's own similarity and on the anchor's other negatives. Mining adds the
// comparison with the positives. The source is Wang et al., CVPR 2019, eqs. 13 to 15. m
// counts all anchors, also those of which the miner keeps no pair.
//
// With the printed λ = 1 negatives weigh next to nothing below S = 0.9. The authors' code
// has λ = 0.5, and every reproduction that works follows it. That code removes the self
// pair by value and fails on an anchor without positives.
type MultiSimilarity struct {
	Alpha  float64 `yaml:"alpha" alias:"scale_pos" sym:"α" in:"(0,inf)" doc:"scale of the positives"`
	Beta   float64 `yaml:"beta" alias:"scale_neg" sym:"β" in:"(0,inf)" doc:"scale of the negatives"`
	Lambda float64 `yaml:"lambda" alias:"base,thresh,lmda" sym:"λ" in:"[-1,2]" doc:"similarity that positives should exceed and negatives stay below"`
}

// EvalAnchor implements [AnchorLoss].
func (l MultiSimilarity) EvalAnchor(a *Anchor) (sum, terms float64) {
	pos := Scaled(a.GPos, a.Pos, -l.Alpha, l.Lambda)
	neg := Scaled(a.GNeg, a.Neg, l.Beta, l.Lambda)
	sum = Log1pSumExp(pos)/l.Alpha + Log1pSumExp(neg)/l.Beta

	for k := range pos {
		pos[k] = -pos[k]
	}
	return sum, 1
}

// Uniform gives every pair of an anchor the same weight, the mean over each side:
//
//	L = (1/m) Σ_i [ mean over P_i of (1 − S_ij) + mean over N_i of S_ij ]
//
// It is a loss only with a miner, which then does all the weighting. In the ablation of
// Wang et al., CVPR 2019, it is the row with Multi-Similarity mining alone, in the form
// of the authors' earlier code. An anchor that lacks either side adds nothing and counts
// in m.
type Uniform struct{}

// EvalAnchor implements [AnchorLoss].
func (Uniform) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, 1
	}

	p, n := 1/float64(len(a.Pos)), 1/float64(len(a.Neg))
	for k, s := range a.Pos {
		sum += p * (1 - s)
		a.GPos[k] = -p
	}

	for k, s := range a.Neg {
		sum += n * s
		a.GNeg[k] = n
	}

	return sum, 1
}

var multiSimilarity = Spec{
	Name:     "multi_similarity",
	Title:    "Multi-Similarity",
	Cite:     "Wang et al., CVPR 2019, eqs. 11 to 15",
	Year:     2019,
	Family:   MultiSimilarities,
	Formula:  "L = (1/m) Σ_i { (1/α) log(1 + Σ_{P_i} e^{−α(S_ij−λ)}) + (1/β) log(1 + Σ_{N_i} e^{β(S_ij−λ)}) }",
	Table1:   Axes{S, N, P},
	Revision: 2,
	Presets: []Preset{
		{Name: "official", Source: "the authors' code", Code: codeMS,
			Departs: "the code removes the self pair by value, S ≥ 1 − 1e−5, and with it every duplicate of the anchor, which is a positive here; it fails on an anchor without positives, which adds nothing here and counts in m",
			Form:    "losses.MultiSimilarity", Value: MultiSimilarity{Alpha: 2, Beta: 40, Lambda: 0.5}, Miner: MultiSimilarityMiner{Eps: 0.1}, Oracle: "golden ms_official_40"},
		{Name: "paper", Source: "Wang et al., CVPR 2019, as printed (secondary sources agree)", Form: "losses.MultiSimilarity", Value: MultiSimilarity{Alpha: 2, Beta: 50, Lambda: 1}, Miner: MultiSimilarityMiner{Eps: 0.1}, Oracle: "golden ms_paper_lam1"},
		{Name: "pml", Source: "pytorch-metric-learning's loss with its miner", Code: codePML, Form: "losses.MultiSimilarity", Value: MultiSimilarity{Alpha: 2, Beta: 50, Lambda: 0.5}, Miner: MultiSimilarityMiner{Eps: 0.1}, Oracle: "golden ms_pml_mined"},
		{Name: "weighting", Source: "the authors' code without mining", Code: codeMS,
			Departs: "the code removes duplicates of the anchor, S ≥ 1 − 1e−5, with the self pair; here they are positives",
			Form:    "losses.MultiSimilarity", Value: MultiSimilarity{Alpha: 2, Beta: 40, Lambda: 0.5}, Oracle: "golden ms_pml_noMining (β 50)"},
		{Name: "mining_only", Source: "the ablation of Wang et al., CVPR 2019, as in the authors' earlier code", Code: codeDeepMetric, Form: "losses.Uniform", Value: Uniform{}, Miner: MultiSimilarityMiner{Eps: 0.1}, Oracle: "golden ms_mining_only"},
		{Name: "mined_binomial", Source: "the ablation of Wang et al., CVPR 2019: binomial weights with this mining, prefactors as in the authors' earlier code", Code: codeDeepMetric, Form: "losses.ScaledBinomialDeviance", Value: BinomialDeviance{Alpha: 2, Beta: 40, Lambda: 0.5, Scaled: true}, Miner: MultiSimilarityMiner{Eps: 0.1}, Oracle: "golden binomial_msmined"},
		{Name: "mined_lifted", Source: "the ablation of Wang et al., CVPR 2019: LiftedStruct* weights with this mining, as in the authors' earlier code", Code: codeDeepMetric, Form: "losses.LiftedStar", Value: LiftedStar{Alpha: 2, Beta: 40}, Miner: MultiSimilarityMiner{Eps: 0.1}, Oracle: "golden lifted_star_msmined"},
	},
}
