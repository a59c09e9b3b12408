package cli

import (
	"strconv"

	"gpwbench/gpw/probe"
)

// probeCSV is a table in long form, with all digits.
func probeCSV(name string, measured []probed) *grid {
	g := &grid{}
	for _, m := range measured {
		loss := m.label()
		switch name {
		case "ticks":
			g.header = []string{"loss", "pair", "part", "depends", "table1", "batches", "pairs", "changed", "by_divisor", "largest", "rounding", "sign_changes", "sampled"}
			for _, kind := range kinds {
				d := m.ticks.Of(kind.positive)
				for _, part := range probe.Parts {
					e, printed := d.On[part], ""
					if uses := m.choice.Spec.Table1; uses != 0 && !kind.positive && part.Similarity() != 0 {
						printed = strconv.FormatBool(uses&part.Similarity() != 0)
					}
					g.add(loss, kind.name, part.String(), strconv.FormatBool(e.Depends()), printed, strconv.Itoa(e.Batches), strconv.Itoa(e.Pairs),
						strconv.Itoa(e.Changed), strconv.Itoa(e.Divisor), exact(e.Largest), exact(e.Rounding), strconv.FormatBool(d.SignChanges()), strconv.Itoa(e.Sampled))
				}
			}
		case "effects":
			g.header = []string{"loss", "pair", "part", "constant", "total", "total_low", "total_high", "first", "first_low", "first_high", "largest_weight", "with_weight", "depends", "by_divisor"}
			for _, kind := range kinds {
				e, d := m.effects.Of(kind.positive), m.ticks.Of(kind.positive)
				for _, part := range probe.Parts {
					row := []string{loss, kind.name, part.String(), strconv.FormatBool(e.Constant), "", "", "", "", "", ""}
					if i := e.On[part]; !e.Constant {
						row = append(row[:4], exact(i.Total.Value), exact(i.Total.Low), exact(i.Total.High), exact(i.First.Value), exact(i.First.Low), exact(i.First.High))
					}
					g.add(append(row, exact(e.Weight), exact(e.Active), strconv.FormatBool(d.On[part].Depends()), strconv.Itoa(d.On[part].Divisor))...)
				}
			}
		case "cases":
			g.header = []string{"loss", "case", "moves", "shift", "expected", "before", "after", "by_divisor_alone", "responds"}
			for k, c := range probe.Cases {
				g.add(loss, c.Name, c.Moves, exact(probe.ScenarioShift), direction(c), exact(m.scenario.Before), exact(m.scenario.After[k]),
					exact(m.scenario.Held[k]), strconv.FormatBool(m.scenario.Responds(k)))
			}
		case "threshold":
			g.header = []string{"loss", "shift", "m_w"}
			for k, shift := range m.threshold.Shifts {
				g.add(loss, exact(shift), exact(m.threshold.Weights[k]))
			}
		}
	}
	return g
}

func direction(c probe.Case) string {
	if c.Up {
		return "up"
	}
	return "down"
}
