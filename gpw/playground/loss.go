package playground

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gpwbench/gpw/formula"
	"gpwbench/losses"
)

// A Loss is a loss as a row of a spec writes it: a preset of the catalogue with changed
// parameters, or formulas.
type Loss struct {
	Name   string         `json:"name"`
	Preset string         `json:"preset,omitempty"`
	Params map[string]any `json:"params,omitempty"` // float64 or string
	Miner  *Miner         `json:"miner,omitempty"`  // nil for that of the preset

	Value    string `json:"value,omitempty"`
	Positive string `json:"positive,omitempty"`
	Negative string `json:"negative,omitempty"`
	Mine     *Mine  `json:"mine,omitempty"`
}

// Mine has the conditions of a formula that select pairs.
type Mine struct {
	Positive string `json:"positive,omitempty"`
	Negative string `json:"negative,omitempty"`
}

// A Miner is a miner of losses.Miners with changed parameters, or none.
type Miner struct {
	Name   string
	Params map[string]any
}

const noMiner = "none"

// MarshalJSON writes a miner as specs do: a name, or a mapping of the name and the
// parameters.
func (m Miner) MarshalJSON() ([]byte, error) {
	if len(m.Params) == 0 {
		return json.Marshal(m.Name)
	}
	flat := maps.Clone(m.Params)
	flat["name"] = m.Name
	return json.Marshal(flat)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Miner) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &m.Name) == nil {
		return nil
	}
	if err := json.Unmarshal(b, &m.Params); err != nil {
		return err
	}
	name, ok := m.Params["name"].(string)
	if !ok {
		return fmt.Errorf("a miner needs a name")
	}
	m.Name = name
	delete(m.Params, "name")
	return nil
}

// IsFormula reports whether the loss is given by formulas.
func (l *Loss) IsFormula() bool {
	return l.Value+l.Positive+l.Negative != "" || l.Mine != nil
}

// A FieldError says what is wrong with one field of the page. Offset is a byte of the
// field's text, or −1.
type FieldError struct {
	Field  string `json:"field"` // name, params.alpha, miner, miner.eps, value, mine.positive, …
	Text   string `json:"text"`
	Offset int    `json:"offset"`
}

// FieldErrors has the errors of a loss.
type FieldErrors []FieldError

func (all FieldErrors) Error() string {
	var lines []string
	for _, e := range all {
		lines = append(lines, e.Text)
	}
	return strings.Join(lines, "\n")
}

func fieldError(field string, err error) error { return FieldErrors{{field, err.Error(), -1}} }

// choose returns the loss that l describes. The error is a [FieldErrors].
func (l *Loss) choose() (losses.Choice, error) {
	c, err := l.chooseUnmined()
	if err != nil {
		return c, err
	}
	if err := l.chooseMiner(&c); err != nil {
		return c, err
	}
	if _, err := c.Loss(); err != nil {
		return c, fieldError("miner", err)
	}
	return c, nil
}

func (l *Loss) chooseUnmined() (losses.Choice, error) {
	if l.IsFormula() {
		return l.formula()
	}

	name := l.Name
	if l.Preset != "" {
		name += "." + l.Preset
	}
	c, err := losses.Choose(losses.Catalogue, name)
	if err != nil {
		return c, fieldError("name", err)
	}

	for _, key := range slices.Sorted(maps.Keys(l.Params)) {
		if c.Value, err = losses.With(c.Value, key, l.Params[key]); err != nil {
			return c, fieldError("params."+key, err)
		}
	}
	return c, nil
}

