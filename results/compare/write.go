package compare

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gpwbench/internal/escape"
	"gpwbench/internal/output"
	"gpwbench/results/stats"
)

// Formats are those that reports are written in.
var Formats = []string{"text", "markdown", "latex", "csv", "json"}

// Write writes the matrices in one of [Formats]. JSON is an array of the pairs, and CSV
// has a line for each.
func (r *Report) Write(w io.Writer, format string) error {
	var pairs []*Pair
	for _, m := range r.Matrices {
		pairs = append(pairs, m.Pairs...)
	}
	return write(w, format, pairs, r.Notes, func(out *output.Page) error {
		for _, m := range r.Matrices {
			if err := section(out, format, m.heading(r.Metric), m.grid()); err != nil {
				return err
			}
		}
		if r.Ranking == nil {
			return nil
		}
		return section(out, format, "all data sets: average ranks in "+title(r.Metric), r.Ranking.grid())
	})
}

// Write writes the pair in one of [Formats]. JSON is an array with an element for each
// data set, and CSV has a line for each.
func (r *PairReport) Write(w io.Writer, format string) error {
	return write(w, format, r.Pairs, r.Notes, func(out *output.Page) error {
		p := r.Pairs[0]
		return section(out, format, fmt.Sprintf("%s (A) less %s (B): %s", p.A, p.B, title(r.Metric)), r.grid())
	})
}

// write writes pairs as data, or what print prints with the notes below, as a whole or
// not at all.
func write(w io.Writer, format string, pairs []*Pair, notes []string, print func(*output.Page) error) error {
	return writeAs(w, format, data{json: pairs, csv: func() *output.Grid { return pairGrid(pairs) }}, notes, print)
}

// data are what a report is as JSON and as CSV.
type data struct {
	json any
	csv  func() *output.Grid
}

