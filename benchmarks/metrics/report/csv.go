package report

import (
	"slices"
	"strconv"
	"strings"

	"gpwbench/benchmarks/metrics"
	"gpwbench/internal/output"
)

// csvGrid has a row for each of several embeddings, and a line for every metric, count
// and remark of one. With classes, intervals or worst queries it has lines in either
// case.
func csvGrid(all []Answered, perClass bool) *output.Grid {
	worst := slices.ContainsFunc(all, func(a Answered) bool { return len(a.Worst) > 0 })
	if len(all) > 1 && !perClass && !worst && all[0].unit == "" {
		return csvRows(all)
	}

	g := &output.Grid{Header: []string{"metric", "value", "low", "high"}}
	if all[0].unit != "" {
		g.Header = append(g.Header, "interval_low", "interval_high")
	}
	if perClass || worst {
		g.Header = append(g.Header, "class", "queries")
	}
	if len(all) > 1 {
		g.Header = append([]string{"embeddings"}, g.Header...)
	}
	for i := range all {
		a := &all[i]
		add := func(cells ...string) {
			if len(all) > 1 {
				cells = append([]string{a.Name}, cells...)
			}
			for len(cells) < len(g.Header) {
				cells = append(cells, "")
			}
			g.Add(cells...)
		}
		a.csvLines(add)
		if perClass {
			a.csvClasses(add)
		}
		for _, q := range a.worstJSON() {
			a.csvWorst(add, q)
		}
		for _, remark := range remarks(*a) {
			add("remark", remark)
		}
	}
	return g
}

// csvLines adds the metrics and the counts.
func (a *Answered) csvLines(add func(cells ...string)) {
	for _, v := range a.Values {
		cells := append([]string{v.Key()}, exact(v)...)
		if a.unit != "" {
			low, high := "", ""
			if e, has := a.intervals[v.Key()]; has && e.Low != nil {
				low, high = output.Exact(*e.Low), output.Exact(*e.High)
			}
			cells = append(cells, low, high)
		}
		add(cells...)
	}
	names, values := counts(*a)
	for i, name := range names {
		add(name, values[i])
	}
}

// csvClasses adds the means over classes and those of each.
func (a *Answered) csvClasses(add func(cells ...string)) {
	line := func(metric string, value float64, class, queries string) {
		cells := []string{metric, output.Exact(value), "", ""}
		if a.unit != "" {
			cells = append(cells, "", "")
		}
		add(append(cells, class, queries)...)
	}
	classes, macro := a.classes()
	for k, v := range a.Values {
		if v.PerQuery == nil {
			continue
		}
		line("macro "+v.Key(), macro[k], "", "")
		for _, c := range classes {
			line(v.Key(), c.means[k], c.name, strconv.Itoa(c.queries))
		}
	}
}

// csvWorst adds one of the worst queries: its value, the rank of its best positive, and
// the similarities of that and of the rows that outrank it.
func (a *Answered) csvWorst(add func(cells ...string), q worstJSON) {
	pad := func(cells ...string) []string {
		if a.unit != "" {
			cells = append(cells, "", "")
		}
		return cells
	}
	id := "worst query " + strconv.Itoa(q.Query)
	add(append(pad(id+": value", output.Exact(q.Value), "", ""), q.Class)...)
	add(append(pad(id+": rank of best positive", strconv.Itoa(q.Rank), "", ""), q.Class)...)
	add(append(pad(id+": best positive is row "+strconv.Itoa(q.Best.Row), output.Exact(q.Best.Similarity), "", ""), q.Best.Class)...)
	for _, f := range q.Before {
		add(append(pad(id+": outranked by row "+strconv.Itoa(f.Row), output.Exact(f.Similarity), "", ""), f.Class)...)
	}
}

// csvRows has a row for each embedding.
func csvRows(all []Answered) *output.Grid {
	g := &output.Grid{Header: []string{"embeddings"}}
	for _, v := range all[0].Values {
		g.Header = append(g.Header, v.Key(), v.Key()+"_low", v.Key()+"_high")
	}
	names, _ := counts(all[0])
	g.Header = append(append(g.Header, names...), "remarks")

	for _, a := range all {
		cells := []string{a.Name}
		for _, v := range a.Values {
			cells = append(cells, exact(v)...)
		}
		_, values := counts(a)
		g.Add(append(append(cells, values...), strings.Join(remarks(a), "; "))...)
	}
	return g
}

// exact writes all digits of a value and its range, and nothing for what is undefined.
func exact(v metrics.Value) []string {
	if v.Why != "" {
		return []string{"", "", ""}
	}
	return []string{output.Exact(v.Expected), output.Exact(v.Low), output.Exact(v.High)}
}
