package cli

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/losses"
)

// lossesPage is the page of the documents that lists every loss; docs/losses.md holds it.
func lossesPage(w writer) error {
	if _, err := fmt.Fprint(w, `# Every loss

Written by `+"`make docs`"+` from the catalogue. S is the pair's own similarity, N and P are relative to the anchor's other negatives and
positives: the column *uses* has the ticks that Table 1 of Wang et al., CVPR 2019, prints, and a dash for a loss that is not in it. `+"`gpw losses NAME`"+`
prints an entry; its formula is that of the first preset, and in what others differ their sources say. An entry says what its gradient holds constant,
which code and which version of it a preset is named after, and in what the two differ; the parameters of later versions may be others. Losses of the family proxy compare with trained proxies of the classes: specs take
them by name, `+"`losses: all`"+` leaves them out.

`); err != nil {
		return err
	}
	if err := catalogueGrid(everyLoss()).write(w, "markdown"); err != nil {
		return err
	}
	for _, family := range append(slices.Clip(losses.Families), losses.Proxies) {
		for _, s := range everyLoss() {
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

// section is one loss of the page.
func section(w writer, s losses.Spec) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s: `%s`\n\n```text\n%s\n```\n\n%s. %s", s.Title, s.Name, s.Formula, strings.TrimSuffix(s.Cite, "."), capital(s.Relation.String()))
	if names := s.Traits.Names(); len(names) > 0 {
		fmt.Fprintf(&b, "; %s", strings.Join(names, ", "))
	}
	fmt.Fprintf(&b, ". Family %s", s.Family)
	if s.Year > 0 {
		fmt.Fprintf(&b, ", since %d", s.Year)
	}
	if uses := s.Table1.String(); uses != "" {
		fmt.Fprintf(&b, ". Table 1 ticks %s", uses)
	}
	b.WriteString(".\n\n")
	if s.Held != "" {
		fmt.Fprintf(&b, "Held constant in the gradient: %s.\n\n", s.Held)
	}
	for _, note := range notes("`"+s.Name+"`", s) {
		fmt.Fprintf(&b, "%s\n\n", note)
	}
	g := &grid{header: []string{"preset", "parameters", "source"}}
	for _, p := range s.Presets {
		source := p.Source
		if names := p.Traits.Names(); len(names) > 0 {
			source += " (also " + strings.Join(names, ", ") + ")"
		}
		if p.Code != "" {
			source += "; " + p.Code
		}
		g.add("`"+s.Name+"."+p.Name+"`", losses.Choice{Value: p.Value, Miner: p.Miner}.Caption(), source)
	}
	if err := g.write(&b, "markdown"); err != nil {
		return err
	}
	for k, p := range slices.DeleteFunc(slices.Clone(s.Presets), func(p losses.Preset) bool { return p.Departs == "" }) {
		if k == 0 {
			b.WriteString("\nWhere presets and well-known code differ:\n\n")
		}
		fmt.Fprintf(&b, "- `%s.%s`: %s.\n", s.Name, p.Name, p.Departs)
	}
	seen := map[string]bool{}
	parameters := &grid{header: []string{"parameter", "symbol", "domain", "meaning", "elsewhere"}}
	for _, p := range s.Presets {
		for _, q := range losses.Parameters(p.Value) {
			if !seen[q.Name] {
				seen[q.Name] = true
				parameters.add("`"+q.Name+"`", q.Symbol, q.Domain.String(), q.Doc, strings.Join(q.Aliases, ", "))
			}
		}
	}
	if len(parameters.rows) > 0 {
		b.WriteString("\n")
		if err := parameters.write(&b, "markdown"); err != nil {
			return err
		}
	}
	_, err := w.Write([]byte(b.String()))
	return err
}

// minersSection lists the miners.
func minersSection(w writer) error {
	if _, err := fmt.Fprint(w, "\n## Miners\n\n"); err != nil {
		return err
	}
	g := &grid{header: []string{"miner", "parameters", "differs from well-known code"}}
	for _, m := range losses.Miners {
		g.add("`"+m.Name+"`", losses.Choice{Miner: m.Value}.MinerCaption(), m.Departs)
	}
	return g.write(w, "markdown")
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
