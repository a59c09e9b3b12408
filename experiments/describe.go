package experiments

import (
	"fmt"
	"strings"

	"gpwbench/losses"
)

// Describe lists what a spec would run, and which files are not there, without reading any data: the dry run.
func (s *Spec) Describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d runs\n", s.Name, len(s.Cells()))
	for k := range s.Datasets {
		d := &s.Datasets[k]
		from := d.Features
		switch {
		case from == "":
			from = fmt.Sprintf("synthetic stand-in of %s, scale %s", d.Synthetic, losses.Number(d.Scale))
		case d.Synthetic != "":
			from += ", or the synthetic stand-in of " + d.Synthetic
		}
		fmt.Fprintf(&b, "\n%s: %s, split %s\n", d.Name, from, d.Split)
		if lines, _ := absent(d); len(lines) > 0 {
			fmt.Fprintf(&b, "  not there: %s\n", strings.Join(lines, "\n  not there: "))
		}
		fmt.Fprintf(&b, "  head %s, %s lr %s, sampler %d×%d, %d steps, seeds 0–%d, preprocess %s\n", headText(d.Head), d.Optimizer.Name,
			losses.Number(d.Optimizer.LR), d.Sampler.Classes, d.Sampler.PerClass, d.Steps, s.Seeds-1, strings.Join(d.Preprocess, ", "))
		for _, base := range s.Baselines {
			fmt.Fprintf(&b, "  baseline  %s\n", base.label())
		}
		for _, row := range s.Losses {
			p := d.Protocol
			if row.Protocol != nil {
				p = *row.Protocol
			}
			fmt.Fprintf(&b, "  %-9s %s: %s (%s)\n", p.Name, row.Label, row.Choice.Name(), row.Choice.Caption())
		}
	}
	return b.String()
}

func headText(h Head) string {
	if h.Name == "none" {
		return "none"
	}
	if h.Dim == 0 {
		return "linear, square, from " + h.Init
	}
	return fmt.Sprintf("linear to %d dimensions, from %s", h.Dim, h.Init)
}
