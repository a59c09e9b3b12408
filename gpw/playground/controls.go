package playground

import (
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"

	"gpwbench/losses"
)

// A Control is a parameter of a loss or of a miner, with a slider or a list of words. A
// slider has positions from 0 to 1 between Low and High, on a logarithmic scale if Log.
// The field beside it takes any value of the Domain.
type Control struct {
	Field  string   `json:"field"` // params.alpha, or miner.eps
	Symbol string   `json:"symbol"`
	Name   string   `json:"name"`
	Doc    string   `json:"doc"`
	Domain string   `json:"domain"`
	Value  string   `json:"value"` // of the field beside the slider
	Words  []string `json:"words"` // null for numbers

	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Position float64 `json:"position"`

	log, whole bool
}

// Controls returns the parameters of a panel's loss and of its miner.
func (p *Playground) Controls(panel int) []Control {
	q := p.panels[panel]
	all := []Control{}
	base := q.presetParameters()
	for _, v := range losses.Parameters(q.choice.Value) {
		all = append(all, newControl("params.", v, base[v.Name]))
	}

	base = map[string]losses.Parameter{}
	for _, m := range losses.Miners {
		if q.choice.Miner != nil && m.Name == losses.MinerName(q.choice.Miner) {
			base = byName(losses.Parameters(m.Value))
		}
	}
	for _, v := range losses.Parameters(q.choice.Miner) {
		all = append(all, newControl("miner.", v, base[v.Name]))
	}
	return all
}

// presetParameters returns the parameters of the preset, or those of a formula as they
// were typed, with the domains that follow from them.
func (q *panel) presetParameters() map[string]losses.Parameter {
	typed := q.loss
	typed.Params, typed.Miner = q.defined, nil
	if !typed.IsFormula() {
		typed.Params = nil
	}
	c, err := typed.choose()
	if err != nil {
		return nil
	}
	return byName(losses.Parameters(c.Value))
}

func byName(all []losses.Parameter) map[string]losses.Parameter {
	named := map[string]losses.Parameter{}
	for _, p := range all {
		named[p.Name] = p
	}
	return named
}

// newControl makes the control of a parameter, whose slider is about the value of the
// preset.
func newControl(prefix string, v, preset losses.Parameter) Control {
	c := Control{
		Field: prefix + v.Name, Symbol: v.Symbol, Name: v.Name, Doc: v.Doc, Domain: v.Domain.String(),
		Value: fmt.Sprint(v.Value), Words: v.Domain.Words,
	}
	now, isNumber := asNumber(v.Value)
	if !isNumber {
		return c
	}

	_, c.whole = v.Value.(int)
	domain, base := v.Domain, now
	if b, ok := asNumber(preset.Value); ok {
		domain, base = preset.Domain, b
	}
	c.Low, c.High, c.log = sliderRange(domain, base)
	c.Low, c.High = min(c.Low, now), max(c.High, now)
	c.Position = c.positionOf(now)
	return c
}

func asNumber(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	}
	return 0, false
}

// reach is how far a slider goes beyond the value of the preset, as a factor, where the
// domain has no end.
const reach = 16

// sliderRange returns the ends of a slider: those of the domain, or where it has none a
// multiple of the preset's value. A domain above 0 without an end has a logarithmic
// scale. An open end is approached and not reached.
func sliderRange(d losses.Domain, base float64) (low, high float64, log bool) {
	low, high = d.Low, d.High
	size := math.Abs(base)
	if size == 0 {
		size = 1
	}

	if math.IsInf(high, 1) && low >= 0 && base > 0 {
		return base / reach, base * reach, true
	}
	if math.IsInf(low, -1) {
		low = -reach * size
	}
	if math.IsInf(high, 1) {
		high = reach * size
	}
	gap := (high - low) / 1000
	if d.LowOpen {
		low += gap
	}
	if d.HighOpen {
		high -= gap
	}
	return low, high, false
}

// positionOf returns the place of a value on the slider, from 0 to 1.
func (c *Control) positionOf(v float64) float64 {
	switch {
	case c.High <= c.Low:
		return 0
	case c.log:
		return math.Log(v/c.Low) / math.Log(c.High/c.Low)
	}
	return (v - c.Low) / (c.High - c.Low)
}

// at returns the value of the slider at a position, rounded to a number that is short to
// write, and within the ends.
func (c *Control) at(position float64) float64 {
	position = min(max(position, 0), 1)
	v := c.Low + (c.High-c.Low)*position
	if c.log {
		v = c.Low * math.Pow(c.High/c.Low, position)
	}
	if c.whole {
		v = math.Round(v)
	} else {
		v = short(v, (c.High-c.Low)/200)
	}
	return min(max(v, c.Low), c.High)
}

// short rounds v to three digits, and near 0 to a thousandth of a range.
func short(v, least float64) float64 {
	digits := 2 - int(math.Floor(math.Log10(max(math.Abs(v), least))))
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', max(digits, 0), 64), 64)
	if err != nil {
		return v
	}
	return r
}

// Slide sets a parameter by the position of its slider, from 0 to 1.
func (p *Playground) Slide(panel int, field string, position float64) error {
	for _, c := range p.Controls(panel) {
		if c.Field == field && c.Words == nil {
			return p.setParameter(panel, field, c.at(position))
		}
	}
	return fieldError(field, fmt.Errorf("the loss has no slider %q", field))
}

// Type sets a parameter by what is typed into its field, a number or a word. The error is
// a [FieldErrors].
func (p *Playground) Type(panel int, field, text string) error {
	for _, c := range p.Controls(panel) {
		switch v, err := strconv.ParseFloat(text, 64); {
		case c.Field != field:
			continue
		case c.Words != nil:
			return p.setParameter(panel, field, text)
		case err != nil:
			return fieldError(field, fmt.Errorf("%q is no number; %s is in %s", text, c.Name, c.Domain))
		default:
			return p.setParameter(panel, field, v)
		}
	}
	return fieldError(field, fmt.Errorf("the loss has no parameter %q", field))
}

// setParameter replaces one parameter of the loss or of its miner, and keeps the scales.
func (p *Playground) setParameter(panel int, field string, v any) error {
	q := p.panels[panel]
	l := q.loss
	if name, ok := strings.CutPrefix(field, "params."); ok {
		l.Params = with(l.Params, name, v)
	} else {
		name, _ := strings.CutPrefix(field, "miner.")
		m := Miner{Name: losses.MinerName(q.choice.Miner), Params: map[string]any{}}
		if l.Miner != nil {
			m.Params = l.Miner.Params
		} else {
			for _, own := range losses.Parameters(q.choice.Miner) {
				m.Params = with(m.Params, own.Name, own.Value)
			}
		}
		m.Params = with(m.Params, name, v)
		l.Miner = &m
	}

	choice, err := l.choose()
	if err != nil {
		return err
	}
	q.set(l, choice)
	return nil
}

// with returns a copy of a map with one more entry.
func with(m map[string]any, key string, v any) map[string]any {
	c := maps.Clone(m)
	if c == nil {
		c = map[string]any{}
	}
	c[key] = v
	return c
}
