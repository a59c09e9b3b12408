package losses

import "gpwbench/internal/f64"

// TupletMargin is the (N+1)-tuplet loss with an angular slack for the positive. It is a
// mean over positive pairs:
//
//	L = (1/|P|) Σ_{(i,p)} log(1 + Σ_{N_i} e^{s (S_in − cos(θ_ip − β))})
//	θ_ip = arccos S_ip
//
// The source is Yu & Tao, ICCV 2019, with one negative of every other class. Here all
// negatives take part, as in pytorch-metric-learning. A positive within the slack, θ < β,
// is pushed away: G > 0. As S approaches ±1 the derivative of sin θ grows without bound,
// though the gradient by a unit vector does not. At S = ±1 it is infinite and is taken as
// 0, because duplicates have no direction in which to move apart. Positive pairs of an
// anchor without negatives have the value 0 and count.
type TupletMargin struct {
	Margin float64 `yaml:"margin" sym:"β" in:"[0,90]" doc:"slack of the positive's angle, in degrees"`
	Scale  float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the similarities"`
}

// EvalAnchor implements [AnchorLoss].
func (l TupletMargin) EvalAnchor(a *Anchor) (sum, terms float64) {
	terms = float64(len(a.Pos))
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, terms
	}

	all := LogSumExp(Scaled(a.GNeg, a.Neg, l.Scale, 0))
	sin, cos := sincos(l.Margin)

	pull := 0.0
	for k, s := range a.Pos {
		root, slope := sine(s)
		z := all - l.Scale*(s*cos+root*sin)
		value, share := SoftplusSlope(z)
		sum += value
		a.GPos[k] = -l.Scale * share * (cos + slope*sin)
		pull += share
	}

	f64.Scale(a.GNeg, a.GNeg, l.Scale*pull, 0)
	return sum, terms
}

var tupletMargin = Spec{
	Name:     "tuplet_margin",
	Title:    "Tuplet margin",
	Cite:     "Yu & Tao, ICCV 2019",
	Year:     2019,
	Family:   Tuples,
	Formula:  "L = (1/|P|) Σ_{(i,p)} log(1 + Σ_{N_i} e^{s (S_in − cos(θ_ip − β))})",
	Traits:   SignChanging,
	Revision: 2,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.TupletMargin", Value: TupletMargin{Margin: 5.73, Scale: 64}, Oracle: "golden tuplet_margin"},
	},
}

// IntraPairVariance moves similarities towards the mean of their kind. The terms are
// those of the similarities on the wrong side of the mean by more than a slack:
//
//	L = mean over P of [(1−ε₊) S̄_P − S]₊² + mean over N of [S − (1+ε₋) S̄_N]₊²
//
// S̄_P and S̄_N are the means of all positive and of all negative pairs of the batch.
// They are not constant in the gradient, so a positive above the mean has G > 0. The
// source is Yu & Tao, ICCV 2019, where it is a regulariser for [TupletMargin]. If S̄_N <
// 0 the slack has the wrong sign, as in pytorch-metric-learning. A batch that lacks
// positive or negative pairs keeps the other mean.
type IntraPairVariance struct {
	PosEps float64 `yaml:"pos_eps" sym:"ε₊" in:"[0,1]" doc:"slack of the positives, relative to their mean"`
	NegEps float64 `yaml:"neg_eps" sym:"ε₋" in:"[0,1]" doc:"slack of the negatives, relative to their mean"`
}

// Eval implements [Loss].
func (l IntraPairVariance) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	var pos, neg SideSum // of similarities, then of violations
	centrePos, centreNeg := l.centres(b)

	for i := range b.m {
		a := b.Anchor(i)
		f64.Scale(a.Pos, a.Pos, 1, centrePos)
		f64.Scale(a.Neg, a.Neg, 1, centreNeg)
		pos = pos.Add(SideSum{f64.Sum(a.Pos), float64(len(a.Pos))})
		neg = neg.Add(SideSum{f64.Sum(a.Neg), float64(len(a.Neg))})
	}

	perPos, perNeg := pos.PerTerm(), neg.PerTerm()
	meanPos, meanNeg := pos.Sum*perPos, neg.Sum*perNeg
	low, high := meanPos-l.PosEps*(centrePos+meanPos), meanNeg+l.NegEps*(centreNeg+meanNeg)

	value := 0.0
	pos.Sum, neg.Sum = 0, 0
	for i := range b.m {
		a := b.Anchor(i)
		pos.Sum += f64.Ramp(a.GPos, Scaled(a.GPos, a.Pos, -1, centrePos), -low)
		neg.Sum += f64.Ramp(a.GNeg, Scaled(a.GNeg, a.Neg, 1, centreNeg), high)
		value += perPos*f64.Dot(a.GPos, a.GPos) + perNeg*f64.Dot(a.GNeg, a.GNeg)
	}

	// The gradient of a similarity has its own violation, and through the mean a part of
	// all violations of its kind.
	pullAll, pushAll := (1-l.PosEps)*pos.Sum*perPos, (1+l.NegEps)*neg.Sum*perNeg
	for i := range b.m {
		a := b.Anchor(i)
		f64.Ramp(a.GPos, Scaled(a.GPos, a.Pos, -1, centrePos), -low)
		f64.Ramp(a.GNeg, Scaled(a.GNeg, a.Neg, 1, centreNeg), high)
		f64.Scale(a.GPos, a.GPos, -2*perPos, pullAll)
		f64.Scale(a.GNeg, a.GNeg, 2*perNeg, pushAll)
		b.Store(a, g)
	}

	return value
}

// centres returns the similarity of a positive and that of a negative. With them
// subtracted, deviations keep their digits where all similarities are close together.
func (l IntraPairVariance) centres(b *Batch) (pos, neg float64) {
	for i := range b.m {
		a := b.Anchor(i)
		if len(a.Pos) > 0 {
			pos = a.Pos[0]
		}
		if len(a.Neg) > 0 {
			neg = a.Neg[0]
		}

		if len(a.Pos) > 0 && len(a.Neg) > 0 {
			break
		}
	}
	return pos, neg
}

var intraPairVariance = Spec{
	Name:     "intra_pair_variance",
	Title:    "Intra-pair variance",
	Cite:     "Yu & Tao, ICCV 2019",
	Year:     2019,
	Family:   Tuples,
	Formula:  "L = mean_P [(1−ε₊) S̄_P − S]₊² + mean_N [S − (1+ε₋) S̄_N]₊²",
	Traits:   SignChanging | BatchCoupled,
	Revision: 2,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.IntraPairVariance", Value: IntraPairVariance{PosEps: 0.01, NegEps: 0.01}, Oracle: "golden intra_pair_variance"},
	},
}
