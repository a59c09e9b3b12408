package compat

import (
	"gpwbench/benchmarks/metrics"
	"gpwbench/benchmarks/retrieval"
)

// A figure is one number that a tool prints.
type figure struct {
	name string // the tool's
	ours string // the metric that answers the same question, by its full name

	// value is the figure of one query that has a positive.
	value func(p *retrieval.Profile, r rules, q query) retrieval.Range

	rows int // that the tool must have to search; 0 for any number

	// undefined says why lonely queries leave no number; "" where they do not.
	undefined string
}

// A query is what a figure depends on beside its ranking.
type query struct {
	rows  int  // of the gallery, the query itself among them where it is searched
	class int  // rows of its class, the query itself among them where rows search each other
	last  bool // its class is that of the last row

	relevant int // rows of its class without the query itself
}

// averagePrecision and precision are metrics whose K depends on the query.
var averagePrecision, precision = metricOf("map@1"), metricOf("precision@1")

func metricOf(key string) metrics.Asked {
	asked, err := metrics.Parse(key, nil)
	if err != nil {
		panic(err) // names are constants of this package
	}
	return asked[0]
}

// ask returns the function of one query of a metric by its full name.
func ask(key string) func(p *retrieval.Profile) retrieval.Range {
	a := metricOf(key)
	return func(p *retrieval.Profile) retrieval.Range { return a.Query(p, a.Parameters) }
}

// same is a figure that differs from ours by the ranking alone.
func same(name, ours string) figure {
	value := ask(ours)
	return figure{name: name, ours: ours, value: func(p *retrieval.Profile, _ rules, _ query) retrieval.Range { return value(p) }}
}

// hit is whether a positive is among the first K.
func hit(name string, k int) figure {
	for_, expected := ask(at("recall", k)), ask(at("recall_expected", k))
	return figure{name: name, ours: at("recall", k), value: func(p *retrieval.Profile, r rules, _ query) retrieval.Range {
		if r.ordered {
			return expected(p)
		}
		return for_(p)
	}}
}

// apSum is Σ_{i≤k} precision(i)·relevant(i).
func apSum(p *retrieval.Profile, k int) retrieval.Range {
	return scaled(averagePrecision.Query(p, metrics.Parameters{K: k}), float64(min(k, p.Positives)))
}

// found is the number of positives among the first k.
func found(p *retrieval.Profile, k int) retrieval.Range {
	return scaled(precision.Query(p, metrics.Parameters{K: k}), float64(k))
}

func scaled(r retrieval.Range, factor float64) retrieval.Range {
	return retrieval.Range{Low: r.Low * factor, Expected: r.Expected * factor, High: r.High * factor}
}
