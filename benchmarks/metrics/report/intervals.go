package report

import (
	"fmt"
	"slices"

	"gpwbench/benchmarks/metrics"
	"gpwbench/results/stats"
)

// Units are what [Answered.Intervals] resamples.
var Units = []string{"queries", "classes"}

// streamKey names the random numbers of the resamples, which are the same for all
// embeddings.
const streamKey = "eval"

// Intervals computes the 95 % interval of every mean over queries, by a bootstrap over
// queries or over classes, and the reason where there is none. Metrics that are no such
// means have none.
func (a *Answered) Intervals(unit string) {
	var classes []int
	for query, class := range a.labels() {
		if a.Counted(query) {
			classes = append(classes, class)
		}
	}
	if len(classes) == 0 {
		return
	}
	b := stats.OverQueries(streamKey, len(classes))
	if unit == "classes" {
		b = stats.OverClasses(streamKey, classes)
	}

	slices.Sort(classes)
	a.unit, a.units = unit, len(slices.Compact(classes))
	a.intervals = map[string]stats.Estimate{}
	for _, v := range a.Values {
		if v.PerQuery == nil {
			continue
		}
		var values []float64
		for query, r := range v.PerQuery {
			if a.Counted(query) {
				values = append(values, r.Expected)
			}
		}
		a.intervals[v.Key()] = b.Mean(values)
	}
}

// labels are those of the queries, or zeros where they have several.
func (a *Answered) labels() []int {
	if a.Queries.Labels == nil {
		return make([]int, a.Queries.Rows)
	}
	return a.Queries.Labels
}

// interval writes that of a value, in brackets, and none where there is none.
func (a *Answered) interval(v metrics.Value) string {
	e, has := a.intervals[v.Key()]
	if !has || e.Low == nil {
		return none
	}
	return fmt.Sprintf("[%s, %s]", number(v, *e.Low), number(v, *e.High))
}

// fewClasses is the number of classes below which a bootstrap over them is not relied on:
// with fewer than 30 clusters it is known to be off (Cameron, Gelbach and Miller,
// Bootstrap-based improvements for inference with clustered errors, 2008).
const fewClasses = 30
