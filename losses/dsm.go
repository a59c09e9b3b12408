package losses

import "gpwbench/internal/f64"

// DynamicSoftMargin weights each triplet by the share of triplets that are easier:
//
//	L = (1/|T|) Σ w z,  z = d_ap − d_an,  w = C(z)
//
// C is the cumulative histogram of z over [−2, 2] with linear binning. It is constant in
// the gradient. There is no hinge and no margin, and the value can be negative. An anchor
// that lacks either side has no triplet.
//
// The source is Zhang & Rusinkiewicz, ICCV 2019. They take the hardest negative of each
// pair and let the histogram follow the batches, as [MovingSoftMargin] does. Here the
// histogram is that of the batch, over all triplets, so the loss has no state.
// pytorch-metric-learning differentiates through the histogram and therefore fails at the
// second step.
//
// The negatives that are in one bin with a positive lie in a band of distances. With few
// positives and bins, every band goes through all negatives, without a branch. With many,
// a band is a run of the sorted negatives. An anchor then costs p·R·log n, where R is at
// most n.
type DynamicSoftMargin struct {
	Bins int `yaml:"bins" alias:"num_bins" sym:"R" in:"[1,100000]" doc:"number of bins on [−2, 2]"`
}

// Eval implements [Loss].
func (l DynamicSoftMargin) Eval(b *Batch, g []float64) float64 {
	return l.eval(b, g, func([]float64) {})
}

// eval calls change with the batch's histogram, whose sum is 1, before it uses it. change
// may replace the values.
func (l DynamicSoftMargin) eval(b *Batch, g []float64, change func(histogram []float64)) float64 {
	CheckLength(b, g)
	clear(g)

	cumulated := b.Scratch(l.Bins + 1)
	clear(cumulated)

	triplets := 0.0
	for i := range b.m {
		a := b.Anchor(i)
		pos, _, neg, _ := AnchorDistances(a)
		if len(pos) == 0 || len(neg) == 0 {
			continue
		}
		if l.bands(pos, neg)*len(pos) <= manyPositives {
			l.addBands(cumulated, a, pos, neg)
		} else {
			l.addRuns(cumulated, a, pos, neg)
		}
		triplets += float64(len(pos)) * float64(len(neg))
	}

	if triplets == 0 {
		return 0
	}

	for r := range cumulated {
		cumulated[r] /= triplets
	}

	change(cumulated)
	for r := range l.Bins {
		cumulated[r+1] += cumulated[r]
	}

	value := 0.0
	for i := range b.m {
		a := b.Anchor(i)
		pos, slopePos, neg, slopeNeg := AnchorDistances(a)
		if len(pos) == 0 || len(neg) == 0 {
			continue // g is 0
		}
		if l.bands(pos, neg)*len(pos) <= manyPositives {
			value += l.weighBands(cumulated, a, pos, neg)
		} else {
			value += l.weighRuns(cumulated, a, pos, neg)
		}
		f64.Multiply(a.GPos, slopePos)
		f64.Multiply(a.GNeg, slopeNeg)
		b.Store(a, g)
	}

	f64.Divide(g, triplets)
	return value / triplets
}

// node returns the node whose cumulated histogram is the weight at z. It is the node
// below z. For z = 2 it is the last node, which z is on.
func (l DynamicSoftMargin) node(z float64) int {
	bins := Histogram(l)
	r, fromNode := bins.place(z / 2)
	if (1-fromNode)*fromNode >= bins.blur() {
		return r
	}

	r, toNext, _ := bins.exact(z / 2)
	if toNext == 0 {
		r++
	}
	return r
}

// AnchorDistances returns the distances of the anchor's pairs and their derivatives by S.
func AnchorDistances(a *Anchor) (pos, slopePos, neg, slopeNeg []float64) {
	p, n := len(a.Pos), len(a.Neg)
	pos, slopePos, neg, slopeNeg = a.Scratch(p), a.Scratch(p), a.Scratch(n), a.Scratch(n)

	Dissimilarities("distance", pos, slopePos, a.Pos)
	Dissimilarities("distance", neg, slopeNeg, a.Neg)
	return pos, slopePos, neg, slopeNeg
}

// MovingSoftMargin is [DynamicSoftMargin] with a moving average h of the batches'
// histograms b:
//
//	h ← (1−ρ) h + ρ b
//
// It starts as the histogram of the first batch. Every run has its own.
type MovingSoftMargin struct {
	Bins     int     `yaml:"bins" alias:"num_bins" sym:"R" in:"[1,100000]" doc:"number of bins on [−2, 2]"`
	Momentum float64 `yaml:"momentum" sym:"ρ" in:"(0,1]" doc:"share of the newest batch in the histogram"`
}

// New implements [Factory].
func (l MovingSoftMargin) New(m Miner) (Loss, error) {
	return &movingSoftMargin{MovingSoftMargin: l}, RefuseMiner(m)
}

type movingSoftMargin struct {
	MovingSoftMargin
	histogram []float64 // nil before the first batch that has a triplet
}

func (l *movingSoftMargin) Eval(b *Batch, g []float64) float64 {
	return DynamicSoftMargin{Bins: l.Bins}.eval(b, g, func(histogram []float64) {
		if l.histogram == nil {
			l.histogram = append(l.histogram, histogram...)
			return
		}

		for r, h := range histogram {
			l.histogram[r] += l.Momentum * (h - l.histogram[r])
		}
		copy(histogram, l.histogram)
	})
}

var dsm = Spec{
	Name:     "dynamic_soft_margin",
	Title:    "Dynamic soft margin",
	Cite:     "Zhang & Rusinkiewicz, ICCV 2019",
	Year:     2019,
	Family:   Triplets,
	Formula:  "L = (1/|T|) Σ C(z) z, z = d_ap − d_an",
	Traits:   Detached | BatchCoupled,
	Held:     "the weights w = C(z), and so the histogram",
	Notes:    []string{"There is no hinge and no margin: the value can be negative."},
	Revision: 3,
	Presets: []Preset{
		{Name: "batch", Source: "pytorch-metric-learning's 10 bins; the histogram is the batch's", Code: codePML,
			Departs: "the library differentiates through the histogram, which fails at the second step; here the weights are constant, and the histogram is the batch's alone",
			Form:    "losses.DynamicSoftMargin", Value: DynamicSoftMargin{Bins: 10}, Oracle: "golden dsm"},
		{Name: "moving", Source: "pytorch-metric-learning's default: 10 bins, momentum 0.01", Code: codePML,
			Departs: "the library differentiates through the histogram, which fails at the second step, and adds counts that are not normalised; here the weights are constant and the histograms sum to 1",
			Form:    "losses.MovingSoftMargin", Value: MovingSoftMargin{Bins: 10, Momentum: 0.01}, Traits: Stateful, Oracle: "golden dsm"},
	},
}
