// Package report prints what package [gpwbench/benchmarks/metrics] answers.
//
// # Route
//
//   - [Write] prints the answers for one embedding or for several, a row each.
//   - [Answered.Intervals] adds an interval to each.
//   - [WritePerQuery] writes the value of each query.
//   - [WriteList] prints the metrics that there are.
//
// The formats are text, json, csv, markdown and latex.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"

	"gpwbench/benchmarks/metrics"
	"gpwbench/benchmarks/retrieval/report"
	"gpwbench/internal/output"
	"gpwbench/results/stats"
)

// An Answered is an evaluation with the name of its embeddings.
type Answered struct {
	Name string
	*metrics.Evaluation

	Names []string // of classes by label; nil where labels are integers

	// Rows and GalleryRows are the rows of their files, where some were left out; nil for
	// all rows.
	Rows, GalleryRows []int

	unit      string // of the intervals; "" for none
	units     int    // classes of the counted queries, where there are intervals
	intervals map[string]stats.Estimate
}

// Write prints the answers for one embedding as a line for each metric, and those for
// several as a row each; all were asked the same. Below it are each class, if perClass,
// and the worst queries, where they were asked. Text, Markdown and LaTeX have fractions
// in percent. CSV and JSON have all digits; JSON of one embedding is an object, that of
// several a list. A CSV with more than the metrics has their names in a column. The
// error is that of w.
func Write(w io.Writer, format string, all []Answered, perClass bool) error {
	switch {
	case format == "json" && len(all) == 1:
		return output.JSON(w, newJSON(all[0], perClass), "  ")
	case format == "json":
		list := make([]any, len(all))
		for i, a := range all {
			list[i] = newJSON(a, perClass)
		}
		return output.JSON(w, list, "  ")
	case format == "csv":
		return csvGrid(all, perClass).Write(w, format)
	}

	grids := []*output.Grid{rows(all)}
	if len(all) == 1 {
		grids[0] = lines(all[0])
	}
	if perClass {
		grids = append(grids, classGrid(all, number))
	}
	if g := worstGrid(all); len(g.Rows) > 0 {
		grids = append(grids, g)
	}
	for i, g := range grids {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := g.Write(w, format); err != nil {
			return err
		}
	}
	return output.Notes(w, format, allNotes(all))
}

// allNotes are the notes on all embeddings, with their names where there are several.
func allNotes(all []Answered) []string {
	var notes []string
	for _, a := range all {
		for _, note := range notesOn(a) {
			if len(all) > 1 {
				note = a.Name + ": " + note
			}
			notes = append(notes, note)
		}
	}
	if note := rangesNote(all); note != "" {
		notes = append(notes, note)
	}
	if unit := all[0].unit; unit != "" {
		notes = append(notes, "brackets: 95 % intervals of the means, by bootstrap over "+unit)
	}
	return notes
}

// lines has a line for each metric of one embedding.
func lines(a Answered) *output.Grid {
	g := &output.Grid{Header: []string{"metric", "value", "low", "high"}}
	if a.unit != "" {
		g.Header = append(g.Header, "95 % interval")
	}
	for _, v := range a.Values {
		cells := []string{v.Heading(), none, none, none}
		if v.Why == "" {
			cells = []string{v.Heading(), number(v, v.Expected), number(v, v.Low), number(v, v.High)}
		}
		if a.unit != "" {
			cells = append(cells, a.interval(v))
		}
		g.Add(cells...)
	}
	return g
}

// rows has a row for each embedding and a column for each metric.
func rows(all []Answered) *output.Grid {
	g := &output.Grid{Header: []string{"embeddings"}}
	for _, v := range all[0].Values {
		g.Header = append(g.Header, v.Heading())
	}
	for _, a := range all {
		cells := []string{a.Name}
		for _, v := range a.Values {
			cells = append(cells, a.cell(v))
		}
		g.Add(cells...)
	}
	return g
}

// none stands for what has no value.
const none = "–"

// cell is a value with its range, where the digits that are printed show one, and its
// interval.
func (a *Answered) cell(v metrics.Value) string {
	if v.Why != "" {
		return none
	}
	text, low, high := number(v, v.Expected), number(v, v.Low), number(v, v.High)
	if low != high {
		text += fmt.Sprintf(" (%s to %s)", low, high)
	}
	if _, has := a.intervals[v.Key()]; has {
		text += " " + a.interval(v)
	}
	return text
}

