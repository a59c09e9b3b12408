package probe

import (
	"fmt"
	"math"
	"strings"

	"gpwbench/internal/output"
)

// faintWeight is a weight m·w below which a pair has no effect.
const faintWeight = 1e-6

func casesSection(results []Result) section {
	s := section{
		title: "The three cases of Figure 2",
		before: []string{
			fmt.Sprintf("m·w of a negative pair before, and after one part of its anchor's row has moved up by %v:", ScenarioShift),
			"case 1 the whole row, the weight should grow; case 2 the other negatives, it should drop; case 3 the positives, it should drop.",
			"Base: " + ScenarioBase + ".",
			"yes: it does, by more than a millionth. ÷: it moves, by the count in the loss's divisor alone.",
		},
		grid: &output.Grid{Header: []string{"loss", "before", "case 1, S", "", "case 2, N", "", "case 3, P", "", "all"}},
	}

	for k := range results {
		r := &results[k]
		row := []string{r.Label(), weightCell(r.Scenario.Before)}
		for c := range Cases {
			row = append(row, weightCell(r.Scenario.After[c]), responseCell(r.Scenario, c))
		}

		all := ""
		if r.Scenario.RespondsToAll() {
			all = "all"
		}
		s.grid.Add(append(row, all)...)
	}

	for k := range results {
		if w := results[k].Scenario.Before; w != 0 && math.Abs(w) < faintWeight {
			s.remarks = append(s.remarks, fmt.Sprintf("%s: a weight of %.1g moves nothing; "+
				"with these parameters a negative must be more similar to have one.", results[k].Label(), w))
		}
	}

	s.remarks = append(s.remarks, "All three: "+respondingToAll(results)+".")
	if claim := table1Claim(results); claim != "" {
		s.remarks = append(s.remarks, claim)
	}
	return s
}

func responseCell(s Scenario, k int) string {
	switch {
	case s.Responds(k):
		return "yes"
	case s.ByDivisor(k):
		return "no ÷"
	}
	return "no"
}

func weightCell(w float64) string {
	if w == 0 {
		return "0"
	}
	return fmt.Sprintf("%.3g", w)
}

// respondingToAll returns the names of the losses that respond to all three cases.
func respondingToAll(results []Result) string {
	var names []string
	for k := range results {
		if results[k].Scenario.RespondsToAll() {
			names = append(names, results[k].Label())
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}

// table1Claim checks the paper's claim that of the losses of Table 1 only
// Multi-Similarity responds to all three cases, each loss by its first preset. It is ""
// unless the results have all nine losses.
func table1Claim(results []Result) string {
	const columns = 9
	there := 0
	var respond []string
	for k := range results {
		r := &results[k]
		if r.Choice.Spec.Table1 == nil || r.Choice.Preset != r.Choice.Spec.Presets[0].Name {
			continue
		}

		there++
		if r.Scenario.RespondsToAll() {
			respond = append(respond, r.Label())
		}
	}

	if there != columns {
		return ""
	}

	verdict := "does not hold here"
	if len(respond) == 1 && strings.HasPrefix(respond[0], "multi_similarity.") {
		verdict = "holds"
	}

	if respond == nil {
		respond = []string{"none"}
	}

	return "Of the nine losses of Table 1, each by its first preset, these do: " + strings.Join(respond, ", ") +
		". The paper says that only Multi-Similarity does; that " + verdict + "."
}

// thresholdShifts are the shifts that the table of jumps shows.
var thresholdShifts = []float64{-0.1, 0, 0.1, 0.12, 0.14, 0.2}

func thresholdSection(results []Result) section {
	s := section{
		title: "P as a step",
		before: []string{
			"m·w of the same pair while the anchor's positives move, all else held, and the largest jump of that weight. Multi-Similarity's mining (eq. 11)",
			"drops the pair where the least similar positive, less ε, reaches it: with ε = 0.1 at a shift of 0.45 + 0.1 − 0.42 = 0.13.",
		},
		grid: &output.Grid{Header: []string{"loss"}},
	}

	for _, at := range thresholdShifts {
		s.grid.Header = append(s.grid.Header, fmt.Sprintf("P %+.2f", at))
	}

	s.grid.Header = append(s.grid.Header, "jump at", "from", "to")

	for k := range results {
		threshold := results[k].Threshold
		row := []string{results[k].Label()}
		for _, at := range thresholdShifts {
			row = append(row, weightCell(threshold.At(at)))
		}

		if jump, ok := threshold.Largest(); ok {
			row = append(row, fmt.Sprintf("%+.4f", jump.At), weightCell(jump.Below), weightCell(jump.Above))
		} else {
			row = append(row, "none", "", "")
		}
		s.grid.Add(row...)
	}

	return s
}