// chooseMiner replaces the miner of the preset, if another one is given.
func (l *Loss) chooseMiner(c *losses.Choice) error {
	if l.Miner == nil {
		return nil
	}

	c.Miner = nil
	if l.Miner.Name == noMiner {
		return nil
	}
	known := []string{noMiner}
	for _, m := range losses.Miners {
		known = append(known, m.Name)
		if m.Name == l.Miner.Name {
			c.Miner = m.Value
		}
	}
	if c.Miner == nil {
		return fieldError("miner", &losses.UnknownError{What: "miner", Name: l.Miner.Name, Known: known})
	}

	var err error
	for _, key := range slices.Sorted(maps.Keys(l.Miner.Params)) {
		if c.Miner, err = losses.With(c.Miner, key, l.Miner.Params[key]); err != nil {
			return fieldError("miner."+key, err)
		}
	}
	return nil
}

// identifier is what a loss of formulas may be called.
var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// formula compiles a loss of formulas, and describes it as the specs do.
func (l *Loss) formula() (losses.Choice, error) {
	if !identifier.MatchString(l.Name) {
		return losses.Choice{}, fieldError("name", fmt.Errorf("a loss of formulas needs a name of lower-case letters, digits and _"))
	}
	for _, known := range losses.Catalogue {
		if known.Name == l.Name {
			return losses.Choice{}, fieldError("name", fmt.Errorf("%s is a loss of the catalogue; give the formula a name of its own", l.Name))
		}
	}

	params, err := l.formulaParams()
	if err != nil {
		return losses.Choice{}, err
	}
	compiled, err := formula.New(l.source(), params)
	if err != nil {
		return losses.Choice{}, l.fields(err.(formula.Errors))
	}

	spec := &losses.Spec{
		Name: l.Name, Title: "Formula", Cite: "typed on the page", Family: losses.Formulas, Revision: formula.Revision,
		Formula: compiled.String(), Traits: compiled.Traits(),
	}
	switch {
	case compiled.Weighs():
		spec.Held, spec.Traits = "the weights, which are what is given", spec.Traits|losses.WeightDefined
	case spec.Traits&losses.Detached != 0:
		spec.Held = "what stands in detach(…)"
	}
	spec.Presets = []losses.Preset{{Name: "formula", Source: "the page", Value: compiled}}
	return losses.Choice{Spec: spec, Preset: "formula", Value: compiled}, nil
}

func (l *Loss) source() formula.Source {
	s := formula.Source{Value: l.Value, Positive: l.Positive, Negative: l.Negative}
	if l.Mine != nil {
		s.MinePositive, s.MineNegative = l.Mine.Positive, l.Mine.Negative
	}
	return s
}

func (l *Loss) formulaParams() (params []formula.Param, err error) {
	for _, name := range slices.Sorted(maps.Keys(l.Params)) {
		v, ok := l.Params[name].(float64)
		if !ok {
			return nil, fieldError("params."+name, fmt.Errorf("%s = %v must be a number", name, l.Params[name]))
		}
		params = append(params, formula.Param{Name: name, Value: v})
	}
	return params, nil
}

// fields says to which field each error of formulas belongs. One of several formulas
// together belongs to the parameters if it names one.
func (l *Loss) fields(errors formula.Errors) FieldErrors {
	var all FieldErrors
	for _, e := range errors {
		field, offset := e.Formula, e.Offset
		switch _, isParam := l.Params[e.Name]; {
		case field == "" && isParam:
			field, offset = "params", -1
		case field == "":
			field, offset = "value", -1
		}
		all = append(all, FieldError{field, e.Error(), offset})
	}
	return all
}

// parseParams reads the parameters of a formula: "alpha: 2, beta: 40". The error is a
// [FieldErrors].
func parseParams(text string) (map[string]any, error) {
	params := map[string]any{}
	for _, part := range strings.Split(text, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, number, ok := strings.Cut(part, ":")
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if !ok || err != nil {
			return nil, fieldError("params", fmt.Errorf("%q is no name with a number; an example is beta: 40, lambda: 0.5", strings.TrimSpace(part)))
		}
		params[strings.TrimSpace(name)] = v
	}
	return params, nil
}

// writeParams is the reverse of parseParams.
func writeParams(params map[string]any) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		parts = append(parts, fmt.Sprintf("%s: %v", name, params[name]))
	}
	return strings.Join(parts, ", ")
}
