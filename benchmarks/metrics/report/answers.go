// Package report prints what package [gpwbench/benchmarks/metrics] answers.
//
// # Route
//
//   - [Write] prints the answers for one embedding or for several, a row each.
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
)

// An Answered is an evaluation with the name of its embeddings.
type Answered struct {
	Name string
	*metrics.Evaluation
}

// Write prints the answers for one embedding as a line for each metric, and those for
// several as a row each; all were asked the same. Text, Markdown and LaTeX have fractions
// in percent. CSV and JSON have all digits; JSON of one embedding is an object, that of
// several a list. The error is that of w.
func Write(w io.Writer, format string, all []Answered) error {
	switch {
	case format == "json" && len(all) == 1:
		return output.JSON(w, newAnsweredJSON(all[0]), "  ")
	case format == "json":
		list := make([]answeredJSON, len(all))
		for i, a := range all {
			list[i] = newAnsweredJSON(a)
		}
		return output.JSON(w, list, "  ")
	case format == "csv" && len(all) == 1:
		return oneCSV(all[0]).Write(w, format)
	case format == "csv":
		return rowsCSV(all).Write(w, format)
	}

	g, notes := rows(all), []string{}
	if len(all) == 1 {
		g = lines(all[0])
	}
	for _, a := range all {
		for _, note := range notesOn(a) {
			if len(all) > 1 {
				note = a.Name + ": " + note
			}
			notes = append(notes, note)
		}
	}
	if err := g.Write(w, format); err != nil {
		return err
	}
	return output.Notes(w, format, notes)
}

// lines has a line for each metric of one embedding.
func lines(a Answered) *output.Grid {
	g := &output.Grid{Header: []string{"metric", "value", "ties against", "ties for"}}
	for _, v := range a.Values {
		if v.Why != "" {
			g.Add(v.Heading(), none, none, none)
			continue
		}
		g.Add(v.Heading(), number(v, v.Expected), number(v, v.Low), number(v, v.High))
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
			cells = append(cells, cell(v))
		}
		g.Add(cells...)
	}
	return g
}

// none stands for what has no value.
const none = "–"

// cell is a value with its range, where the digits that are printed show one.
func cell(v metrics.Value) string {
	if v.Why != "" {
		return none
	}
	text, low, high := number(v, v.Expected), number(v, v.Low), number(v, v.High)
	if low == high {
		return text
	}
	return fmt.Sprintf("%s (%s to %s)", text, low, high)
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
	if a.Scores != nil {
		for _, r := range a.Scores.Remarks() {
			say(r)
		}
	}
	return said
}

// answeredJSON is the JSON of an evaluation: the figures of package retrieval, where all
// of them were asked for, or else its counts, null where nothing was ranked.
type answeredJSON struct {
	Embeddings string `json:"embeddings"`
	*report.ScoresJSON
	*countsJSON
	Metrics metricsJSON `json:"metrics"`
	Remarks []string    `json:"remarks"`
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
type metricsJSON []metrics.Value

// A valueJSON is a metric in JSON. Fractions are of 1, and what is undefined is null.
type valueJSON struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	Why   string   `json:"why,omitempty"`
}

// MarshalJSON implements [json.Marshaler].
func (m metricsJSON) MarshalJSON() ([]byte, error) {
	text := []byte("{")
	for i, v := range m {
		j := valueJSON{Why: v.Why}
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

func newAnsweredJSON(a Answered) answeredJSON {
	j := answeredJSON{Embeddings: a.Name, Metrics: a.Values, Remarks: remarks(a)}
	s := a.Scores
	if s != nil && s.AP != nil {
		figures := report.NewScoresJSON(s)
		j.ScoresJSON = &figures
		return j
	}

	j.countsJSON = &countsJSON{Queries: a.Queries.Rows}
	if s != nil {
		c := j.countsJSON
		c.WithoutPositives, c.Ties, c.DecidedPairs = &s.WithoutPositives, &s.Ties, &s.Decided
		c.DecidedQueries, c.Undecided, c.Copies = &s.DecidedQueries, &s.Undecided, &s.Copies
	}
	return j
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

// exact writes all digits of a value and its range, and nothing for what is undefined.
func exact(v metrics.Value) (value, low, high string) {
	if v.Why != "" {
		return "", "", ""
	}
	return output.Exact(v.Expected), output.Exact(v.Low), output.Exact(v.High)
}

// oneCSV has a line for every metric, count and remark.
func oneCSV(a Answered) *output.Grid {
	g := &output.Grid{Header: []string{"metric", "value", "low", "high"}}
	for _, v := range a.Values {
		value, low, high := exact(v)
		g.Add(v.Key(), value, low, high)
	}
	names, values := counts(a)
	for i, name := range names {
		g.Add(name, values[i], "", "")
	}
	for _, remark := range remarks(a) {
		g.Add("remark", remark, "", "")
	}
	return g
}

// rowsCSV has a row for each embedding.
func rowsCSV(all []Answered) *output.Grid {
	g := &output.Grid{Header: []string{"embeddings"}}
	for _, v := range all[0].Values {
		g.Header = append(g.Header, v.Key(), v.Key()+"_low", v.Key()+"_high")
	}
	names, _ := counts(all[0])
	g.Header = append(append(g.Header, names...), "remarks")

	for _, a := range all {
		cells := []string{a.Name}
		for _, v := range a.Values {
			value, low, high := exact(v)
			cells = append(cells, value, low, high)
		}
		_, values := counts(a)
		text := ""
		for i, r := range remarks(a) {
			if i > 0 {
				text += "; "
			}
			text += r
		}
		g.Add(append(append(cells, values...), text)...)
	}
	return g
}
