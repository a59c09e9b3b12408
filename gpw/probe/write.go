package probe

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gpwbench/internal/output"
)

// Write prints results in a format: text, json, csv, markdown or latex. Text and Markdown
// have all the named tables that were measured, and nil names all; CSV and LaTeX have the
// first one. CSV has every number with all digits, one line each. JSON has all
// measurements, whatever the tables, and needs the ticks.
//
// The error is that of w, of results that [Run] did not return together, or of a table
// that was not measured.
func Write(w io.Writer, results []Result, format string, tables []string) error {
	if len(results) == 0 {
		return errors.New("no losses were probed, so there is nothing to write")
	}
	for _, r := range results {
		uneven := (r.Dependence == nil) != (results[0].Dependence == nil) || (r.Effects == nil) != (results[0].Effects == nil)
		if r.Choice.Spec == nil || r.Threshold == nil || uneven {
			return errors.New("a result is not whole, or others were measured otherwise; Run returns results that can be written")
		}
	}
	if format == "json" {
		return writeJSON(w, results)
	}

	first := true
	for _, name := range Tables {
		if tables != nil && !slices.Contains(tables, name) {
			continue
		}
		if name == EffectsTable && results[0].Effects == nil {
			continue
		}
		if name == TicksTable && results[0].Dependence == nil {
			return errNoTicks
		}
		if format == "csv" {
			return csvTable(name, results).Write(w, format)
		}

		s := newSection(name, results)
		if format == "latex" {
			return s.grid.Write(w, format)
		}

		if !first {
			fmt.Fprintln(w)
		}
		first = false
		if err := s.write(w, format); err != nil {
			return err
		}
	}

	return nil
}

var errNoTicks = errors.New("the ticks were not measured, and are to be written; name them in Options.Tables")

// A section is a table with the text around it.
type section struct {
	title   string
	before  []string // lines
	grid    *output.Grid
	remarks []string // a list, after the table
}

func newSection(table string, results []Result) section {
	switch table {
	case TicksTable:
		return ticksSection(results)
	case EffectsTable:
		return effectsSection(results)
	case CasesTable:
		return casesSection(results)
	}
	return thresholdSection(results)
}

func (s section) write(w io.Writer, format string) error {
	heading, bullet := s.title+"\n", "  "
	if format == "markdown" {
		heading, bullet = "## "+s.title+"\n", "- "
	}

	if _, err := fmt.Fprintln(w, heading+"\n"+strings.Join(s.before, "\n")+"\n"); err != nil {
		return err
	}

	if err := s.grid.Write(w, format); err != nil {
		return err
	}

	for k, r := range s.remarks {
		if k == 0 {
			fmt.Fprintln(w)
		}
		if _, err := fmt.Fprintln(w, bullet+r); err != nil {
			return err
		}
	}

	return nil
}

// sides are the two sides of a batch, in the order of the tables.
var sides = []struct {
	positive bool
	name     string
}{{true, "positive"}, {false, "negative"}}
