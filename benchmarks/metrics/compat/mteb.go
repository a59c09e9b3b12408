package compat

import (
	"fmt"
	"math"

	"gpwbench/benchmarks/retrieval"
)

// mtebDepth is how many rows the tool keeps of a query's ranking.
const mtebDepth = 1000

var mteb = Tool{
	Name: "mteb", Title: "mteb", Aliases: []string{"massive_text_embedding_benchmark"},
	Source: "AbsTaskRetrieval of 2.26.24 with pytrec-eval, rounded to five digits but for mrr; its tasks on CUB, Cars and SOP have skip_first_result, the default has not",
	Omits:  "nauc_… and accuracy, which is recall_at_1",
	variants: func(gallery bool) []variant {
		skip := mtebVariant("skip_first_result", true)
		skip.rules = rules{self: negative, dropFirst: true, ordered: true, own: true}
		skip.differences = append([]difference{
			{"self", "the first neighbour is left out whatever it is, and the query is a negative where a copy comes before it; ours leaves it out by index", byIndex},
		}, skip.differences...)

		def := mtebVariant("default", false)
		def.rules = rules{self: negative, ordered: true, own: true}
		if !gallery {
			def.differences = append([]difference{
				{"self", "the query is searched too and counts as a negative, usually the first; ours leaves it out by index", byIndex},
			}, def.differences...)
		} else {
			skip.differences[0].says = "the first neighbour is left out, although the gallery does not hold the query; ours leaves none out"
		}
		return []variant{skip, def}
	},
}

func mtebVariant(label string, skip bool) variant {
	v := variant{
		label: label,
		format: func(name string, v float64) string {
			if len(name) > 3 && name[:3] == "mrr" {
				return digits(v)
			}
			return fmt.Sprintf("%.5f", v)
		},
		differences: []difference{
			{"ties", "equal similarities stand in the order of a heap and of identifiers, ours count for the query in Recall@K", func(r *rules) { r.ordered = false }},
			{"divisor", "recall_at_K is the share of the positives that are found, map_at_K is divided by all positives, one that was left out as the first neighbour among them, mrr_at_K is 0 beyond K, and 1,000 rows are kept; ours is the hit rate, divided by min(K, R), over the whole ranking", func(r *rules) { r.own = false }},
		},
	}
	depth := mtebDepth
	if skip {
		depth--
	}
	ks := []int{1, 3, 5, 10, 20, 100, 1000}
	for _, make := range []func(k, depth int) figure{mtebNDCG, mtebMAP, mtebRecall, mtebPrecision, mtebMRR, mtebHit} {
		for _, k := range ks {
			v.figures = append(v.figures, make(k, depth))
		}
	}
	return v
}

// mtebFigure has a value of its own, and ours where the tool's divisors are not asked.
func mtebFigure(name string, k int, ours string, own func(p *retrieval.Profile, relevant int) retrieval.Range) figure {
	f := same(fmt.Sprintf("%s_at_%d", name, k), ours)
	usual := f.value
	f.value = func(p *retrieval.Profile, r rules, q query) retrieval.Range {
		if !r.own {
			return usual(p, r, q)
		}
		return own(p, q.relevant)
	}
	return f
}

func mtebNDCG(k, depth int) figure {
	cut := ask(at("ndcg", min(k, depth)))
	return mtebFigure("ndcg", k, at("ndcg", k), func(p *retrieval.Profile, relevant int) retrieval.Range {
		return scaled(cut(p), ideals[min(k, depth, p.Positives)]/ideals[min(k, relevant)])
	})
}

// ideals are the gains of n positives at the first ranks, for n up to mtebDepth.
var ideals = func() [mtebDepth + 1]float64 {
	var all [mtebDepth + 1]float64
	for rank := 1; rank <= mtebDepth; rank++ {
		all[rank] = all[rank-1] + 1/math.Log2(float64(rank+1))
	}
	return all
}()

func mtebMAP(k, depth int) figure {
	return mtebFigure("map", k, at("map", k), func(p *retrieval.Profile, relevant int) retrieval.Range {
		return scaled(apSum(p, min(k, depth)), 1/float64(relevant))
	})
}

func mtebRecall(k, depth int) figure {
	return mtebFigure("recall", k, at("recall", k), func(p *retrieval.Profile, relevant int) retrieval.Range {
		return scaled(found(p, min(k, depth)), 1/float64(relevant))
	})
}

func mtebPrecision(k, depth int) figure {
	return mtebFigure("precision", k, at("precision", k), func(p *retrieval.Profile, _ int) retrieval.Range {
		return scaled(found(p, min(k, depth)), 1/float64(k))
	})
}

func mtebMRR(k, depth int) figure {
	return mtebFigure("mrr", k, "mrr", func(p *retrieval.Profile, _ int) retrieval.Range { return reciprocal(p.Best, min(k, depth)) })
}

func mtebHit(k, depth int) figure {
	f := hit(fmt.Sprintf("hit_rate_at_%d", k), k)
	cut := hit("", min(k, depth)).value
	usual := f.value
	f.value = func(p *retrieval.Profile, r rules, q query) retrieval.Range {
		if !r.own {
			return usual(p, r, q)
		}
		return cut(p, r, q)
	}
	return f
}
