package formula

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gpwbench/losses"
)

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (all *Errors) checkParams(params []Param) {
	if len(params) > maxParams {
		all.add("", &Error{Text: fmt.Sprintf("%d parameters are too many; at most %d", len(params), maxParams)})
	}
	seen := map[string]bool{}

	for _, p := range params {
		switch {
		case !validName.MatchString(p.Name):
			all.add("", &Error{Text: fmt.Sprintf("the parameter %q must be a name of lower-case letters, digits and _, beginning with a letter", p.Name), Name: p.Name})
		case slices.Contains(reserved(), p.Name):
			all.add("", &Error{Text: fmt.Sprintf("%s has a meaning in formulas; give the parameter another name", p.Name), Name: p.Name})
		case seen[p.Name]:
			all.add("", &Error{Text: "the parameter " + p.Name + " is there twice", Name: p.Name})
		case !finite(p.Value):
			all.add("", &Error{Text: fmt.Sprintf("%s = %v is not finite", p.Name, p.Value), Name: p.Name})
		}

		seen[p.Name] = true
	}
}

// checkConstants refuses expressions that are not finite, whatever the similarities are.
func (all *Errors) checkConstants(l *Loss) {
	for _, part := range l.parts {
		var first error
		part.tree.walk(func(e *expr) {
			c := newCompiler(l.params, map[string]bool{})
			k, err := c.expr(e, part.of)
			if first == nil && err == nil && c.steps[k].op == opConstant && !finite(c.steps[k].constant) {
				first = fail(e, "%s is %s", e, losses.Number(c.steps[k].constant))
			}
		})

		all.add(part.name, first)
	}
}

// symbols are the letters that papers use for parameters.
var symbols = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ",
	"lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω",
}

// Parameters implements [losses.Configurable]. The domain of a parameter is from a
// quarter of its definition to four times it, and [−1, 1] for a definition of 0. The
// source does not say where its formula is meaningful, and in this range it most likely
// is.
func (l *Loss) Parameters() []losses.Parameter {
	var all []losses.Parameter
	for k, p := range l.params {
		v := l.first[k].Value
		d := losses.Domain{Low: min(v/4, 4*v), High: max(v/4, 4*v)}
		if v == 0 {
			d = losses.Domain{Low: -1, High: 1}
		}

		symbol := symbols[p.Name]
		if symbol == "" {
			symbol = p.Name
		}

		all = append(all, losses.Parameter{Name: p.Name, Symbol: symbol, Domain: d, Doc: "of the formula", Value: p.Value})
	}

	return all
}

// WithParameter implements [losses.Configurable]. It panics if there is no k-th parameter
// or the value is no float64; [losses.With] returns an error.
func (l *Loss) WithParameter(k int, value any) any {
	changed := *l
	changed.params = slices.Clone(l.params)
	changed.params[k].Value = value.(float64)
	if err := changed.compile(map[string]bool{}); err != nil {
		panic(fmt.Sprintf("formula: %v", err)) // the trees that were compiled before
	}
	return &changed
}

// Traits returns the properties of the loss: Detached unless G is the derivative of L,
// and SignChanging unless it is proved that no weight is negative.
func (l *Loss) Traits() losses.Traits { return l.traits }

// String returns the formulas in one spelling: "value: …; mine.negative: …".
func (l *Loss) String() string {
	var parts []string
	for _, p := range l.parts {
		parts = append(parts, p.name+": "+p.tree.String())
	}
	return strings.Join(parts, "; ")
}