// number writes a fraction of 1 in percent, and another number with four digits.
func number(v metrics.Value, x float64) string {
	x = output.Unsigned(x)
	if v.Share() {
		return fmt.Sprintf("%.2f %%", 100*x)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// notesOn are the counts of an evaluation, the reasons for what is missing, and the
// remarks.
func notesOn(a Answered) []string {
	var notes []string
	if s := a.Scores; s != nil {
		notes = append(notes, fmt.Sprintf("%d queries; %d lonely (no positive: not in the means); "+
			"%d tied (a negative as similar as the best positive)", s.Queries, s.WithoutPositives, s.Ties))
	}
	return append(notes, remarks(a)...)
}

// remarks are sentences on what the values do not show.
func remarks(a Answered) []string {
	said := []string{}
	say := func(sentence string) {
		if !slices.Contains(said, sentence) {
			said = append(said, sentence)
		}
	}
	for _, v := range a.Values {
		if v.Why != "" {
			say(v.Heading() + " is undefined: " + v.Why)
		}
		for _, note := range v.Notes {
			say(note)
		}
	}
	for _, v := range a.Values {
		if e, has := a.intervals[v.Key()]; has && e.Why != "" {
			say(v.Heading() + " has no interval: " + e.Why)
		}
	}
	if a.unit == "classes" && a.units < fewClasses {
		say(fmt.Sprintf("a bootstrap over %s is unreliable: intervals over fewer than %d are wide, and may be wrong too", output.Count(a.units, "class", "classes"), fewClasses))
	}
	if a.Scores != nil {
		scores := *a.Scores
		scores.NoClustering = "" // the values have the reason
		for _, r := range scores.Remarks() {
			say(r)
		}
	}
	return said
}

// figuresJSON and answeredJSON are the JSON of an evaluation: with the figures of
// package retrieval, where all of them were asked for, or else with its counts, null
// where nothing was ranked.
type figuresJSON struct {
	Embeddings string `json:"embeddings"`
	report.ScoresJSON
	answersJSON
}

type answeredJSON struct {
	Embeddings string `json:"embeddings"`
	countsJSON
	Remarks []string `json:"remarks"`
	answersJSON
}

type answersJSON struct {
	Metrics metricsJSON        `json:"metrics"`
	Macro   map[string]float64 `json:"macro,omitempty"` // means over classes
	Classes []classJSON        `json:"classes,omitempty"`
	Worst   []worstJSON        `json:"worst,omitempty"`
}

type countsJSON struct {
	Queries          int  `json:"queries"`
	WithoutPositives *int `json:"lonely"`
	Ties             *int `json:"ties"`
	DecidedPairs     *int `json:"decided_pairs"`
	DecidedQueries   *int `json:"decided_queries"`
	Undecided        *int `json:"undecided_queries"`
	Copies           *int `json:"copies"`
}

// metricsJSON is an object by full names, in the order in which they were asked.
type metricsJSON struct{ *Answered }

// A valueJSON is a metric in JSON. Fractions are of 1, and what is undefined is null.
type valueJSON struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	Why   string   `json:"why,omitempty"`

	Interval *stats.Estimate `json:"interval,omitempty"`
}

// MarshalJSON implements [json.Marshaler].
func (m metricsJSON) MarshalJSON() ([]byte, error) {
	text := []byte("{")
	for i, v := range m.Values {
		j := valueJSON{Why: v.Why}
		if e, has := m.intervals[v.Key()]; has {
			j.Interval = &e
		}
		if v.Why == "" {
			j.Value, j.Low, j.High = output.OrNull(v.Expected), output.OrNull(v.Low), output.OrNull(v.High)
		}
		key, _ := json.Marshal(v.Key()) // a text has JSON
		value, err := json.Marshal(j)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(append(text, key...), ':'), value...)
	}
	return append(text, '}'), nil
}

// newJSON returns a figuresJSON or an answeredJSON.
func newJSON(a Answered, perClass bool) any {
	answers := answersJSON{Metrics: metricsJSON{&a}, Worst: a.worstJSON()}
	if perClass {
		answers.Classes, answers.Macro = a.classesJSON()
	}

	s := a.Scores
	if s != nil && s.AP != nil {
		figures := report.NewScoresJSON(s)
		figures.Remarks = remarks(a)
		return figuresJSON{a.Name, figures, answers}
	}
	c := countsJSON{Queries: a.Queries.Rows}
	if s != nil {
		c.WithoutPositives, c.Ties, c.DecidedPairs = &s.WithoutPositives, &s.Ties, &s.Decided
		c.DecidedQueries, c.Undecided, c.Copies = &s.DecidedQueries, &s.Undecided, &s.Copies
	}
	return answeredJSON{a.Name, c, remarks(a), answers}
}

// counts are the counts of an evaluation by their names in CSV.
func counts(a Answered) (names, values []string) {
	names = []string{"queries", "lonely", "ties", "decided pairs", "decided queries", "undecided queries", "copies"}
	values = []string{strconv.Itoa(a.Queries.Rows), "", "", "", "", "", ""}
	if s := a.Scores; s != nil {
		for i, n := range []int{s.WithoutPositives, s.Ties, s.Decided, s.DecidedQueries, s.Undecided, s.Copies} {
			values[i+1] = strconv.Itoa(n)
		}
	}
	return names, values
}
