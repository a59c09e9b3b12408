package describe

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gpwbench/internal/output"
	"gpwbench/losses"
)

// Page writes a Markdown page after an introduction: a table of every loss, a section on
// each, and the miners. The error is that of w.
func Page(w io.Writer) error {
	all := EveryLoss()
	if err := catalogueGrid(all).Write(w, "markdown"); err != nil {
		return err
	}

	for _, family := range families() {
		for _, s := range all {
			if s.Family != family {
				continue
			}
			if _, err := fmt.Fprintln(w); err != nil {

				return err
			}
			if err := section(w, s); err != nil {
				return err
			}
		}
	}
	return minersSection(w)
}

// section writes one loss of the page.
func section(w io.Writer, s losses.Spec) error {
	var b strings.Builder
	opening(&b, s)
	if err := presetGrid(s).Write(&b, "markdown"); err != nil {
		return err
	}

	differing := slices.DeleteFunc(slices.Clone(s.Presets), func(p losses.Preset) bool { return p.Departs == "" })
	for k, p := range differing {
		if k == 0 {
			b.WriteString("\nWhere presets and well-known code differ:\n\n")
		}
		fmt.Fprintf(&b, "- `%s.%s`: %s.\n", s.Name, p.Name, p.Departs)
	}

	if parameters := parameterGrid(s); len(parameters.Rows) > 0 {
		b.WriteString("\n")
		if err := parameters.Write(&b, "markdown"); err != nil {
			return err
		}
	}

	_, err := w.Write([]byte(b.String()))
	return err
}

// opening writes the heading, the formula and the sentences of a section.
func opening(b *strings.Builder, s losses.Spec) {
	fmt.Fprintf(b, "## %s: `%s`\n\n```text\n%s\n```\n\n", s.Title, s.Name, s.Formula)

	fmt.Fprintf(b, "%s. %s", strings.TrimSuffix(s.Cite, "."), capital(s.Relation.String()))
	if traits := names(s.Traits); traits != "" {
		fmt.Fprintf(b, "; %s", traits)
	}

	fmt.Fprintf(b, ". Family %s", s.Family)
	if s.Year > 0 {
		fmt.Fprintf(b, ", since %d", s.Year)
	}
	if uses := s.Table1.String(); uses != "" {
		fmt.Fprintf(b, ". Table 1 ticks %s", uses)
	}
	b.WriteString(".\n\n")

	if s.Held != "" {
		fmt.Fprintf(b, "Held constant in the gradient: %s.\n\n", s.Held)
	}
	for _, note := range notes("`"+s.Name+"`", s) {
		fmt.Fprintf(b, "%s\n\n", note)
	}
}

func presetGrid(s losses.Spec) *output.Grid {
	g := &output.Grid{Header: []string{"preset", "parameters", "source"}}
	for _, p := range s.Presets {
		source := p.Source
		if traits := names(p.Traits); traits != "" {
			source += " (also " + traits + ")"
		}
		if p.Code != "" {
			source += "; " + p.Code
		}

		caption := losses.Choice{Value: p.Value, Miner: p.Miner}.Caption()
		g.Add("`"+s.Name+"."+p.Name+"`", caption, source)
	}
	return g
}

// parameterGrid has every parameter of the presets once.
func parameterGrid(s losses.Spec) *output.Grid {
	g := &output.Grid{Header: []string{"parameter", "symbol", "domain", "meaning", "elsewhere"}}
	seen := map[string]bool{}
	for _, p := range s.Presets {
		for _, q := range losses.Parameters(p.Value) {
			if !seen[q.Name] {
				seen[q.Name] = true
				g.Add("`"+q.Name+"`", q.Symbol, q.Domain.String(), q.Doc, strings.Join(q.Aliases, ", "))
			}
		}
	}
	return g
}

// minersSection lists the miners.
func minersSection(w io.Writer) error {
	if _, err := fmt.Fprint(w, "\n## Miners\n\n"); err != nil {
		return err
	}

	g := &output.Grid{Header: []string{"miner", "parameters", "differs from well-known code"}}
	for _, m := range losses.Miners {
		g.Add("`"+m.Name+"`", losses.Choice{Miner: m.Value}.MinerCaption(), m.Departs)
	}
	return g.Write(w, "markdown")
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
