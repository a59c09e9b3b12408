package table

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter/renderer"

	"gpwbench/internal/escape"
	"gpwbench/internal/output"
	"gpwbench/results"
	"gpwbench/results/stats"
)

// Write writes the pivot in one of results.Formats: text, markdown and latex as tables,
// mean ± sample standard deviation; csv and json as fractions of 1 in full.
func (p *Pivot) Write(w io.Writer, format string) error {
	out := output.NewPage(w) // whole or not at all
	write := map[string]func() error{
		"text":     func() error { return p.text(out) },
		"markdown": func() error { return p.markdown(&out.Buffer) },
		"latex":    func() error { return p.latex(&out.Buffer) },
		"csv":      func() error { return p.csv(&out.Buffer) },
		"json":     func() error { return p.json(&out.Buffer) },
	}[format]
	if write == nil {
		return fmt.Errorf("results: no table format %q: there are %s", format, strings.Join(results.Formats, ", "))
	}
	if err := write(); err != nil {
		return fmt.Errorf("results: pivot as %s: %w", format, err)
	}

	_, err := w.Write(out.Bytes())
	return err
}

// title names the data set, what is measured and what varies.
func (p *Pivot) title(b PivotBlock) string {
	return Block{Dataset: b.Dataset}.Title() + ", " + metricTitle(p.Metric) + " by " + p.Path
}

// grid is the header and the cells of a block, each passed through clean.
func (p *Pivot) grid(b PivotBlock, clean func(string) string) (header []string, cells [][]string) {
	header = []string{"method"}
	for _, text := range b.Texts {
		header = append(header, clean(text))
	}
	for _, r := range b.Rows {
		name := r.name
		if r.tied {
			name += " †"
		}
		line := []string{clean(name)}
		for _, s := range r.Cells {
			text := "–"
			if s != nil {
				text = inUnits(p.Metric, *s)
			}
			line = append(line, clean(text))
		}
		cells = append(cells, line)
	}
	return header, cells
}

func (p *Pivot) text(out *output.Page) error {
	for _, b := range p.Blocks {
		header, cells := p.grid(b, escape.Line)
		if err := textBlock(out, p.title(b), header, cells); err != nil {
			return err
		}
	}
	for _, n := range p.Notes {
		out.WriteString(output.Wrap(escape.Line(n)+"\n", out.Columns))
	}
	return nil
}

func (p *Pivot) markdown(out *bytes.Buffer) error {
	for _, b := range p.Blocks {
		out.WriteString("### " + escape.Markdown(p.title(b)) + "\n\n")
		header, cells := p.grid(b, escape.Markdown)
		if err := render(out, header, cells, renderer.NewMarkdown()); err != nil {
			return err
		}
		out.WriteString("\n")
	}
	for _, n := range p.Notes {
		out.WriteString("- " + escape.Markdown(n) + "\n")
	}
	return nil
}

func (p *Pivot) latex(out *bytes.Buffer) error {
	var body bytes.Buffer
	for _, b := range p.Blocks {
		widths := textWidths(p.grid(b, escape.Line))
		header, cells := p.grid(b, escape.LaTeX)
		all := output.Tabular{
			Columns: "l" + strings.Repeat("r", len(header)-1),
			Header:  header,
			Rows:    cells,
			Ruled:   func(i int) bool { return i > 0 && b.Rows[i].Kind != b.Rows[i-1].Kind },
		}
		latexFloat{
			caption: escape.LaTeX(p.title(b) + ". " + latexFigures[SD]),
			lines:   linesOf(make([][]string, len(cells))),
			widths:  widths,
			write:   func(out *bytes.Buffer, from, to int) { part(all, from, to).Write(out) },
		}.float(&body)
	}
	latexNotes(&body, p.Notes)
	latexDocument(out, body.Bytes())
	return nil
}

// csv has one line for each row and value.
func (p *Pivot) csv(out *bytes.Buffer) error {
	g := &output.Grid{Header: []string{"dataset", "label", "protocol", "swept", "constant", p.Path, "metric", "n", "mean", "sd", "low", "high"}}
	why := p.hasWhy()
	if why {
		g.Header = append(g.Header, "why")
	}
	for _, b := range p.Blocks {
		for _, r := range b.Rows {
			for k, s := range r.Cells {
				if s == nil {
					continue
				}
				line := []string{Block{Dataset: b.Dataset}.datasetCell(), r.Label, r.Protocol, sweptKey(r.Swept), strconv.FormatBool(r.Constant), b.Texts[k], p.Metric, strconv.Itoa(s.N)}
				line = append(line, csvStat(map[string]stats.Stat{"": *s}, "")...)
				if why {
					line = append(line, s.Why)
				}
				g.Add(line...)
			}
		}
	}
	return g.Write(out, "csv")
}

// hasWhy reports whether it is said of some cell why it has no interval.
func (p *Pivot) hasWhy() bool {
	for _, b := range p.Blocks {
		if slices.ContainsFunc(b.Rows, func(r PivotRow) bool { return whysOf(r.Cells) != nil }) {
			return true
		}
	}
	return false
}

// whysOf says of each cell why it has no interval, "" where it has one; nil where all do.
func whysOf(cells []*stats.Stat) []string {
	whys, any := make([]string, len(cells)), false
	for k, s := range cells {
		if s != nil && s.Why != "" {
			whys[k], any = s.Why, true
		}
	}
	if !any {
		return nil
	}
	return whys
}

func (p *Pivot) json(out *bytes.Buffer) error {
	type row struct {
		Label    string        `json:"label"`
		Kind     string        `json:"kind"`
		Protocol string        `json:"protocol"`
		Swept    results.Swept `json:"swept,omitempty"`
		Constant bool          `json:"constant,omitempty"`
		Cells    []*stats.Stat `json:"cells"`
		Why      []string      `json:"why,omitempty"` // of each cell, why its runs have no interval
	}
	type block struct {
		Dataset   string `json:"dataset"`
		Synthetic bool   `json:"synthetic"`
		Values    []any  `json:"values"`
		Rows      []row  `json:"rows"`
	}
	blocks := []block{}
	for _, b := range p.Blocks {
		rows := []row{}
		for _, r := range b.Rows {
			rows = append(rows, row{r.Label, r.Kind, r.Protocol, r.Swept, r.Constant, r.Cells, whysOf(r.Cells)})
		}
		blocks = append(blocks, block{b.Dataset.Name, b.Dataset.Synthetic, b.Values, rows})
	}
	return output.JSON(out, struct {
		Path   string   `json:"path"`
		Metric string   `json:"metric"`
		Blocks []block  `json:"blocks"`
		Notes  []string `json:"notes"`
	}{p.Path, p.Metric, blocks, append([]string{}, p.Notes...)}, "  ")
}
