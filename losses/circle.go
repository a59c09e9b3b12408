package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// Circle is the circle loss, a mean over the anchors that have both sides:
//
//	L = (1/k) Σ_i log(1 + Σ_{P_i} e^{−γ α_p (S_p − 1 + m)}
//	                    · Σ_{N_i} e^{γ α_n (S_n − m)})
//	α_p = [1 + m − S_p]₊, α_n = [S_n + m]₊
//
// The farther a pair is from the similarity that it should have, the larger its weight.
// The source is Sun et al., CVPR 2020, eq. 6 with the margins above eq. 8. The gradients
// are its eqs. 9 and 10.
//
// α is held constant, so G is not the derivative of the value. The gradient through α as
// well would differ by a quarter. pytorch-metric-learning holds α constant too, and takes
// the mean over the anchors with a positive value. The value is large where γ is large,
// so all sums are kept as logarithms. An anchor that lacks either side adds nothing.
type Circle struct {
	Margin float64 `yaml:"m" alias:"margin" sym:"m" in:"[-1,1]" doc:"relaxation: positives aim at 1 − m, negatives at m"`
	Gamma  float64 `yaml:"gamma" sym:"γ" in:"(0,inf)" doc:"scale"`
}

// EvalAnchor implements [AnchorLoss].
func (l Circle) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, 0
	}

	awayPos, awayNeg := l.logits(a)
	pos, neg := LogSumExp(a.GPos), LogSumExp(a.GNeg)

	w := l.Gamma * Sigmoid(pos+neg)
	f64.Multiply(a.GPos, Scaled(awayPos, awayPos, -w, 0))
	f64.Multiply(a.GNeg, Scaled(awayNeg, awayNeg, w, 0))
	return Softplus(pos + neg), 1
}

// logits sets GPos and GNeg to the exponents and returns α_p and α_n.
func (l Circle) logits(a *Anchor) (pos, neg []float64) {
	pos, neg = a.Scratch(len(a.Pos)), a.Scratch(len(a.Neg))
	f64.Ramp(pos, Scaled(a.GPos, a.Pos, -1, 1+l.Margin), 0)
	f64.Multiply(Scaled(a.GPos, a.Pos, -l.Gamma, 1-l.Margin), pos)
	f64.Ramp(neg, a.Neg, -l.Margin)
	f64.Multiply(Scaled(a.GNeg, a.Neg, l.Gamma, l.Margin), neg)
	return pos, neg
}

// CircleBatch is the circle loss over all pairs of the batch under one logarithm:
//
//	L = log(1 + Σ_P e^{−γ α_p (S_p − 1 + m)} · Σ_N e^{γ α_n (S_n − m)})
//
// It is the form of a third-party code (TinyZeaMays/CircleLoss), with every pair of a
// square batch counted once. All anchors share one softmax. In Sun et al., CVPR 2020, eq.
// 6, each anchor has a softmax of its own. A batch that lacks positive or negative pairs
// has L = 0.
type CircleBatch struct {
	Margin float64 `yaml:"m" alias:"margin" sym:"m" in:"[-1,1]" doc:"relaxation: positives aim at 1 − m, negatives at m"`
	Gamma  float64 `yaml:"gamma" sym:"γ" in:"(0,inf)" doc:"scale"`
}

// Eval implements [Loss].
func (l CircleBatch) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	pos, neg := math.Inf(-1), math.Inf(-1)
	for i := range b.m {
		a := b.Anchor(i)
		Circle(l).logits(a)
		pos, neg = LogAdd(pos, LogSumExp(a.GPos)), LogAdd(neg, LogSumExp(a.GNeg))
	}

	if math.IsInf(pos, -1) || math.IsInf(neg, -1) {
		clear(g)
		return 0
	}

	z := pos + neg
	if b.IsSquare() {
		z -= 2 * math.Ln2 // both orders of every pair were added
	}

	w := l.Gamma * Sigmoid(z)
	for i := range b.m {
		a := b.Anchor(i)
		awayPos, awayNeg := Circle(l).logits(a)
		f64.ExpSum(a.GPos, a.GPos, pos)
		f64.ExpSum(a.GNeg, a.GNeg, neg)
		f64.Multiply(a.GPos, Scaled(awayPos, awayPos, -w, 0))
		f64.Multiply(a.GNeg, Scaled(awayNeg, awayNeg, w, 0))
		b.Store(a, g)
	}

	return Softplus(z)
}

var circle = Spec{
	Name:     "circle",
	Title:    "Circle",
	Cite:     "Sun et al., CVPR 2020",
	Year:     2020,
	Family:   Tuples,
	Formula:  "L = (1/k) Σ_i log(1 + Σ_{P_i} e^{−γα_p(S_p−1+m)} Σ_{N_i} e^{γα_n(S_n−m)})",
	Traits:   Detached,
	Held:     "the factors α_p = [1 + m − S_p]₊ and α_n = [S_n + m]₊",
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "Sun et al., CVPR 2020, §4.1, for fine-grained retrieval, and pytorch-metric-learning's default: m 0.4, γ 80", Code: codePML,
			Departs: "the library counts the anchors with a positive value only, here all that have both sides count; the two differ where a value is exactly 0",
			Form:    "losses.Circle", Value: Circle{Margin: 0.4, Gamma: 80}, Oracle: "golden circle"},
		{Name: "face", Source: "Sun et al., CVPR 2020, §4.1, for faces: m 0.25, γ 256", Form: "losses.Circle", Value: Circle{Margin: 0.25, Gamma: 256}, Oracle: "golden circle_m.25_g16 (γ 16)"},
		{Name: "reid", Source: "Sun et al., CVPR 2020, §4.1, for re-identification: m 0.25, γ 128", Form: "losses.Circle", Value: Circle{Margin: 0.25, Gamma: 128}, Oracle: "golden circle_m.25_g16 (γ 16)"},
	},
}

var circleBatch = Spec{
	Name:     "circle_batch",
	Title:    "Circle, whole batch",
	Cite:     "Sun et al., CVPR 2020, over all pairs",
	Year:     2020,
	Family:   Tuples,
	Formula:  "L = log(1 + Σ_P e^{−γα_p(S_p−1+m)} Σ_N e^{γα_n(S_n−m)})",
	Traits:   Detached | BatchCoupled,
	Held:     "the factors α_p = [1 + m − S_p]₊ and α_n = [S_n + m]₊",
	Revision: 1,
	Presets: []Preset{
		{Name: "face", Source: "m 0.25 and γ 256 as Sun et al., CVPR 2020, §4.1, for faces; the form is that of a third-party code (TinyZeaMays)", Form: "losses.CircleBatch", Value: CircleBatch{Margin: 0.25, Gamma: 256}, Oracle: "golden circle_batchwide (γ 16)"},
	},
}
