package report

import (
	"slices"
	"strconv"

	"gpwbench/benchmarks/metrics"
	"gpwbench/internal/output"
)

// A class has the means of its queries that count, by the place of the metric among the
// values. Metrics that are no means over queries have none.
type class struct {
	name    string
	queries int
	means   []float64
}

// classes are the classes that have a query that counts, in the order of their labels,
// and the mean over them of each metric.
func (a *Answered) classes() (all []class, macro []float64) {
	places := map[int]int{}
	labels := slices.Compact(slices.Sorted(slices.Values(a.labels())))
	for query, label := range a.labels() {
		if !a.Counted(query) {
			continue
		}
		places[label]++
	}
	for _, label := range labels {
		if n := places[label]; n > 0 {
			places[label] = len(all)
			all = append(all, class{a.className(label), n, make([]float64, len(a.Values))})
		}
	}

	macro = make([]float64, len(a.Values))
	for k, v := range a.Values {
		for query, r := range v.PerQuery {
			if a.Counted(query) {
				c := &all[places[a.labels()[query]]]
				c.means[k] += r.Expected / float64(c.queries)
			}
		}
		for _, c := range all {
			macro[k] += c.means[k] / float64(len(all))
		}
	}
	return all, macro
}

// className is the name of a label in its file.
func (a *Answered) className(label int) string {
	if label < 0 || label >= len(a.Names) {
		return strconv.Itoa(label)
	}
	return a.Names[label]
}

// The scopes of a line of means.
const (
	micro     = "all queries (micro)"
	macroMean = "mean of classes (macro)"
)

// classGrid has a line for all queries, one for the mean over classes and one for each
// class.
func classGrid(all []Answered, write func(v metrics.Value, x float64) string) *output.Grid {
	g := &output.Grid{Header: []string{"class", "queries"}}
	if len(all) > 1 {
		g.Header = append([]string{"embeddings"}, g.Header...)
	}
	for _, v := range all[0].Values {
		if v.OfQueries() {
			g.Header = append(g.Header, v.Heading())
		}
	}

	for i := range all {
		a := &all[i]
		add := func(name string, queries int, means []float64) {
			cells := []string{name, strconv.Itoa(queries)}
			if len(all) > 1 {
				cells = append([]string{a.Name}, cells...)
			}
			for k, v := range a.Values {
				switch {
				case !v.OfQueries():
				case v.Why != "":
					cells = append(cells, none)
				default:
					cells = append(cells, write(v, means[k]))
				}
			}
			g.Add(cells...)
		}

		classes, macro := a.classes()
		queries, means := 0, make([]float64, len(a.Values))
		for k, v := range a.Values {
			means[k] = v.Expected
		}
		for _, c := range classes {
			queries += c.queries
		}
		add(micro, queries, means)
		add(macroMean, queries, macro)
		for _, c := range classes {
			add(c.name, c.queries, c.means)
		}
	}
	return g
}

// A classJSON is a class in JSON.
type classJSON struct {
	Class   string             `json:"class"`
	Queries int                `json:"queries"`
	Metrics map[string]float64 `json:"metrics"`
}

// classesJSON are the classes and the means over them.
func (a *Answered) classesJSON() (all []classJSON, macro map[string]float64) {
	named := func(means []float64) map[string]float64 {
		m := map[string]float64{}
		for k, v := range a.Values {
			if v.PerQuery != nil {
				m[v.Key()] = output.Unsigned(means[k])
			}
		}
		return m
	}
	classes, means := a.classes()
	all = []classJSON{}
	for _, c := range classes {
		all = append(all, classJSON{c.name, c.queries, named(c.means)})
	}
	return all, named(means)
}
