package compat

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"gpwbench/internal/output"
)

// Write prints a comparison: each figure as the tool prints it, with its range where ties
// leave one, beside ours, and what each rule of the tool moves. CSV and JSON have all
// digits. The formats are text, json, csv, markdown and latex. The error is that of w.
func Write(w io.Writer, format string, c *Comparison) error {
	switch format {
	case "json":
		return output.JSON(w, newJSON(c), "  ")
	case "csv":
		return csvGrid(c).Write(w, format)
	}

	g := &output.Grid{Header: []string{"figure", c.Tool.Name, "ties leave", "ours", "value"}}
	for _, f := range c.Functions {
		for _, a := range f.Figures {
			printed, between, ours := a.Printed, "–", "–"
			if a.Why != "" {
				printed = "–"
			} else if low, high := a.format(a.Name, a.Low), a.format(a.Name, a.High); low != high {
				between = low + " to " + high
			}
			if a.Ours.Why == "" {
				ours = a.format(a.Name, a.Ours.Expected)
			}
			g.Add(f.of(a.Name), printed, between, a.Ours.Key(), ours)
		}
	}
	if err := g.Write(w, format); err != nil {
		return err
	}
	return output.Notes(w, format, notes(c))
}

// of names a figure with its function.
func (f *Function) of(figure string) string {
	if f.Label == "" {
		return figure
	}
	return f.Label + " " + figure
}

// notes are the reasons for what is missing, the rules with what they move, and remarks.
func notes(c *Comparison) []string {
	said := []string{
		fmt.Sprintf("%s: %s", c.Tool.Title, c.Tool.Source),
		fmt.Sprintf("%d queries; %d lonely (no positive)", c.Queries, c.Lonely),
	}
	for _, f := range c.Functions {
		why := ""
		for _, a := range f.Figures {
			if a.Why != why && a.Why != "" {
				said = append(said, f.of(a.Name)+" is not printed: "+a.Why)
			}
			why = a.Why
		}
		for _, r := range f.Rules {
			said = append(said, f.of(r.Name)+": "+r.Says+"; "+moved(f, r))
		}
	}
	return append(said, c.Remarks...)
}

// moved says what a rule moves: the first figures, and the number of the others.
func moved(f Function, r Rule) string {
	const most = 4
	if len(r.Moves) == 0 {
		return "it moves no figure here"
	}
	format := f.Figures[0].format
	var by, without []string
	for _, m := range r.Moves[:min(most, len(r.Moves))] {
		if m.By == nil {
			without = append(without, m.Figure+" "+format(m.Figure, m.Without))
			continue
		}
		text := format(m.Figure, *m.By)
		if *m.By > 0 {
			text = "+" + text
		}
		by = append(by, m.Figure+" "+strings.Replace(text, "-", "−", 1))
	}

	var parts []string
	if by != nil {
		parts = append(parts, "it moves "+strings.Join(by, ", "))
	}
	if without != nil {
		parts = append(parts, "without it there would be "+strings.Join(without, ", "))
	}
	if more := len(r.Moves) - most; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more figures", more))
	}
	return strings.Join(parts, ", ")
}

// csvGrid has a line for each figure, for each figure that a rule moves, and for each
// remark.
func csvGrid(c *Comparison) *output.Grid {
	g := &output.Grid{Header: []string{"function", "figure", "rule", "printed", "value", "low", "high", "ours", "ours_value", "without", "moves_by", "says"}}
	for _, f := range c.Functions {
		for _, a := range f.Figures {
			value, low, high, ours := "", "", "", ""
			if a.Why == "" {
				value, low, high = output.Exact(a.Expected), output.Exact(a.Low), output.Exact(a.High)
			}
			if a.Ours.Why == "" {
				ours = output.Exact(a.Ours.Expected)
			}
			g.Add(f.Label, a.Name, "", a.Printed, value, low, high, a.Ours.Key(), ours, "", "", a.Why)
		}
		for _, r := range f.Rules {
			if len(r.Moves) == 0 {
				g.Add(f.Label, "", r.Name, "", "", "", "", "", "", "", "", r.Says)
			}
			for _, m := range r.Moves {
				by := ""
				if m.By != nil {
					by = output.Exact(*m.By)
				}
				g.Add(f.Label, m.Figure, r.Name, "", "", "", "", "", "", output.Exact(m.Without), by, r.Says)
			}
		}
	}
	add := func(name, value string) { g.Add("", name, "", "", value, "", "", "", "", "", "", "") }
	add("queries", strconv.Itoa(c.Queries))
	add("lonely", strconv.Itoa(c.Lonely))
	for _, remark := range append([]string{c.Tool.Title + ": " + c.Tool.Source}, c.Remarks...) {
		g.Add("", "remark", "", "", "", "", "", "", "", "", "", remark)
	}
	return g
}

type comparisonJSON struct {
	Tool      string         `json:"tool"`
	Title     string         `json:"title"`
	Source    string         `json:"source"`
	Queries   int            `json:"queries"`
	Lonely    int            `json:"lonely"`
	Functions []functionJSON `json:"functions"`
	Remarks   []string       `json:"remarks"`
}

type functionJSON struct {
	Function string       `json:"function"`
	Figures  []figureJSON `json:"figures"`
	Rules    []ruleJSON   `json:"rules"`
}

type figureJSON struct {
	Name      string   `json:"figure"`
	Printed   string   `json:"printed,omitempty"`
	Value     *float64 `json:"value"`
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
	Why       string   `json:"why,omitempty"`
	Ours      string   `json:"ours"`
	OursValue *float64 `json:"ours_value"`
	OursWhy   string   `json:"ours_why,omitempty"`
}

type ruleJSON struct {
	Name  string     `json:"rule"`
	Says  string     `json:"says"`
	Moves []moveJSON `json:"moves"`
}

type moveJSON struct {
	Figure  string   `json:"figure"`
	Without *float64 `json:"without"`
	By      *float64 `json:"by"`
}

func newJSON(c *Comparison) comparisonJSON {
	j := comparisonJSON{c.Tool.Name, c.Tool.Title, c.Tool.Source, c.Queries, c.Lonely, nil, append([]string{}, c.Remarks...)}
	for _, f := range c.Functions {
		fj := functionJSON{Function: f.Label, Rules: []ruleJSON{}}
		for _, a := range f.Figures {
			aj := figureJSON{Name: a.Name, Printed: a.Printed, Why: a.Why, Ours: a.Ours.Key(), OursWhy: a.Ours.Why}
			if a.Why == "" {
				aj.Value, aj.Low, aj.High = output.OrNull(a.Expected), output.OrNull(a.Low), output.OrNull(a.High)
			}
			if a.Ours.Why == "" {
				aj.OursValue = output.OrNull(a.Ours.Expected)
			}
			fj.Figures = append(fj.Figures, aj)
		}
		for _, r := range f.Rules {
			rj := ruleJSON{r.Name, r.Says, []moveJSON{}}
			for _, m := range r.Moves {
				rj.Moves = append(rj.Moves, moveJSON{m.Figure, output.OrNull(m.Without), m.By})
			}
			fj.Rules = append(fj.Rules, rj)
		}
		j.Functions = append(j.Functions, fj)
	}
	return j
}
