package probe

import (
	"slices"
	"strconv"

	"gpwbench/gpw"
	"gpwbench/internal/output"
)

// csvTable returns a table in long form, with all digits.
func csvTable(name string, results []Result) *output.Grid {
	layout := map[string]struct {
		header []string
		add    func(*output.Grid, *Result)
	}{
		TicksTable: {[]string{
			"loss", "pair", "part", "depends", "table1", "batches", "pairs", "changed",
			"by_divisor", "largest", "rounding", "sign_changes", "sampled",
		}, addTicks},
		EffectsTable: {[]string{
			"loss", "pair", "part", "constant", "total", "total_low", "total_high", "first",
			"first_low", "first_high", "largest_weight", "with_weight", "depends", "by_divisor",
		}, addEffects},
		CasesTable: {[]string{
			"loss", "case", "moves", "shift", "expected", "before", "after", "by_divisor_alone", "responds",
		}, addCases},
		ThresholdTable: {[]string{"loss", "shift", "m_w"}, addThreshold},
	}[name]

	g := &output.Grid{Header: layout.header}
	for k := range results {
		layout.add(g, &results[k])
	}
	return g
}

func addTicks(g *output.Grid, r *Result) {
	for _, side := range sides {
		d := r.Dependence.Of(side.positive)
		for _, axis := range Axes {
			e := d.On[axis]
			g.Add(r.Label(), side.name, axis.String(), strconv.FormatBool(e.Depends()),
				r.printed(side.positive, axis), strconv.Itoa(e.Batches), strconv.Itoa(e.Pairs),
				strconv.Itoa(e.Changed), strconv.Itoa(e.Divisor), output.Exact(e.Largest),
				output.Exact(e.Rounding), strconv.FormatBool(d.SignChanges()), strconv.Itoa(e.Sampled))
		}
	}
}

// printed says whether Table 1 ticks an axis. It is "" where the table says nothing.
func (r *Result) printed(positive bool, a gpw.Axis) string {
	uses := r.Choice.Spec.Table1
	if uses == nil || positive || a == gpw.X {
		return ""
	}
	return strconv.FormatBool(slices.Contains(uses, a))
}

func addEffects(g *output.Grid, r *Result) {
	for _, side := range sides {
		e, d := r.Effects.Of(side.positive), r.Dependence.Of(side.positive)
		for _, axis := range Axes {
			row := []string{r.Label(), side.name, axis.String(), strconv.FormatBool(e.Constant)}
			if e.Constant {
				row = append(row, "", "", "", "", "", "")
			} else {
				i := e.On[axis]
				row = append(row, output.Exact(i.Total.Value), output.Exact(i.Total.Low), output.Exact(i.Total.High),
					output.Exact(i.First.Value), output.Exact(i.First.Low), output.Exact(i.First.High))
			}

			g.Add(append(row, output.Exact(e.Weight), output.Exact(e.Active),
				strconv.FormatBool(d.On[axis].Depends()), strconv.Itoa(d.On[axis].Divisor))...)
		}
	}
}

func addCases(g *output.Grid, r *Result) {
	for k, c := range Cases {
		g.Add(r.Label(), c.Name, c.Moves, output.Exact(ScenarioShift), c.direction(),
			output.Exact(r.Scenario.Before), output.Exact(r.Scenario.After[k]),
			output.Exact(r.Scenario.Held[k]), strconv.FormatBool(r.Scenario.Responds(k)))
	}
}

func addThreshold(g *output.Grid, r *Result) {
	for k, shift := range r.Threshold.Shifts {
		g.Add(r.Label(), output.Exact(shift), output.Exact(r.Threshold.Weights[k]))
	}
}

// direction says how the weight should move.
func (c Case) direction() string {
	if c.Up {
		return "up"
	}
	return "down"
}
