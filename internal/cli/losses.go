package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/experiments"
	"gpwbench/losses"
)

func lossesCommand() *cobra.Command {
	var out, format string
	formats := append([]string{"text", "json"}, gridFormats...)
	cmd := &cobra.Command{
		Use:   "losses [NAME]",
		Short: "List the losses, or show one in full",
		Long:  "Losses lists the catalogue by family. With a name, such as multi_similarity, it prints the whole entry.",
		Example: `  gpw losses
  gpw losses multi_similarity
  gpw losses --format json`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, formats); err != nil {
				return err
			}
			specs := everyLoss()
			if len(args) == 1 {
				row, _, err := experiments.ParseLoss(args[0], losses.Catalogue)
				if err != nil {
					return renamed(err, "losses")
				}
				specs = []losses.Spec{*row.Choice.Spec}
			}
			return output(cmd, out, func(w writer) error {
				switch {
				case format == "json":
					return writeJSON(w, describeAll(specs), "  ")
				case format == "text" && len(args) == 1:
					return describe(w, specs[0])
				case format == "markdown" && len(args) == 1:
					return section(w, specs[0])
				}
				table := catalogueGrid(specs)
				if format == "csv" {
					table = catalogueCSV(specs)
				}
				if err := table.write(w, format); err != nil || format != "text" {
					return err
				}
				_, err := fmt.Fprint(w, "\nuses: the similarities that Table 1 of Wang et al., CVPR 2019, ticks for it; – for a loss that is not in it\n")
				return err
			})
		},
	}
	outputFlags(cmd, &out, &format, formats)
	return cmd
}

// everyLoss is the catalogue and, after it, the comparators that need proxies.
func everyLoss() []losses.Spec { return append(slices.Clip(losses.Catalogue), losses.ProxyLosses...) }

// renamed says where a loss was named, when it was not the flag --loss.
func renamed(err error, verb string) error {
	var spec *experiments.SpecError
	if !errors.As(err, &spec) {
		return err
	}
	return usagef("%s", strings.ReplaceAll(err.Error(), "--loss", verb))
}

// The JSON of a catalogue entry.
type (
	lossJSON struct {
		Name       string          `json:"name"`
		Title      string          `json:"title"`
		Family     string          `json:"family"`
		Year       int             `json:"year"`
		Cite       string          `json:"cite"`
		Formula    string          `json:"formula"`
		Uses       []string        `json:"uses"`
		Relation   string          `json:"relation"`
		Traits     []string        `json:"traits"`
		Held       string          `json:"held_constant,omitempty"` // by the gradient of a detached loss
		Notes      []string        `json:"notes,omitempty"`
		Revision   int             `json:"revision"`
		Parameters []parameterJSON `json:"parameters"`
		Presets    []presetJSON    `json:"presets"`
	}
	parameterJSON struct {
		Name    string   `json:"name"`
		Symbol  string   `json:"symbol"`
		Default any      `json:"default"`
		Domain  string   `json:"domain"`
		Doc     string   `json:"doc"`
		Aliases []string `json:"aliases,omitempty"`
		Presets []string `json:"presets"` // that have it; the default is the first one's
	}
	presetJSON struct {
		Name    string         `json:"name"`
		Source  string         `json:"source"`
		Code    string         `json:"code,omitempty"`    // that it is named after, with its version
		Departs string         `json:"departs,omitempty"` // from that code, or well-known code from it
		Traits  []string       `json:"traits,omitempty"`  // beyond those of the loss
		Params  map[string]any `json:"params"`
		Miner   map[string]any `json:"miner,omitempty"`
	}
)

func describeAll(specs []losses.Spec) []lossJSON {
	all := []lossJSON{}
	for _, s := range specs {
		l := lossJSON{
			Name: s.Name, Title: s.Title, Family: string(s.Family), Year: s.Year, Cite: s.Cite, Formula: s.Formula, Uses: s.Table1.Letters(),
			Relation: s.Relation.String(), Traits: s.Traits.Names(), Held: s.Held, Notes: notes(s.Name, s), Revision: s.Revision, Parameters: parametersJSON(s.Presets),
		}
		for _, p := range s.Presets {
			j := presetJSON{Name: p.Name, Source: p.Source, Code: p.Code, Departs: p.Departs, Traits: p.Traits.Names(), Params: map[string]any{}}
			for _, q := range losses.Parameters(p.Value) {
				j.Params[q.Name] = q.Value
			}
			if p.Miner != nil {
				j.Miner = map[string]any{"name": losses.MinerName(p.Miner)}
				for _, q := range losses.Parameters(p.Miner) {
					j.Miner[q.Name] = q.Value
				}
			}
			l.Presets = append(l.Presets, j)
		}
		all = append(all, l)
	}
	return all
}

