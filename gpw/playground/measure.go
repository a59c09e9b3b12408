package playground

import (
	"context"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// A Measured says what the weight of a negative pair depends on, as package probe measures
// it.
type Measured struct {
	Loss  string `json:"loss"`  // with its preset
	Title string `json:"title"` // as tables print it
	Why   string `json:"why"`   // what the weight compares; "" for a loss that is not in Table 1
	Ticks []Tick `json:"ticks"` // of S, N and P
	Cases []Case `json:"cases"` // of Figure 2
}

// A Tick is one column of Table 1.
type Tick struct {
	Part     string `json:"part"`     // S, N or P
	Printed  *bool  `json:"printed"`  // null for a loss that is not in Table 1
	Measured bool   `json:"measured"` // whether the weight depends on the part
	Evidence string `json:"evidence"`
	Why      string `json:"why"` // of a difference to Table 1
}

// A Case is the response to one case of Figure 2.
type Case struct {
	Name     string `json:"name"`
	Responds bool   `json:"responds"`
	Evidence string `json:"evidence"`
}

// probeSeed is the seed of gpw probe where none is given.
const probeSeed = 1

// Measure measures a loss on the batches of gpw probe. It takes the time of thousands of
// evaluations, and asks ctx for its end between them. The error is that of
// [probe.MeasureDependence].
func Measure(ctx context.Context, c losses.Choice) (*Measured, error) {
	report, err := probe.MeasureDependence(ctx, c, probeSeed)
	if err != nil {
		return nil, err
	}
	scenario, err := probe.RunScenario(c)
	if err != nil {
		return nil, err
	}

	m := &Measured{Loss: c.Name(), Title: c.Spec.Title, Why: whys[c.Spec.Name]}
	differ := probe.Disagreements(c, report)
	for _, axis := range []gpw.Axis{gpw.S, gpw.N, gpw.P} {
		e := report.Negative.On[axis]
		t := Tick{Part: axis.String(), Measured: e.Depends(), Evidence: evidence(e, axis)}
		if c.Spec.Table1 != nil {
			printed := slices.Contains(c.Spec.Table1, axis)
			t.Printed = &printed
		}
		for _, d := range differ {
			if d.On == axis {
				t.Why = d.Why
			}
		}
		m.Ticks = append(m.Ticks, t)
	}

	for k, spec := range probe.Cases {
		m.Cases = append(m.Cases, Case{
			Name: spec.Name, Responds: scenario.Responds(k),
			Evidence: fmt.Sprintf("m·w from %.3g to %.3g%s", scenario.Before, scenario.After[k], byDivisor(scenario, k)),
		})
	}
	return m, nil
}

// MeasureRow measures a loss of Table 1 by its first preset.
func MeasureRow(ctx context.Context, loss string) (*Measured, error) {
	spec, ok := rowOf(loss)
	if !ok {
		return nil, fmt.Errorf("%q is no loss of Table 1", loss)
	}
	c, err := losses.Choose(losses.Catalogue, spec.Name)
	if err != nil {
		return nil, err
	}
	return Measure(ctx, c)
}

// Choice returns the loss of a panel, for [Measure].
func (p *Playground) Choice(panel int) losses.Choice { return p.panels[panel].choice }

// evidence says in how many pairs a weight changed.
func evidence(e probe.Evidence, axis gpw.Axis) string {
	moved := map[gpw.Axis]string{
		gpw.S: "the anchor’s whole row", gpw.N: "its other negatives", gpw.P: "its positives",
	}[axis]
	text := fmt.Sprintf("%s moved: the weight changed in %d of %d pairs that had one", moved, e.Changed, e.Pairs)
	if e.Changed == 0 && e.Divisor > 0 {
		text += fmt.Sprintf(", and in %d by the loss’s divisor alone", e.Divisor)
	}
	return text
}

func byDivisor(s probe.Scenario, k int) string {
	if s.ByDivisor(k) {
		return ", by the loss’s divisor alone"
	}
	return ""
}

// capital returns a text with its first letter as a capital.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
