package probe

import (
	"fmt"

	"gpwbench/internal/output"
)

// roughShare is the share of samples with weight below which indices are marked as rough.
const roughShare = 0.02

func effectsSection(results []Result) section {
	s := section{
		title: "How much",
		before: []string{
			fmt.Sprintf("Sobol' indices of G by Jansen's estimators, from two samples of %d rows (seed %d), with 95 %% bootstrap intervals.",
				results[0].Effects.Samples, results[0].Seed),
			"Drawn: c = S_ij, u_k = c − S_ik over the other negatives, v_p = c − S_ip over the other positives, and the other rows:",
			EffectRanges + ".",
			"S, N, P, X stand for c, u, v and the other rows. total: with all that a part does together with others; 0 where no sample and no batch of",
			"the ticks saw G change with it; < where such a batch alone did, the bound being what so many samples without a change leave open. first:",
			"alone. with weight: samples in which G is more than a hundredth of its largest. constant: G never changed, or not in these ranges, which are",
			"narrower than those of the ticks.",
		},
		grid: &output.Grid{Header: []string{"loss", "pair", "index", "S", "N", "P", "X", "with weight"}},
	}

	rough := false
	for k := range results {
		r := &results[k]
		for _, side := range sides {
			e := r.Effects.Of(side.positive)
			if e.Constant {
				s.grid.Add(r.Label(), side.name, constantCell(r.Dependence.Of(side.positive)), "", "", "", "", percentCell(e.Active))
				continue
			}
			rough = rough || e.Active < roughShare
			addIndices(s.grid, r.Label(), side.name, e)
		}
	}

	if rough {
		s.remarks = []string{"* few samples have weight in these ranges: the indices are rough, and their intervals too short"}
	}
	return s
}

// addIndices adds the rows of the total and of the first-order indices.
func addIndices(g *output.Grid, label, side string, e *Effect) {
	total, first := []string{label, side, "total"}, []string{"", "", "first"}
	for _, i := range e.On {
		total, first = append(total, intervalCell(i.Total)), append(first, intervalCell(i.First))
	}
	share := percentCell(e.Active)
	if e.Active < roughShare {
		share += " *"
	}
	g.Add(append(total, share)...)
	g.Add(append(first, "")...)
}

// constantCell describes a weight that no sample changed, beside its dependence d.
func constantCell(d *Dependence) string {
	for _, e := range d.On {
		if e.Depends() || e.Divisor > 0 {
			return "constant in these ranges"
		}
	}
	return "constant"
}

func intervalCell(i Interval) string {
	switch {
	case i == (Interval{}):
		return "0"
	case i.Value == 0 && i.Low == 0: // no sample changed it; see Reconcile
		return fmt.Sprintf("< %.2g", i.High)
	}
	return fmt.Sprintf("%.2f [%.2f, %.2f]", i.Value, i.Low, i.High)
}

func percentCell(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