// parametersJSON describes every parameter that a preset has, once, in the order of the
// presets.
func parametersJSON(presets []losses.Preset) []parameterJSON {
	all := []parameterJSON{}
	for _, preset := range presets {
		for _, p := range losses.Parameters(preset.Value) {
			k := slices.IndexFunc(all, func(q parameterJSON) bool { return q.Name == p.Name })
			if k < 0 {
				k = len(all)
				all = append(all, parameterJSON{Name: p.Name, Symbol: p.Symbol, Default: p.Value, Domain: p.Domain.String(), Doc: p.Doc, Aliases: p.Aliases})
			}
			all[k].Presets = append(all[k].Presets, preset.Name)
		}
	}
	return all
}

// notes are the sentences on a loss that its user must know. name is how the format
// writes its name.
func notes(name string, s losses.Spec) []string {
	all := slices.Clip(s.Notes)
	if note := vectorsNote(name, s.Traits); note != "" {
		all = append(all, note+".")
	}
	return all
}

// catalogueCSV is the table with all that an entry says.
func catalogueCSV(specs []losses.Spec) *grid {
	g := catalogueGrid(specs)
	g.header = append(g.header, "traits", "held_constant", "notes", "codes", "departs", "cite", "formula", "sources", "parameters")
	for k, row := range g.rows {
		s := specs[slices.IndexFunc(specs, func(s losses.Spec) bool { return s.Name == row[1] })]
		var codes, departs, sources, parameters []string
		for _, p := range s.Presets {
			if p.Code != "" {
				codes = append(codes, p.Name+": "+p.Code)
			}
			if p.Departs != "" {
				departs = append(departs, p.Name+": "+p.Departs)
			}
			sources = append(sources, p.Name+": "+p.Source)
			for _, q := range losses.Parameters(p.Value) {
				parameters = append(parameters, p.Name+"."+q.Name+"="+q.Text())
			}
		}
		g.rows[k] = append(row, list(s.Traits.Names()), s.Held, strings.Join(notes(s.Name, s), " "), strings.Join(codes, "; "), strings.Join(departs, "; "),
			s.Cite, s.Formula, strings.Join(sources, "; "), strings.Join(parameters, "; "))
	}
	return g
}

func catalogueGrid(specs []losses.Spec) *grid {
	g := &grid{header: []string{"family", "loss", "title", "year", "uses", "presets"}}
	for _, family := range append(slices.Clip(losses.Families), losses.Proxies) {
		for _, s := range specs {
			if s.Family != family {
				continue
			}
			var presets []string
			for _, p := range s.Presets {
				presets = append(presets, p.Name)
			}
			uses := s.Table1.String()
			if uses == "" {
				uses = "–"
			}
			g.add(string(s.Family), s.Name, s.Title, fmt.Sprint(s.Year), uses, strings.Join(presets, ", "))
		}
	}
	return g
}

// describe prints one entry for people.
func describe(w writer, s losses.Spec) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n  %s\n\n", s.Title, s.Name, s.Formula)
	if len(s.Presets) > 1 {
		fmt.Fprintf(&b, "The formula is that of %s; in what the others differ, their sources say.\n\n", s.Presets[0].Name)
	}
	g := &grid{}
	g.header = []string{"  source", s.Cite}
	uses := s.Table1.String()
	if uses == "" {
		uses = "not in Table 1 of Wang et al., CVPR 2019"
	}
	family := string(s.Family)
	if s.Year > 0 {
		family += fmt.Sprintf(", since %d", s.Year)
	}
	g.add("  family", family)
	g.add("  uses", uses)
	g.add("  relation", s.Relation.String())
	if names := s.Traits.Names(); len(names) > 0 {
		g.add("  traits", strings.Join(names, ", "))
	}
	if s.Held != "" {
		g.add("  constant", s.Held+", in the gradient")
	}
	for _, note := range notes(s.Name, s) {
		g.add("  note", note)
	}
	if err := g.write(&b, "text"); err != nil {
		return err
	}
	for k, p := range s.Presets {
		fmt.Fprintf(&b, "\n%s.%s", s.Name, p.Name)
		if k == 0 {
			b.WriteString(" (default)")
		}
		fmt.Fprintf(&b, ": %s\n", p.Source)
		if names := p.Traits.Names(); len(names) > 0 {
			fmt.Fprintf(&b, "  also %s\n", strings.Join(names, ", "))
		}
		if p.Code != "" {
			fmt.Fprintf(&b, "  code: %s\n", p.Code)
		}
		if p.Departs != "" {
			fmt.Fprintf(&b, "  departs: %s\n", p.Departs)
		}
		g := &grid{}
		values := losses.Parameters(p.Value)
		if p.Miner != nil {
			miner := losses.Choice{Miner: p.Miner}.MinerCaption()
			g.add("  mining", miner, "", "")
		}
		for _, q := range values {
			doc := q.Doc
			if len(q.Aliases) > 0 {
				doc += "; elsewhere " + strings.Join(q.Aliases, ", ")
			}
			g.add("  "+q.Name, q.Symbol+" = "+q.Text(), "in "+q.Domain.String(), doc)
		}
		if len(g.rows) == 0 {
			continue
		}
		g.header, g.rows = g.rows[0], g.rows[1:]
		if err := g.write(&b, "text"); err != nil {
			return err
		}
	}
	_, err := w.Write([]byte(b.String()))
	return err
}
