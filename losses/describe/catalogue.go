package describe

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gpwbench/internal/output"
	"gpwbench/losses"
)

// Catalogue writes a table of losses by family, as text, json, csv, markdown or latex.
// CSV and JSON have all that an entry says. The error is that of w.
func Catalogue(w io.Writer, specs []losses.Spec, format string) error {
	switch format {
	case "json":
		return output.JSON(w, Entries(specs), "  ")
	case "csv":
		return catalogueCSV(specs).Write(w, format)
	case "text":
		if err := catalogueGrid(specs).Write(w, format); err != nil {
			return err
		}
		_, err := fmt.Fprint(w, "\nuses: the similarities that Table 1 of Wang et al., CVPR 2019, ticks for it; "+
			"– for a loss that is not in it\n")
		return err
	}
	return catalogueGrid(specs).Write(w, format)
}

// Loss writes one loss in full, as text, json, csv, markdown or latex. The error is that
// of w.
func Loss(w io.Writer, s losses.Spec, format string) error {
	switch format {
	case "text":
		return text(w, s)
	case "markdown":
		return section(w, s)
	}
	return Catalogue(w, []losses.Spec{s}, format)
}

func catalogueGrid(specs []losses.Spec) *output.Grid {
	g := &output.Grid{Header: []string{"family", "loss", "title", "year", "uses", "presets"}}
	for _, family := range families() {
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
			g.Add(string(s.Family), s.Name, s.Title, fmt.Sprint(s.Year), uses, strings.Join(presets, ", "))
		}
	}
	return g
}

// catalogueCSV is the table with all that an entry says.
func catalogueCSV(specs []losses.Spec) *output.Grid {
	g := catalogueGrid(specs)
	g.Header = append(g.Header, "traits", "held_constant", "notes", "codes", "departs",
		"cite", "formula", "sources", "parameters")
	for k, row := range g.Rows {
		named := func(s losses.Spec) bool { return s.Name == row[1] }
		g.Rows[k] = append(row, details(specs[slices.IndexFunc(specs, named)])...)
	}
	return g
}

// details are the columns that the CSV has beyond the other tables.
func details(s losses.Spec) []string {
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

	const between = "; "
	return []string{
		names(s.Traits), s.Held, strings.Join(notes(s.Name, s), " "),
		strings.Join(codes, between), strings.Join(departs, between),
		s.Cite, s.Formula, strings.Join(sources, between), strings.Join(parameters, between),
	}
}
