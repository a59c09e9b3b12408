package compat

import "fmt"

var proxyAnchor = Tool{
	Name: "proxy_anchor", Title: "Proxy-Anchor-CVPR2020", Aliases: []string{"pa", "proxyanchor", "proxy_anchor_cvpr2020"},
	Source: "evaluate_cos, evaluate_cos_SOP and evaluate_cos_Inshop of code/utils.py at 51db570; printed in percent with three digits",
	variants: func(gallery bool) []variant {
		if gallery {
			v := recalls("evaluate_cos_Inshop", 0, 1, 10, 20, 30, 40, 50)
			v.rules = rules{lonely: stops}
			v.stop = "RuntimeError: a query without a positive has no largest similarity"
			v.differences = []difference{
				{"lonely", "a query without a positive stops the tool, ours leaves it out of the mean", func(r *rules) { r.lonely = notCounted }},
			}
			return []variant{v}
		}
		return []variant{recalls("evaluate_cos", 33, 1, 2, 4, 8, 16, 32), recalls("evaluate_cos_SOP", 1001, 1, 10, 100, 1000)}
	},
}

// recalls is one of the functions of the tool, which needs a number of rows.
func recalls(label string, rows int, ks ...int) variant {
	v := variant{
		label:  label,
		rules:  rules{self: positive, dropFirst: true, ordered: true, lonely: missed},
		format: func(_ string, v float64) string { return fmt.Sprintf("%.3f", 100*v) },
		differences: []difference{
			{"self", "the first neighbour is left out whatever it is, so that a query with a copy can find itself; ours leaves it out by index", byIndex},
			{"ties", "equal similarities stand in the order of torch.topk, ours count for the query", func(r *rules) { r.ordered = false }},
			{"lonely", "a query without a positive is a miss, ours leaves it out of the mean", func(r *rules) { r.lonely = notCounted }},
		},
	}
	for _, k := range ks {
		f := hit(fmt.Sprintf("R@%d", k), k)
		f.rows = rows
		v.figures = append(v.figures, f)
	}
	return v
}

// byIndex leaves the query out by its index.
func byIndex(r *rules) { r.self, r.dropFirst = leftOut, false }
