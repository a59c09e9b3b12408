package losses

// BinomialDeviance is the binomial deviance with a mean over each anchor's positives and
// over its negatives:
//
//	L = (1/m) Σ_i [ (1/|P_i|) Σ_{P_i} log(1 + e^{α(λ − S_ij)})
//	              + (1/|N_i|) Σ_{N_i} log(1 + e^{β(S_ij − λ)}) ]
//
// A pair's weight is a sigmoid of its own similarity alone. The source is Wang et al.,
// CVPR 2019, eq. 9, after Yi et al., 2014. The two sides are separate sums, so an anchor
// that lacks one keeps the other. Unlike Multi-Similarity, the loss is not divided by α
// and β, so negatives weigh up to β and positives up to α, unless Scaled is set.
type BinomialDeviance struct {
	Alpha  float64 `yaml:"alpha" alias:"scale_pos" sym:"α" in:"(0,inf)" doc:"scale of the positives"`
	Beta   float64 `yaml:"beta" alias:"scale_neg" sym:"β" in:"(0,inf)" doc:"scale of the negatives"`
	Lambda float64 `yaml:"lambda" alias:"base,thresh,margin" sym:"λ" in:"[-1,1]" doc:"similarity at which a pair has half its greatest weight"`

	// Scaled adds the prefactors 2/α and 2/β. The weights of both sides then lie between
	// 0 and 2, over m and the number of the anchor's pairs. Wang et al., CVPR 2019, eq.
	// 9, has no prefactors. The authors' earlier code, bnu-wangxun/Deep_Metric, has them
	// with mining and omits them without mining, so its two rows differ in both. The
	// preset deep_metric is its row without mining.
	Scaled bool
}

// EvalAnchor implements [AnchorLoss].
func (l BinomialDeviance) EvalAnchor(a *Anchor) (sum, terms float64) {
	factorPos, factorNeg := 1.0, 1.0
	if l.Scaled {
		factorPos, factorNeg = 2/l.Alpha, 2/l.Beta
	}

	sum = SoftplusSum(a, a.GPos, a.Pos, -l.Alpha, l.Lambda, factorPos/float64(len(a.Pos))) +
		SoftplusSum(a, a.GNeg, a.Neg, l.Beta, l.Lambda, factorNeg/float64(len(a.Neg)))
	return sum, 1
}

// BinomialYi is the binomial deviance with a mean over all positive pairs of the batch
// and one over all its negative pairs:
//
//	L = mean over P of log(1 + e^{−α(S−β)}) + mean over N of log(1 + e^{αC(S−β)})
//
// The weight of a pair does not depend on how many pairs its anchor has. The source is
// Yi et al., 2014, as Ustinova & Lempitsky, NIPS 2016, are said to state it. Neither
// could be read here. A batch that lacks positive or negative pairs keeps the other
// mean.
type BinomialYi struct {
	Alpha     float64 `yaml:"alpha" sym:"α" in:"(0,inf)" doc:"scale of the positives"`
	Threshold float64 `yaml:"threshold" sym:"β" in:"[-1,1]" doc:"similarity at which a pair has half its greatest weight"`
	C         float64 `yaml:"c" alias:"cost" sym:"C" in:"(0,inf)" doc:"scale of the negatives over that of the positives"`
}

// EvalSides implements [PerSideLoss].
func (l BinomialYi) EvalSides(a *Anchor) (pos, neg SideSum) {
	pos.Sum = SoftplusSum(a, a.GPos, a.Pos, -l.Alpha, l.Threshold, 1)
	neg.Sum = SoftplusSum(a, a.GNeg, a.Neg, l.Alpha*l.C, l.Threshold, 1)
	pos.Terms, neg.Terms = float64(len(a.Pos)), float64(len(a.Neg))
	return pos, neg
}

var binomialDeviance = Spec{
	Name:     "binomial_deviance",
	Title:    "Binomial",
	Cite:     "Yi et al., 2014; Wang et al., CVPR 2019, eq. 9",
	Year:     2014,
	Family:   Pairwise,
	Formula:  "L = (1/m) Σ_i [ (1/|P_i|) Σ_{P_i} log(1 + e^{α(λ−S_ij)}) + (1/|N_i|) Σ_{N_i} log(1 + e^{β(S_ij−λ)}) ]",
	Table1:   Axes{S},
	Revision: 1,
	Presets: []Preset{
		{Name: "gpw", Source: "Wang et al., CVPR 2019, eq. 9; values as in the authors' earlier code", Code: codeDeepMetric, Form: "losses.BinomialDeviance", Value: BinomialDeviance{Alpha: 2, Beta: 40, Lambda: 0.5}, Oracle: "golden binomial_deviance"},
		{Name: "deep_metric", Source: "the ablation's row as in the authors' earlier code (bnu-wangxun/Deep_Metric): no prefactors without mining", Code: codeDeepMetric, Form: "losses.BinomialDeviance", Value: BinomialDeviance{Alpha: 2, Beta: 40, Lambda: 0.5}, Oracle: "golden binomial_deviance"},
		{Name: "scaled", Source: "the authors' earlier code with mining, prefactors 2/α and 2/β: all rows of the ablation on one scale", Code: codeDeepMetric, Form: "losses.ScaledBinomialDeviance", Value: BinomialDeviance{Alpha: 2, Beta: 40, Lambda: 0.5, Scaled: true}, Oracle: "golden binomial_msmined (with the miner)"},
		{Name: "yi", Source: "after Yi et al., 2014; the values are common ones, not read in the paper", Form: "losses.BinomialYi", Value: BinomialYi{Alpha: 2, Threshold: 0.5, C: 25}, Oracle: "golden binomial_deviance_yi"},
	},
}
