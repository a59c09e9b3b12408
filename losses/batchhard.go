package losses

import "gpwbench/internal/f64"

// BatchHard compares each anchor's farthest positive with its nearest negative. It is the
// mean over the anchors that have both:
//
//	L = (1/k) Σ_i [max_{P_i} t − min_{N_i} t + μ]₊
//	t: the distance d, its square, or −S
//
// The source is Hermans et al., 2017. Of equal similarities the first in the batch's
// order of classes is taken. Only two pairs of an anchor have a weight. An anchor that
// lacks either side adds nothing. pytorch-metric-learning has the loss as a miner, and by
// default divides by the number of active anchors.
type BatchHard struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[0,4]" doc:"by how much the nearest negative should be farther than the farthest positive"`
	Metric string  `yaml:"metric" sym:"metric" in:"{distance,squared,cosine}" doc:"what the margin measures"`
}

// EvalAnchor implements [AnchorLoss].
func (l BatchHard) EvalAnchor(a *Anchor) (sum, terms float64) {
	return hardest(a, l.Metric, func(z float64) (value, slope float64) {
		if z += l.Margin; z > 0 {
			return z, 1
		}
		return 0, 0
	})
}

// BatchHardSoft is [BatchHard] with log(1 + e^z) in place of the hinge, and without a
// margin. Its gradient does not become 0.
type BatchHardSoft struct {
	Metric string `yaml:"metric" sym:"metric" in:"{distance,squared,cosine}" doc:"what is compared"`
}

// EvalAnchor implements [AnchorLoss].
func (l BatchHardSoft) EvalAnchor(a *Anchor) (sum, terms float64) {
	return hardest(a, l.Metric, func(z float64) (value, slope float64) { return Softplus(z), Sigmoid(z) })
}

// hardest applies f to the difference of the anchor's farthest positive and nearest
// negative.
func hardest(a *Anchor, metric string, f func(z float64) (value, slope float64)) (sum, terms float64) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, 0
	}

	p, n := IndexMin(a.Pos), IndexMax(a.Neg)
	far, slopePos := Dissimilarity(metric, a.Pos[p])
	near, slopeNeg := Dissimilarity(metric, a.Neg[n])

	sum, w := f(far - near)
	a.GPos[p] = w * slopePos
	a.GNeg[n] = -w * slopeNeg
	return sum, 1
}

// IndexMin returns the index of the smallest element of s, the first of equal ones. s
// must not be empty.
func IndexMin(s []float64) int { return f64.Index(s, f64.Min(s)) }

// IndexMax returns the index of the largest element of s, the first of equal ones. s must
// not be empty.
func IndexMax(s []float64) int { return f64.Index(s, f64.Max(s)) }

var batchHard = Spec{
	Name:     "batch_hard",
	Title:    "Batch-hard triplet",
	Cite:     "Hermans et al., 2017",
	Year:     2017,
	Family:   Triplets,
	Formula:  "L = (1/k) Σ_i [max_{P_i} d − min_{N_i} d + μ]₊",
	Revision: 1,
	Presets: []Preset{
		{Name: "margin", Source: "Hermans et al., 2017, with margin 0.2",
			Departs: "pytorch-metric-learning 2.9.0 has it as a miner of the triplet loss, whose mean is by default over the anchors with a positive value; here it is over all that have both sides",
			Form:    "losses.BatchHard", Value: BatchHard{Margin: 0.2, Metric: "distance"}, Oracle: "golden triplet_batchhard"},
		{Name: "soft", Source: "Hermans et al., 2017, soft margin", Form: "losses.BatchHardSoft", Value: BatchHardSoft{Metric: "distance"}, Oracle: "golden triplet_batchhard_soft"},
	},
}
