package figures

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/losses"
	"gpwbench/plots"
)

// A Vary is a number that a loss or its miner has as a parameter, over a range.
type Vary struct {
	Name      string // of the parameter, or an alias; "miner." before it for the miner's alone
	Low, High float64
}

// familyLines is how many values of a range are drawn, and familyFactor the quotient of
// its ends from which on they are apart by a factor.
const (
	familyLines  = 21
	familyFactor = 30
)

// Family draws the weight of a pair under one loss while one group of its similarities
// moves, as [Layout.Sweeps] does, for values of a parameter over a range. The error is a
// [RequestError] for a parameter that the loss has not, or that has no such values; that
// of a loss that is not finite there; or that of ctx.
func (l Layout) Family(ctx context.Context, loss Loss, v Vary, axes []gpw.Axis, pooling gpw.Pooling) ([]Named, error) {
	p, set, err := v.find(loss.Choice)
	if err != nil {
		return nil, err
	}
	values, log, err := v.values(p)
	if err != nil {
		return nil, err
	}

	ctx = cmp.Or(ctx, context.Background())
	sweeps := func(c losses.Choice) ([]*analysis.Sweep, error) {
		var all []*analysis.Sweep
		for _, axis := range axes {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			s, err := analysis.NewSweep(c, axis, pooling)
			if err != nil {
				return nil, err
			}
			s.Positive.Title, s.Negative.Title = loss.Label, loss.Label
			all = append(all, s)
		}
		return all, nil
	}

	family := plots.Family{Parameter: p.Name, Symbol: p.Symbol, Log: log, Own: math.NaN()}
	if own := number(p.Value); own >= v.Low && own <= v.High {
		family.Own = own
		if family.Usual, err = sweeps(loss.Choice); err != nil {
			return nil, err
		}
	}
	for _, value := range values {
		choice, err := set(value)
		if err != nil {
			return nil, err
		}
		one, err := sweeps(choice)
		if err != nil {
			return nil, fmt.Errorf("%s = %s: %w", p.Name, losses.Number(value), err)
		}
		for _, s := range one { // the others of its parameters are those of the loss
			s.Positive.Caption, s.Negative.Caption = loss.Choice.Caption(), loss.Choice.Caption()
		}
		family.Members = append(family.Members, plots.FamilyOne{Value: value, Sweeps: one})
	}
	return []Named{{l.name("vary_" + nameOf(p.Name)), plots.Families(l.print(), family)}}, nil
}

// find returns the parameter, and what sets it.
func (v Vary) find(c losses.Choice) (losses.Parameter, func(float64) (losses.Choice, error), error) {
	var known []string
	match := func(p losses.Parameter, prefix string) bool {
		known = append(known, prefix+p.Name)
		return v.Name == p.Name || v.Name == prefix+p.Name || slices.Contains(p.Aliases, v.Name)
	}
	for _, p := range losses.Parameters(c.Value) {
		if match(p, "") {
			return p, func(x float64) (losses.Choice, error) {
				value, err := losses.With(c.Value, p.Name, x)
				c.Value = value
				return c, err
			}, nil
		}
	}
	if c.Miner != nil {
		for _, p := range losses.Parameters(c.Miner) {
			if match(p, "miner.") {
				return p, func(x float64) (losses.Choice, error) {
					miner, err := losses.With(c.Miner, p.Name, x)
					c.Miner = miner
					return c, err
				}, nil
			}
		}
	}
	text := fmt.Sprintf("%s has no parameter %q", c.Name(), v.Name)
	if len(known) == 0 {
		text = c.Name() + " has no parameters"
	}
	return losses.Parameter{}, nil, &RequestError{Text: text, Name: v.Name, Known: known}
}

// values are those that are drawn, and whether they are apart by a factor.
func (v Vary) values(p losses.Parameter) (values []float64, log bool, err error) {
	refuse := func(format string, args ...any) ([]float64, bool, error) {
		return nil, false, &RequestError{Text: fmt.Sprintf(format, args...)}
	}
	if math.IsNaN(number(p.Value)) {
		return refuse("%s is a word (%s), which has no range", p.Name, p.Domain)
	}
	if !(v.Low < v.High) || math.IsInf(v.Low, 0) || math.IsInf(v.High, 0) {
		return refuse("a range of %s is two numbers, of which the first is the smaller, not %s and %s", p.Name, losses.Number(v.Low), losses.Number(v.High))
	}
	for _, end := range []float64{v.Low, v.High} {
		if !p.Domain.Contains(end) {
			return refuse("%s must be in %s, and %s is not", p.Name, p.Domain, losses.Number(end))
		}
	}

	log = v.Low > 0 && v.High/v.Low >= familyFactor
	_, whole := p.Value.(int)
	for k := range familyLines {
		share := float64(k) / (familyLines - 1)
		x := v.Low + share*(v.High-v.Low)
		if log {
			x = v.Low * math.Pow(v.High/v.Low, share)
		}
		if k == familyLines-1 {
			x = v.High
		}
		if whole {
			x = math.Round(x)
		}
		if len(values) == 0 || x > values[len(values)-1] {
			values = append(values, x)
		}
	}
	if whole && (v.Low != math.Trunc(v.Low) || v.High != math.Trunc(v.High)) {
		return refuse("%s is a whole number, and so are the ends of its range", p.Name)
	}
	return values, log, nil
}

// number is the value of a parameter, NaN of a word.
func number(v any) float64 {
	switch n := v.(type) {
	case float64:
		return n
	case int:
		return float64(n)
	}
	return math.NaN()
}
