package compat

import (
	"fmt"

	"gpwbench/benchmarks/retrieval"
)

var oml = Tool{
	Name: "oml", Title: "open-metric-learning", Aliases: []string{"open_metric_learning"},
	Source: "calc_retrieval_metrics_rr of 4.0.0 with k = 1, 5, 10",
	Omits:  "pcf and fnmr@fmr rank nothing",
	variants: func(bool) []variant {
		v := variant{
			rules:  rules{similarity: retrieval.Euclidean, ordered: true, lonely: missed, own: true},
			format: func(_ string, v float64) string { return digits(v) },
			differences: []difference{
				{"similarity", "rows are compared by distance as given, ours by cosine", func(r *rules) { r.similarity = retrieval.Cosine }},
				{"ties", "equal distances stand in the order of torch.topk, ours count for the query in Recall@K", func(r *rules) { r.ordered = false }},
				{"lonely", "a query without a positive is a miss in cmc and map and makes precision NaN, ours leaves it out of the mean", func(r *rules) { r.lonely = notCounted }},
				{"divisor", "precision@K is divided by min(K, R) and map@K by the positives found; ours divides by K and by min(K, R)", func(r *rules) { r.own = false }},
			},
		}
		for _, k := range []int{1, 5, 10} {
			v.figures = append(v.figures, hit(fmt.Sprintf("cmc/%d", k), k))
		}
		for _, k := range []int{1, 5, 10} {
			v.figures = append(v.figures, omlPrecision(k))
		}
		for _, k := range []int{1, 5, 10} {
			v.figures = append(v.figures, omlMAP(k))
		}
		return []variant{v}
	},
}

func omlPrecision(k int) figure {
	f := same(fmt.Sprintf("precision/%d", k), at("precision", k))
	usual := f.value
	f.undefined = "NaN: a query without a positive divides 0 by 0"
	f.value = func(p *retrieval.Profile, r rules, q query) retrieval.Range {
		if !r.own {
			return usual(p, r, q)
		}
		places := min(k, p.Positives+p.Negatives)
		return scaled(found(p, places), 1/float64(min(places, p.Positives)))
	}
	return f
}

func omlMAP(k int) figure {
	f := same(fmt.Sprintf("map/%d", k), at("map", k))
	usual := f.value
	f.value = func(p *retrieval.Profile, r rules, q query) retrieval.Range {
		if !r.own {
			return usual(p, r, q)
		}
		return overFound(p, min(k, p.Positives+p.Negatives))
	}
	return f
}

// overFound is Σ_{i≤k} precision(i)·relevant(i) over the positives among the first k. The
// tier that k divides has h of them with a hypergeometric probability; given h, the sum
// is that of a tier of its places.
func overFound(p *retrieval.Profile, k int) retrieval.Range {
	rank, hits := 0, 0 // before the tier
	for i, t := range p.Tiers {
		n := t.Positives + t.Tied
		if rank+t.Above+n < k {
			rank, hits = rank+t.Above+n, hits+t.Positives
			continue
		}
		places := k - rank - t.Above
		if places <= 0 {
			return over(apSum(p, k), hits)
		}

		whole := retrieval.Range{Low: 1}
		for h := max(0, places-t.Tied); h <= min(places, t.Positives); h++ {
			q := clone(p)
			q.Tiers = append(q.Tiers[:i], retrieval.Tier{Above: t.Above, Positives: h, Tied: places - h})
			if h == 0 {
				q.Tiers = q.Tiers[:i]
			}
			given := over(apSum(q, k), hits+h)
			whole.Expected += hypergeometric(h, t.Positives, t.Tied, places) * given.Expected
			whole.Low, whole.High = min(whole.Low, given.Low), max(whole.High, given.High)
		}
		return whole
	}
	return over(apSum(p, k), hits)
}

func over(r retrieval.Range, hits int) retrieval.Range {
	if hits == 0 {
		return retrieval.Range{}
	}
	return scaled(r, 1/float64(hits))
}
