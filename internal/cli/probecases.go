package cli

import (
	"fmt"
	"math"

	"gpwbench/gpw/probe"
)

// faintest is a weight m·w below which a pair moves nothing.
const faintest = 1e-6

func cases(measured []probed) probeSection {
	s := probeSection{
		title: "The three cases of Figure 2",
		before: []string{
			fmt.Sprintf("m·w of a negative pair before, and after one part of its anchor's row has moved up by %v:", probe.ScenarioShift),
			"case 1 the whole row, the weight should grow; case 2 the other negatives, it should drop; case 3 the positives, it should drop.",
			"Base: " + probe.ScenarioBase + ".",
			"yes: it does, by more than a millionth. ÷: it moves, by the count in the loss's divisor alone.",
		},
		grid: &grid{header: []string{"loss", "before", "case 1, S", "", "case 2, N", "", "case 3, P", "", "all"}},
	}
	for _, m := range measured {
		row := []string{m.label(), weightCell(m.scenario.Before)}
		for k := range probe.Cases {
			row = append(row, weightCell(m.scenario.After[k]), response(m.scenario, k))
		}
		all := ""
		if m.scenario.RespondsToAll() {
			all = "all"
		}
		s.grid.add(append(row, all)...)
	}
	for _, m := range measured {
		if w := m.scenario.Before; w != 0 && math.Abs(w) < faintest {
			s.remarks = append(s.remarks, fmt.Sprintf("%s: a weight of %.1g moves nothing; with these parameters a negative must be more similar to have one.", m.label(), w))
		}
	}
	s.remarks = append(s.remarks, "All three: "+allThree(measured)+".")
	if claim := amongTheNine(measured); claim != "" {
		s.remarks = append(s.remarks, claim)
	}
	return s
}

func response(s probe.Scenario, k int) string {
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

// thresholdShifts are the shifts that the table shows of the sweep.
var thresholdShifts = []float64{-0.1, 0, 0.1, 0.12, 0.14, 0.2}

func threshold(measured []probed) probeSection {
	s := probeSection{
		title: "P as a step",
		before: []string{
			"m·w of the same pair while the anchor's positives move, all else held, and the largest jump of that weight. Multi-Similarity's mining (eq. 11)",
			"drops the pair where the least similar positive, less ε, reaches it: with ε = 0.1 at a shift of 0.45 + 0.1 − 0.42 = 0.13.",
		},
		grid: &grid{header: []string{"loss"}},
	}
	for _, at := range thresholdShifts {
		s.grid.header = append(s.grid.header, fmt.Sprintf("P %+.2f", at))
	}
	s.grid.header = append(s.grid.header, "jump at", "from", "to")
	for _, m := range measured {
		row := []string{m.label()}
		for _, at := range thresholdShifts {
			row = append(row, weightCell(m.threshold.At(at)))
		}
		if step, ok := m.threshold.Largest(); ok {
			row = append(row, fmt.Sprintf("%+.4f", step.At), weightCell(step.Below), weightCell(step.Above))
		} else {
			row = append(row, "none", "", "")
		}
		s.grid.add(row...)
	}
	return s
}
