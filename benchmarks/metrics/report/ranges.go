package report

import (
	"slices"
	"strings"

	"gpwbench/benchmarks/metrics"
)

// rangesNote says what the low and high ends of printed ranges are. They are not the
// same for all metrics. It is "" if no range is wider than the digits that are printed.
func rangesNote(all []Answered) string {
	var kinds []string
	for _, of := range []struct {
		what string
		has  func(v metrics.Value) bool
	}{
		{"ties against the query and for it", func(v metrics.Value) bool { return v.OfQueries() }},
		{"the least and the greatest start of k-means", func(v metrics.Value) bool { return v.Family == metrics.Clustering }},
		{"what precision or drawn pairs leave open", func(v metrics.Value) bool { return !v.OfQueries() && v.Family != metrics.Clustering }},
	} {
		var titles []string
		for _, a := range all {
			for _, v := range a.Values {
				wide := v.Why == "" && of.has(v) && number(v, v.Low) != number(v, v.High)
				if wide && !slices.Contains(titles, v.Heading()) {
					titles = append(titles, v.Heading())
				}
			}
		}
		if len(titles) > 0 {
			kinds = append(kinds, of.what+" ("+strings.Join(titles, ", ")+")")
		}
	}
	if len(kinds) == 0 {
		return ""
	}
	return "low and high are " + strings.Join(kinds, "; ")
}
