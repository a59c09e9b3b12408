package describe

import (
	"fmt"
	"io"
	"strings"

	"gpwbench/internal/output"
	"gpwbench/losses"
)

// text writes one entry as plain text.
func text(w io.Writer, s losses.Spec) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n  %s\n\n", s.Title, s.Name, s.Formula)
	if len(s.Presets) > 1 {
		fmt.Fprintf(&b, "The formula is that of %s; in what the others differ, their sources say.\n\n", s.Presets[0].Name)
	}

	if err := facts(s).Write(&b, "text"); err != nil {
		return err
	}
	for k, p := range s.Presets {
		if err := presetText(&b, s.Name, p, k == 0); err != nil {
			return err
		}
	}
	_, err := w.Write([]byte(b.String()))
	return err
}

// facts are the lines above the presets.
func facts(s losses.Spec) *output.Grid {
	uses := s.Table1.String()
	if uses == "" {
		uses = "not in Table 1 of Wang et al., CVPR 2019"
	}
	family := string(s.Family)
	if s.Year > 0 {
		family += fmt.Sprintf(", since %d", s.Year)
	}

	g := &output.Grid{Header: []string{"  source", s.Cite}}
	g.Add("  family", family)
	g.Add("  uses", uses)
	g.Add("  relation", s.Relation.String())
	if traits := names(s.Traits); traits != "" {
		g.Add("  traits", traits)
	}
	if s.Held != "" {
		g.Add("  constant", s.Held+", in the gradient")
	}
	for _, note := range notes(s.Name, s) {
		g.Add("  note", note)
	}
	return g
}

func presetText(b *strings.Builder, loss string, p losses.Preset, isDefault bool) error {
	fmt.Fprintf(b, "\n%s.%s", loss, p.Name)
	if isDefault {
		b.WriteString(" (default)")
	}
	fmt.Fprintf(b, ": %s\n", p.Source)

	if traits := names(p.Traits); traits != "" {
		fmt.Fprintf(b, "  also %s\n", traits)
	}
	if p.Code != "" {
		fmt.Fprintf(b, "  code: %s\n", p.Code)
	}
	if p.Departs != "" {
		fmt.Fprintf(b, "  departs: %s\n", p.Departs)
	}

	g := &output.Grid{}
	if p.Miner != nil {
		g.Add("  mining", losses.Choice{Miner: p.Miner}.MinerCaption(), "", "")
	}

	for _, q := range losses.Parameters(p.Value) {
		doc := q.Doc
		if len(q.Aliases) > 0 {
			doc += "; elsewhere " + strings.Join(q.Aliases, ", ")
		}
		g.Add("  "+q.Name, q.Symbol+" = "+q.Text(), "in "+q.Domain.String(), doc)
	}
	if len(g.Rows) == 0 {
		return nil
	}
	g.Header, g.Rows = g.Rows[0], g.Rows[1:] // the grid has no header of its own
	return g.Write(b, "text")
}
