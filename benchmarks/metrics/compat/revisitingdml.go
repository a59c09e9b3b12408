package compat

import (
	"fmt"

	"gpwbench/benchmarks/retrieval"
)

var revisitingDML = Tool{
	Name: "revisiting_dml", Title: "Revisiting_Deep_Metric_Learning_PyTorch", Aliases: []string{"rdml", "revisiting"},
	Source:    "metrics/ at efddbf2, with the neighbours of faiss; printed with four digits",
	Omits:     "nmi and f1 depend on the random starts of faiss, and dists@… and rho_spectrum@… rank nothing",
	NoGallery: "it has no gallery: its rows search each other",
	variants: func(bool) []variant {
		v := variant{
			rules:  rules{similarity: retrieval.Euclidean, self: positive, dropFirst: true, ordered: true, lonely: missed, own: true},
			format: func(_ string, v float64) string { return fmt.Sprintf("%.4f", v) },
			differences: []difference{
				{"similarity", "rows are compared by distance as given, ours by cosine", func(r *rules) { r.similarity = retrieval.Cosine }},
				{"self", "the first neighbour is left out whatever it is, so that a query with a copy can find itself; ours leaves it out by index", byIndex},
				{"ties", "equal distances stand in the order of faiss, ours count for the query in Recall@K", func(r *rules) { r.ordered = false }},
				{"lonely", "a query without a positive is a miss, ours leaves it out of the mean", func(r *rules) { r.lonely = notCounted }},
				{"divisor", "mAP is divided by the size of the class, the query itself included, and neighbours beyond the last row are read as copies of the last row, which are hits for its class; ours divides by the positives and ends with the rows",
					func(r *rules) { r.own = false }},
			},
			figures: []figure{
				hit("e_recall@1", 1), hit("e_recall@2", 2), hit("e_recall@4", 4),
				padded("mAP_1000", "map", func(query) int { return 1000 }),
				padded("mAP_lim", "map", func(q query) int { return min(1023, q.rows) }),
				padded("mAP_c", "map_at_r", func(q query) int { return q.class }),
			},
		}
		return []variant{v}
	},
}

// padded is a mean average precision of a number of neighbours. Where there are fewer
// rows, faiss returns −1 for the missing ones, which NumPy reads as the last row.
func padded(name, ours string, neighbours func(q query) int) figure {
	usual := ask(ours)
	return figure{name: name, ours: ours, value: func(p *retrieval.Profile, r rules, q query) retrieval.Range {
		if !r.own {
			return usual(p)
		}
		k := neighbours(q)
		if missing := k - (q.rows - 1); missing > 0 && q.last {
			p = clone(p)
			above := p.Negatives
			for _, t := range p.Tiers {
				above -= t.Above + t.Tied
			}
			p.Tiers = append(p.Tiers, retrieval.Tier{Above: above, Positives: missing})
			p.Positives += missing
		}
		return scaled(apSum(p, k), 1/float64(q.class))
	}}
}
