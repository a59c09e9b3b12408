package probe

import (
	"slices"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// A Disagreement is a column of Table 1 of Wang et al., CVPR 2019, that differs from the
// measurement of the weight of a negative pair.
type Disagreement struct {
	On gpw.Axis

	// Measured is true if the weight depends on the axis and the table has no tick, and
	// false in the opposite case.
	Measured bool

	// Why is "" for a difference that is not explained: that of a user-defined loss, or
	// of settings that no preset has.
	Why string
}

// Disagreements compares the dependence of c with the paper's Table 1. A loss that is not
// in the table has none, nor has one without a report.
func Disagreements(c losses.Choice, t *DependenceReport) []Disagreement {
	if c.Spec == nil || c.Spec.Table1 == nil || t == nil {
		return nil
	}

	var all []Disagreement
	for _, g := range Axes {
		measured := t.Negative.On[g].Depends()
		if g == gpw.X || measured == slices.Contains(c.Spec.Table1, g) { // the table has no column X
			continue
		}

		d := Disagreement{On: g, Measured: measured}
		for _, r := range reasons {
			if r.loss == c.Spec.Name && r.on == g && r.measured == measured && (r.preset == "" || r.preset == c.Preset) {
				d.Why = r.why
			}
		}
		all = append(all, d)
	}

	return all
}

// A reason explains one disagreement of a loss, or of one preset of it.
type reason struct {
	loss, preset string
	on           gpw.Axis
	measured     bool
	why          string
}

const (
	distanceSlope = "distances have the slope 1/d, so a weight grows as its pair draws near, whatever the triplets say; on cosines or squared distances S is gone"
	onlyOrders    = "the mining and these weights only compare similarities of one anchor; the tick belongs to Multi-Similarity's own weighting, which this ablation replaces"
)

// reasons explains every disagreement of a preset. A test compares them with the
// measurements: each disagreement has a reason, and each reason a disagreement.
var reasons = []reason{
	{"npairs", "", gpw.P, true, "the soft-max over an anchor's negatives has the positive in it, e^{s(S_in − S_ip)} against 1, so the positive moves every share; the table counts the negatives only"},
	{"histogram", "", gpw.S, true, "the bins are fixed: a shift of the anchor's row takes its similarities into other bins while the other anchors' stay"},
	{"triplet", "pml", gpw.S, true, distanceSlope},
	{"triplet", "semihard", gpw.S, true, distanceSlope},
	{"triplet", "hard", gpw.S, true, distanceSlope},
	{"triplet", "soft", gpw.S, true, distanceSlope},
	{"triplet", "easy_soft", gpw.S, true, distanceSlope},
	{"triplet", "tensorflow", gpw.N, true, "each positive chooses one negative, the nearest that is farther than itself, so another negative can take this one's place"},
	{"lifted_structure", "gpw", gpw.P, true, "the hinge of eq. 6 is over positives and negatives together: where positives come near enough it closes, and all weights of the anchor are 0"},
	{"multi_similarity", "weighting", gpw.P, false, "P is in the mining only (eqs. 11 and 12; eq. 13 has no positive), and this preset does not mine"},
	{"multi_similarity", "mining_only", gpw.S, false, onlyOrders},
	{"multi_similarity", "mined_lifted", gpw.S, false, onlyOrders},
}
