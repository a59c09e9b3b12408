package losstest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"

	"gpwbench/losses"
)

var parameterName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// parameters checks that each parameter has a name, a symbol, a meaning and a domain. Its
// value must be in the domain, values outside must be refused, and at the ends of the
// domain the loss must be finite.
func (c *checker) parameters() verdict {
	count := 0
	for _, value := range []any{c.choice.Value, c.choice.Miner} {
		if value == nil {
			continue
		}

		seen := map[string]bool{}
		for _, p := range losses.Parameters(value) {
			count++
			for _, name := range append(p.Aliases, p.Name) {
				if !parameterName.MatchString(name) || seen[name] {
					return fail("%T: the parameter name %q is not [a-z][a-z0-9_]*, or is there twice", value, name)
				}
				seen[name] = true
			}

			if p.Symbol == "" || p.Doc == "" {
				return fail("%s has no symbol or no doc", p.Name)
			}
			if _, err := losses.With(value, p.Name, p.Value); err != nil {
				return fail("its own value is refused: %v", err)
			}

			for _, x := range outside(p) {
				if _, err := losses.With(value, p.Name, x); err == nil {
					return fail("%s = %v is outside %v and not refused", p.Name, x, p.Domain)
				}
			}

			if v := c.ends(value, p); v.status == Fail {
				return v
			}
		}
	}
	return pass("%d parameters", count)
}

// outside returns values that are not in the parameter's domain.
func outside(p losses.Parameter) []any {
	d := p.Domain
	if d.Words != nil {
		return []any{"no such word", 1}
	}

	values := []any{math.NaN(), "1"}
	for _, end := range []struct {
		at, beyond float64
		open       bool
	}{{d.Low, d.Low - 1, d.LowOpen}, {d.High, d.High + 1, d.HighOpen}} {
		if end.open {
			values = append(values, end.at)
		}
		if !math.IsInf(end.at, 0) {
			values = append(values, end.beyond)
		}
	}

	if _, ok := p.Value.(int); ok {
		values = append(values, d.Low+0.5)
	}
	return values
}

// ends evaluates the loss with the parameter at the ends of its domain. For an end that
// is not in the domain, or infinite, it takes a value near it.
func (c *checker) ends(value any, p losses.Parameter) verdict {
	for _, x := range inside(p) {
		changed, err := losses.With(value, p.Name, x)
		if err != nil {
			return fail("%v", err)
		}

		choice := c.choice
		if miner, ok := changed.(losses.Miner); ok {
			choice.Miner = miner
		} else {
			choice.Value = changed
		}

		loss, err := choice.Loss()
		if err != nil {
			return fail("%s = %v: %v", p.Name, x, err)
		}

		at := checker{choice: choice, loss: loss, rng: c.rng}
		if v := at.finiteOn(mixed(c.rng)); v.status == Fail {
			return fail("%s = %v: %s", p.Name, x, v.why)
		}
	}
	return verdict{}
}

// inside returns the values of a parameter that ends evaluates with.
func inside(p losses.Parameter) []any {
	d := p.Domain
	var values []any
	for _, w := range d.Words {
		values = append(values, w)
	}
	if d.Words != nil {
		return values
	}

	if _, ok := p.Value.(int); ok {
		return []any{max(d.Low, -1000), min(d.High, 1000)}
	}

	low, high := max(d.Low, -1000), min(d.High, 1000)
	width := high - low

	if d.LowOpen && low == d.Low {
		low += 1e-3 * width / (1 + width)
	}
	if d.HighOpen && high == d.High {
		high -= 1e-3 * width / (1 + width)
	}

	return []any{low, high}
}

// Vary returns c with every parameter of loss and miner drawn anew from its domain.
// Where a domain is unbounded or very wide, the draw is within a factor of four of the
// value that c has.
func Vary(c losses.Choice, seed uint64) losses.Choice {
	rng := rand.New(rand.NewPCG(seed, 0))
	c.Value = vary(c.Value, rng)
	if c.Miner != nil {
		c.Miner = vary(c.Miner, rng)
	}
	return c
}

func vary[T any](value T, rng *rand.Rand) T {
	for _, p := range losses.Parameters(value) {
		x := draw(p, rng)
		changed, err := losses.With(value, p.Name, x)
		if err != nil {
			panic(fmt.Sprintf("losstest: drew %v for %s: %v", x, p.Name, err))
		}
		value = changed
	}
	return value
}

func draw(p losses.Parameter, rng *rand.Rand) any {
	d := p.Domain
	switch v := p.Value.(type) {
	case int:
		if d.High-d.Low < 100 {
			return int(d.Low) + rng.IntN(int(d.High-d.Low)+1)
		}
		return int(min(max(math.Round(within4(float64(v), rng)), d.Low), d.High))
	case float64:
		if d.High-d.Low < 100 {
			x := d.Low + (d.High-d.Low)*rng.Float64()
			for !d.Contains(x) {
				x = d.Low + (d.High-d.Low)*rng.Float64()
			}
			return x
		}
		return min(max(within4(v, rng), d.Low), d.High)
	}
	return d.Words[rng.IntN(len(d.Words))]
}

func within4(v float64, rng *rand.Rand) float64 { return v * math.Pow(4, 2*rng.Float64()-1) }
