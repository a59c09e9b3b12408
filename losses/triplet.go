package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// TripletCosine is the triplet loss on cosine similarities over all triplets of the
// batch:
//
//	L = (1/|T|) Σ_{(a,p,n)} [S_an − S_ap + λ]₊
//
// A pair's weight is the number of violated triplets that it is in, divided by the number
// |T| of all triplets. The source is Wang et al., CVPR 2019, eq. 5. Schroff et al., CVPR
// 2015, has squared distances, which is the same loss with a margin of 2λ and twice the
// gradient. An anchor that lacks either side has no triplet.
type TripletCosine struct {
	Margin float64 `yaml:"margin" alias:"lambda" sym:"λ" in:"[0,2]" doc:"similarity by which a positive should exceed every negative"`
}

// EvalAnchor implements [AnchorLoss].
func (l TripletCosine) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Neg) == 0 {
		return 0, 0
	}

	// The nearest negative is subtracted from all similarities. Where they are close
	// together, sums are then as small as their terms.
	centre := f64.Max(a.Neg)
	pos, risen := Scaled(a.Scratch(len(a.Pos)), a.Pos, 1, centre), Scaled(a.Scratch(len(a.Neg)), a.Neg, 1, centre-l.Margin)

	if len(a.Pos) > manyPositives {
		a.ranked.set(pos, &a.sorter)
		for k, n := range risen {
			a.GNeg[k] = float64(a.ranked.add(n))
		}
		a.ranked.accumulate()
		for k, p := range pos {
			active, total := a.ranked.sumAbove(p)
			sum += total - active*p
			a.GPos[k] = -active
		}
	} else {
		for k, p := range pos {
			active, total := f64.AddBetween(a.GNeg, risen, p, math.Inf(1), 1)
			sum += total - float64(active)*p
			a.GPos[k] = -float64(active)
		}
	}

	return sum, float64(len(a.Pos)) * float64(len(a.Neg))
}

// manyPositives is the number of positives up to which each is compared with all
// negatives. Beyond it the negatives are counted by [rankedSums]. Finding a rank takes as
// long as that many comparisons in vector instructions.
const manyPositives = 160

var triplet = Spec{
	Name:     "triplet",
	Title:    "Triplet",
	Cite:     "Schroff et al., CVPR 2015; in cosine form Wang et al., CVPR 2019, eq. 5",
	Year:     2015,
	Family:   Triplets,
	Formula:  "L = (1/|T|) Σ_{(a,p,n)} [S_an − S_ap + λ]₊",
	Table1:   Axes{P},
	Revision: 2,
	Presets: []Preset{
		{Name: "gpw", Source: "Wang et al., CVPR 2019, eq. 5; the paper gives no λ", Form: "losses.TripletCosine", Value: TripletCosine{Margin: 0.1}, Oracle: "golden triplet_cos_meanall"},
		{Name: "facenet", Source: "Schroff et al., CVPR 2015: squared distances, margin 0.2; all triplets", Form: "losses.TripletHinge", Value: TripletHinge{Margin: 0.2, Metric: "squared", SelectRows: "all"}, Traits: CountDivisor, Oracle: "golden triplet_facenet_sq"},
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.TripletHinge", Value: TripletHinge{Margin: 0.05, Metric: "distance", SelectRows: "all"}, Traits: CountDivisor, Oracle: "golden triplet_all_l2"},
		{Name: "semihard", Source: "pytorch-metric-learning with its miner of semi-hard triplets", Code: codePML, Form: "losses.TripletHinge", Value: TripletHinge{Margin: 0.2, Metric: "distance", SelectRows: "semihard"}, Traits: CountDivisor, Oracle: "golden triplet_semihard_l2"},
		{Name: "hard", Source: "pytorch-metric-learning with its miner of hard triplets", Code: codePML, Form: "losses.TripletHinge", Value: TripletHinge{Margin: 0.2, Metric: "distance", SelectRows: "hard"}, Traits: CountDivisor, Oracle: "golden triplet_hard_l2"},
		{Name: "soft", Source: "pytorch-metric-learning with smooth_loss, margin 0", Code: codePML, Form: "losses.TripletSoft", Value: TripletSoft{Margin: 0, Metric: "distance"}, Oracle: "golden triplet_all_l2_soft"},
		{Name: "easy_soft", Source: "pytorch-metric-learning with smooth_loss and its miner of easy triplets", Code: codePML, Form: "losses.TripletSoftSelected", Value: TripletSoftSelected{Margin: 0.2, Metric: "distance", SelectRows: "easy"}, Traits: CountDivisor, Oracle: "golden triplet_easy_l2_soft"},
		{Name: "tensorflow", Source: "TensorFlow's triplet_semihard_loss, margin 1", Code: codeTensorFlow, Form: "losses.TripletNextHardest", Value: TripletNextHardest{Margin: 1, Metric: "squared"}, Oracle: "finite differences; brute force"},
	},
}
