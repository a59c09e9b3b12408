package table

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"gpwbench/internal/escape"
	"gpwbench/internal/output"
)

func (t *Table) text(out *output.Page) error {
	if len(t.Blocks) == 0 {
		out.WriteString("no runs yet\n")
	}
	for _, b := range t.Blocks {
		header, cells := b.grid(escape.Line, textMarks)
		for i, h := range header {
			header[i] = breakHeader(h)
		}
		if err := textBlock(out, b.Title(), header, cells); err != nil {
			return err
		}
		if g := b.publishedGrid(t.reference); g != nil {
			g = g.cleaned(escape.Line)
			if err := textBlock(out, g.title, g.header, g.rows); err != nil {
				return err
			}
		}
	}

	for _, n := range t.Notes {
		out.WriteString(output.Wrap(escape.Line(n)+"\n", out.Columns))
	}
	return nil
}

// textBlock writes a title and the cells below it, in parts that fit the window.
func textBlock(out *output.Page, title string, header []string, cells [][]string) error {
	out.WriteString(escape.Line(title) + "\n")
	for _, part := range output.Groups(cellWidths(header, cells), out.Columns) {
		var rows [][]string
		for _, line := range cells {
			rows = append(rows, output.Pick(line, part))
		}
		if err := textPart(out, output.Pick(header, part), rows); err != nil {
			return err
		}
	}
	return nil
}

// cellWidths are the widths of the columns of a text table, with the space around them.
func cellWidths(header []string, cells [][]string) []int {
	widths := make([]int, len(header))
	for _, line := range append([][]string{header}, cells...) {
		for k, cell := range line {
			for part := range strings.Lines(cell) {
				widths[k] = max(widths[k], utf8.RuneCountInString(strings.TrimRight(part, "\n"))+2)
			}
		}
	}
	return widths
}

// textPart writes the cells of some columns and an empty line.
func textPart(out *output.Page, header []string, cells [][]string) error {
	var table bytes.Buffer
	if err := render(&table, header, cells, renderer.NewBlueprint(tw.Rendition{
		Borders: tw.BorderNone,
		Symbols: tw.NewSymbols(tw.StyleLight),
		Settings: tw.Settings{
			Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
			Lines:      tw.Lines{ShowHeaderLine: tw.On},
		},
	})); err != nil {
		return err
	}

	for line := range strings.Lines(table.String()) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	out.WriteString("\n")
	return nil
}

// breakHeader sets what a published column is under its name, because its figures are
// narrow.
func breakHeader(header string) string {
	if !strings.HasPrefix(header, "published ") {
		return header
	}
	header = strings.Replace(header, " (", "\n(", 1)
	header = strings.Replace(header, foldsHeads+", ", foldsHeads+",\n", 1)
	return strings.Replace(header, "-d, ", "-d,\n", 1)
}

func (t *Table) markdown(out *bytes.Buffer) error {
	if len(t.Blocks) == 0 {
		out.WriteString("no runs yet\n")
	}
	for _, b := range t.Blocks {
		header, cells := b.grid(escape.Markdown, markdownMarks)
		if err := markdownBlock(out, escape.Markdown(b.Title()), header, cells); err != nil {
			return err
		}
		if g := b.publishedGrid(t.reference); g != nil {
			g = g.cleaned(escape.Markdown)
			if err := markdownBlock(out, g.title, g.header, g.rows); err != nil {
				return err
			}
		}
	}

	for _, n := range t.Notes {
		out.WriteString("- " + escape.Markdown(n) + "\n")
	}
	return nil
}

// markdownBlock writes a heading and the cells below it.
func markdownBlock(out *bytes.Buffer, title string, header []string, cells [][]string) error {
	out.WriteString("### " + title + "\n\n")
	if err := render(out, header, cells, renderer.NewMarkdown()); err != nil {
		return err
	}
	out.WriteString("\n")
	return nil
}

// render sets the first column to the left and the others to the right, and changes no
// text.
func render(out io.Writer, header []string, cells [][]string, r tw.Renderer) error {
	align := make([]tw.Align, len(header))
	for i := range align {
		align[i] = tw.AlignRight
	}
	align[0] = tw.AlignLeft
	table := tablewriter.NewTable(out,
		tablewriter.WithRenderer(r),
		tablewriter.WithHeaderAutoFormat(tw.Off), // it would print R@1 as R @ 1
		tablewriter.WithTrimSpace(tw.Off),        // a space stands in the place of a mark
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: align}),
	)

	table.Header(header)
	if err := table.Bulk(cells); err != nil {
		return err
	}
	return table.Render()
}
