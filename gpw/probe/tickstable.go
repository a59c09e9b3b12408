package probe

import (
	"fmt"
	"strconv"
	"strings"

	"gpwbench/internal/output"
)

func ticksSection(results []Result) section {
	s := section{
		title: "What weights depend on",
		before: []string{
			fmt.Sprintf("The weight of a positive and of a negative pair, measured on %d batches (seed %d), one part of S moved at a time.",
				results[0].Dependence.Batches, results[0].Seed),
			"S: a shift of the anchor's whole row. N: the anchor's other negatives. P: its other positives. X: the rows of other anchors.",
			"÷ a count in the loss's divisor changes with that part, and nothing else. ± both signs of G. ? no pair could respond.",
			"pairs: how many could respond, for the part with the fewest. The column Table 1 is that of Wang et al., CVPR 2019, for a negative.",
		},
		grid: &output.Grid{Header: []string{"loss", "positive", "pairs", "negative", "pairs", "Table 1"}},
	}

	for k := range results {
		r := &results[k]
		pos, neg := &r.Dependence.Positive, &r.Dependence.Negative
		s.grid.Add(r.Label(), tickCell(pos), strconv.Itoa(fewestPairs(pos)),
			tickCell(neg), strconv.Itoa(fewestPairs(neg)), r.table1Cell())
	}

	s.remarks = disagreementLines(results)
	for k := range results {
		for _, remark := range results[k].Remarks() {
			s.remarks = append(s.remarks, results[k].Label()+": "+remark)
		}
	}
	return s
}

// table1Cell returns the ticks of Table 1, with a mark where the measurement disagrees.
func (r *Result) table1Cell() string {
	if r.Choice.Spec.Table1 == nil {
		return "–"
	}
	if len(r.Disagreements) > 0 {
		return r.Choice.Spec.Table1.String() + " ≠"
	}
	return r.Choice.Spec.Table1.String()
}

// disagreementLines returns a line for each disagreement with the printed table, and one
// line where several losses share it.
func disagreementLines(results []Result) []string {
	var lines []string
	labels := map[string][]string{}
	for k := range results {
		for _, d := range results[k].Disagreements {
			text := d.sentence()
			if labels[text] == nil {
				lines = append(lines, text)
			}
			labels[text] = append(labels[text], results[k].Label())
		}
	}

	for k, text := range lines {
		lines[k] = strings.Join(labels[text], ", ") + ": " + text
	}
	return lines
}

func (d Disagreement) sentence() string {
	what := d.On.String() + " is measured and not printed; "
	if !d.Measured {
		what = d.On.String() + " is printed and not measured; "
	}
	if d.Why == "" {
		return what + "nobody has looked into a loss with these settings"
	}
	return what + d.Why
}

// tickCell returns a dependence as "SNP", "S ÷X" or "const".
func tickCell(d *Dependence) string {
	ticks, divisor, unknown := "", "", ""
	for _, axis := range Axes {
		switch e := d.On[axis]; {
		case e.Depends():
			ticks += axis.String()
		case e.Pairs == 0:
			unknown += axis.String()
		case e.Divisor > 0:
			divisor += axis.String()
		}
	}

	if ticks == "" {
		ticks = "const"
	}

	if d.SignChanges() {
		ticks += " ±"
	}

	if divisor != "" {
		ticks += " ÷" + divisor
	}

	if unknown != "" {
		ticks += " ?" + unknown
	}
	return ticks
}

// fewestPairs returns the number of pairs that could respond to the axis with the fewest
// of them.
func fewestPairs(d *Dependence) int {
	least := d.On[0].Pairs
	for _, e := range d.On {
		least = min(least, e.Pairs)
	}
	return least
}
