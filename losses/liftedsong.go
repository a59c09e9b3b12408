package losses

import "gpwbench/internal/f64"

// LiftedSong is the lifted structured loss as first stated, a mean over ordered positive
// pairs:
//
//	L = (1/2|P|) Σ_{(i,j)} max(0, J_ij)²
//	J_ij = d_ij + log( Σ_{k∈N_i} e^{μ−d_ik} + Σ_{l∈N_j} e^{μ−d_jl} )
//
// The source is Song et al., CVPR 2016. The negatives of both members of a pair are in
// its term, so the gradient of anchor j's negatives depends on anchor i's pairs. The sums
// of exponentials are taken once for each anchor, so a batch of m costs m² and not m²·k.
// A pair without negatives on either side adds nothing and counts in |P|.
type LiftedSong struct {
	Margin float64 `yaml:"margin" alias:"neg_margin" sym:"μ" in:"[0,4]" doc:"distance beyond which a negative hardly pushes"`
}

// Eval implements [Loss].
func (l LiftedSong) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	CheckSquare(b, "the lifted structured loss")
	clear(g)
	m := b.m
	pairs := b.squarePositives()
	if pairs == 0 {
		return 0
	}

	// push is log Σ e^{μ−d} of an anchor. share is Σ over its pairs of
	// J·e^{push − push of the pair}.
	memory := b.Scratch(2 * m)
	push, share := memory[:m], memory[m:]
	clear(share)
	for i := range m {
		logits, _ := l.logits(b.Anchor(i))
		push[i] = LogSumExp(logits)
	}

	sum, perPair := 0.0, 1/float64(pairs)
	for i := range m {
		for _, j := range b.order[b.from[i]:b.to[i]] {
			if i == j || b.to[i]-b.from[i] == m {
				continue
			}

			d, slope := Distance(b.s[i*m+j])
			z := push[j] - push[i]
			h := d + push[i] + Softplus(z)
			if h <= 0 {
				continue
			}

			sum += h * h / 2
			g[i*m+j] = perPair * h * slope
			share[i] += h * Sigmoid(-z)
			share[j] += h * Sigmoid(z)
		}
	}

	for i := range m {
		a := b.Anchor(i)
		t, slope := l.logits(a)
		LogSumExp(t)
		f64.Scale(a.GNeg, t, -perPair*share[i], 0)
		f64.Multiply(a.GNeg, slope)
		b.StoreNegatives(a, g, 1)
	}

	return perPair * sum
}

// logits returns μ − d of the negatives, and the derivatives of d.
func (l LiftedSong) logits(a *Anchor) (t, slope []float64) {
	d, slope := a.Scratch(len(a.Neg)), a.Scratch(len(a.Neg))
	f64.Distances(d, slope, a.Neg)
	return Scaled(d, d, -1, l.Margin), slope
}

// LiftedGeneralized is the generalised lifted structured loss, a mean over anchors:
//
//	L = (1/m) Σ_i [ log Σ_{P_i} e^{d_ip} + log Σ_{N_i} e^{μ−d_in} ]₊
//
// The source is Hermans et al., 2017. An anchor that lacks either side adds nothing and
// counts in m. pytorch-metric-learning takes the logarithm of an empty sum to be 0, so
// such an anchor has the loss of its other side alone.
type LiftedGeneralized struct {
	Margin float64 `yaml:"margin" alias:"neg_margin" sym:"μ" in:"[-4,4]" doc:"added to every negative's exponent; opens the hinge"`
}

// EvalAnchor implements [AnchorLoss].
func (l LiftedGeneralized) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, 1
	}

	pos, slopePos, neg, slopeNeg := AnchorDistances(a)
	sum = LogSumExp(pos) + LogSumExp(Scaled(neg, neg, -1, l.Margin))
	if sum <= 0 {
		return 0, 1
	}

	copy(a.GPos, pos)
	f64.Multiply(a.GPos, slopePos)
	f64.Scale(a.GNeg, neg, -1, 0)
	f64.Multiply(a.GNeg, slopeNeg)
	return sum, 1
}

var liftedSong = Spec{
	Name:     "lifted_2016",
	Title:    "Lifted structure (2016)",
	Cite:     "Song et al., CVPR 2016",
	Year:     2016,
	Family:   Tuples,
	Formula:  "L = (1/2|P|) Σ_{(i,j)} [ d_ij + log( Σ_{N_i} e^{μ−d_ik} + Σ_{N_j} e^{μ−d_jl} ) ]₊²",
	Relation: Square,
	Traits:   BatchCoupled,
	Revision: 1,
	Presets: []Preset{
		{Name: "song", Source: "Song et al., CVPR 2016, with margin 1, on unit vectors", Form: "losses.LiftedSong", Value: LiftedSong{Margin: 1}, Oracle: "golden lifted_2016"},
	},
}

var liftedGeneralized = Spec{
	Name:     "lifted_generalized",
	Title:    "Generalised lifted structure",
	Cite:     "Hermans et al., 2017",
	Year:     2017,
	Family:   Tuples,
	Formula:  "L = (1/m) Σ_i [ log Σ_{P_i} e^{d} + log Σ_{N_i} e^{μ−d} ]₊",
	Revision: 1,
	Presets: []Preset{
		{Name: "hermans", Source: "Hermans et al., 2017, with margin 1, on unit vectors",
			Departs: "pytorch-metric-learning 2.9.0 takes the logarithm of an empty sum to be 0, so that an anchor that lacks one side pays for the other; here it adds nothing",
			Form:    "losses.LiftedGeneralized", Value: LiftedGeneralized{Margin: 1}, Oracle: "golden lifted_generalized"},
	},
}