// writeAs writes data, or what print prints with the notes below.
func writeAs(w io.Writer, format string, d data, notes []string, print func(*output.Page) error) error {
	out := output.NewPage(w)
	var err error
	switch {
	case format == "json":
		err = output.JSON(out, d.json, "  ")
	case format == "csv":
		err = d.csv().Write(out, format)
	case slices.Contains(Formats, format):
		if err = print(out); err == nil {
			err = output.Notes(out, format, notes)
		}
	default:
		return fmt.Errorf("compare: no format %q: there are %s", format, strings.Join(Formats, ", "))
	}
	if err != nil {
		return fmt.Errorf("compare: as %s: %w", format, err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// section writes a grid under a heading. The cells of text are set to the right, but
// those of the first column.
func section(out *output.Page, format, heading string, g *output.Grid) error {
	if out.Len() > 0 {
		out.WriteString("\n")
	}
	switch format {
	case "markdown":
		out.WriteString("### " + escape.Markdown(heading) + "\n\n")
	case "latex":
		return latexSection(out, heading, g)
	default:
		out.WriteString(escape.Line(heading) + "\n")
		var text bytes.Buffer
		if err := aligned(g).Write(&text, format); err != nil {
			return err
		}
		for line := range strings.Lines(text.String()) {
			out.WriteString(strings.TrimRight(line, " \n") + "\n")
		}
		return nil
	}
	return g.Write(out, format)
}

// latexSection writes a tabular whose columns but the first are set to the right.
func latexSection(out *output.Page, heading string, g *output.Grid) error {
	t := output.Tabular{Columns: "l" + strings.Repeat("r", len(g.Header)-1), Title: escape.LaTeX(heading)}
	var rows [][]string
	for _, line := range append([][]string{g.Header}, g.Rows...) {
		var cells []string
		for _, cell := range line {
			cells = append(cells, escape.LaTeX(cell))
		}
		rows = append(rows, cells)
	}
	t.Header, t.Rows = rows[0], rows[1:]
	var body bytes.Buffer
	t.Write(&body)
	out.WriteString("% Needs \\usepackage{booktabs}.\n" + escape.LaTeXNeeds(body.String()))
	_, err := body.WriteTo(out)
	return err
}

// aligned pads the cells of all columns but the first on their left.
func aligned(g *output.Grid) *output.Grid {
	all := append([][]string{g.Header}, g.Rows...)
	padded := make([][]string, len(all))
	for k, line := range all {
		padded[k] = slices.Clone(line)
		for c := 1; c < len(line); c++ {
			width := 0
			for _, other := range all {
				width = max(width, utf8.RuneCountInString(other[c]))
			}
			padded[k][c] = strings.Repeat(" ", width-utf8.RuneCountInString(line[c])) + line[c]
		}
	}
	return &output.Grid{Header: padded[0], Rows: padded[1:]}
}

func (m Matrix) heading(metric string) string {
	name := datasetTitle(m.Dataset.Name, m.Dataset.Synthetic)
	if m.Dataset.Title != "" && m.Dataset.Title != m.Dataset.Name {
		name += ": " + m.Dataset.Title
	}
	return name + "; differences in " + title(metric)
}

// grid has a line for each row, and a column for each by its number.
func (m Matrix) grid() *output.Grid {
	g := &output.Grid{Header: []string{"row", "mean"}}
	for i := range m.Rows {
		g.Header = append(g.Header, strconv.Itoa(i+1))
	}
	for i, name := range m.Rows {
		line := []string{fmt.Sprintf("%d %s", i+1, name), percent(m.Means[i])}
		for j := range m.Rows {
			line = append(line, m.cell(i, j))
		}
		g.Add(line...)
	}
	return g
}

func (m Matrix) cell(i, j int) string {
	p, reversed := m.At(i, j)
	if p == nil {
		return ""
	}
	d := p.Mean
	if reversed {
		d = -d
	}
	switch {
	case p.Tied == nil:
		return points(d) + "?"
	case *p.Tied:
		return points(d) + " "
	}
	return points(d) + "*"
}

// grid has the rows in the order of their ranks.
func (r *Ranking) grid() *output.Grid {
	g := &output.Grid{Header: []string{"row", "rank", "groups"}}
	for k, name := range r.Rows {
		g.Add(name, strconv.FormatFloat(r.Ranks[k], 'f', 2, 64), r.letters(k))
	}
	return g
}

// grid has three lines for each data set: over classes, queries and seeds.
func (r *PairReport) grid() *output.Grid {
	g := &output.Grid{Header: []string{"data set", "over", "n", "A", "B", "A − B", "low", "high", "p", "p (Holm)", "detectable"}}
	figure := func(v *float64, write func(float64) string) string {
		if v == nil {
			return "–"
		}
		return write(*v)
	}
	for _, p := range r.Pairs {
		name := datasetTitle(p.Dataset, p.Synthetic)
		g.Add(name, "classes", strconv.Itoa(p.N), percent(p.MeanA), percent(p.MeanB), points(p.Mean), figure(p.Low, points), figure(p.High, points),
			pText(p.P), pText(p.PHolm), figure(p.Smallest, percent))
		if p.Detail == nil {
			continue
		}
		for _, of := range []struct {
			over string
			d    stats.Difference
		}{{"queries", p.Detail.OverQueries}, {"seeds", p.Detail.OverSeeds.Difference}} {
			g.Add("", of.over, strconv.Itoa(of.d.N), "", "", points(of.d.Mean), figure(of.d.Low, points), figure(of.d.High, points), pText(of.d.P), "", figure(of.d.Smallest, percent))
		}
	}
	return g
}

// pairGrid has a line for each pair, with all digits.
func pairGrid(pairs []*Pair) *output.Grid {
	g := &output.Grid{Header: []string{
		"dataset", "metric", "a", "b", "mean_a", "mean_b", "n", "unit", "difference", "se", "low", "high", "p", "p_holm", "tied", "smallest_difference",
		"seeds", "dropped_seeds", "why", "rank_a", "rank_b", "critical_difference", "rank_tied", "rank_p",
	}}
	detailed := slices.ContainsFunc(pairs, func(p *Pair) bool { return p.Detail != nil })
	if detailed {
		g.Header = append(g.Header, "queries_low", "queries_high", "queries_p", "seeds_low", "seeds_high", "seeds_p", "sign_flip_p", "won", "lost", "queries_why", "seeds_why")
	}
	for _, p := range pairs {
		tied := ""
		if p.Tied != nil {
			tied = strconv.FormatBool(*p.Tied)
		}
		line := []string{
			datasetTitle(p.Dataset, p.Synthetic), p.Metric, p.A, p.B, output.Exact(p.MeanA), output.Exact(p.MeanB), strconv.Itoa(p.N), p.Unit,
			output.Exact(p.Mean), exact(p.SE), exact(p.Low), exact(p.High), exact(p.P), exact(p.PHolm), tied, exact(p.Smallest),
			strconv.Itoa(len(p.Seeds)), strconv.Itoa(p.Dropped), p.Why,
		}
		if o := p.Overall; o != nil {
			line = append(line, output.Exact(o.RankA), output.Exact(o.RankB), exact(o.CriticalDifference), strconv.FormatBool(o.Tied), exact(o.P))
		} else {
			line = append(line, "", "", "", "", "")
		}
		switch d := p.Detail; {
		case d != nil:
			line = append(line, exact(d.OverQueries.Low), exact(d.OverQueries.High), exact(d.OverQueries.P),
				exact(d.OverSeeds.Low), exact(d.OverSeeds.High), exact(d.OverSeeds.P), exact(d.SignFlip), output.Exact(d.Changed.Won), output.Exact(d.Changed.Lost), d.OverQueries.Why, d.OverSeeds.Why)
		case detailed:
			line = append(line, slices.Repeat([]string{""}, 11)...)
		}
		g.Add(line...)
	}
	return g
}

func exact(v *float64) string {
	if v == nil {
		return ""
	}
	return output.Exact(*v)
}
