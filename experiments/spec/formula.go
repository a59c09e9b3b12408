package spec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gpwbench/gpw/formula"
	"gpwbench/losses"
)

// formulaKeys are the keys that define a loss by formulas in a spec.
var formulaKeys = []string{"value", "positive", "negative", "mine"}

func isFormula(n *yaml.Node) bool {
	return slices.ContainsFunc(formulaKeys, func(key string) bool { return lookup(n, key) != nil })
}

// formulaRow reads a loss that the spec defines. It reports false if it added a problem.
func (d *decoder) formulaRow(n *yaml.Node, base Settings) (Row, bool) {
	before := len(d.found)
	spec := &losses.Spec{Cite: "defined by the spec", Family: losses.Formulas, Revision: formula.Revision}
	r := Row{Choice: losses.Choice{Spec: spec, Preset: "formula"}}
	w := formulaSource{nodes: map[string]*yaml.Node{"": n}}
	var miner *yaml.Node
	fields := append([]field{
		d.identifierField("name", &spec.Name),
		d.stringField("title", &spec.Title),
		{"params", func(n *yaml.Node) { d.formulaParams(n, &w) }},
		d.formulaField(&w, "value", "value", &w.source.Value),
		d.formulaField(&w, "positive", "positive", &w.source.Positive),
		d.formulaField(&w, "negative", "negative", &w.source.Negative),
		{"mine", func(n *yaml.Node) {
			d.mapping(n, "mine",
				d.formulaField(&w, "positive", "mine.positive", &w.source.MinePositive),
				d.formulaField(&w, "negative", "mine.negative", &w.source.MineNegative),
			)
		}},
	}, d.rowFields(&r, base, &miner)...)

	d.mapping(n, "a loss of formulas", fields...)
	d.checkFormulaRow(n, spec.Name)
	if len(d.found) > before {
		return r, false
	}

	l, err := formula.New(w.source, w.params)
	if err != nil {
		d.addFormulaErrors(err, &w)
		return r, false
	}

	describeFormula(spec, l)
	r.Choice.Value = l
	if miner != nil {
		r.Choice.Miner = d.miner(miner, nil)
	}
	spec.Presets = []losses.Preset{{Name: "formula", Source: "the spec", Form: fmt.Sprintf("formula %v", l), Value: l, Miner: r.Choice.Miner}}
	return r, d.finishRow(n, &r, base, before)
}

// checkFormulaRow refuses a loss of formulas without a name of its own, and one without a
// value or weights.
func (d *decoder) checkFormulaRow(n *yaml.Node, called string) {
	name := lookup(n, "name")
	if name == nil {
		d.add(n, "a loss of formulas needs a name of its own, such as {name: my_loss, value: …}")
	}
	if meaning, taken := standing[called]; taken {
		d.add(name, "%s stands for %s where a name is asked for; give the formula a name of its own", called, meaning)
	}

	for _, known := range append(slices.Clip(d.catalogue), losses.ProxyLosses...) {
		if known.Name == called {
			d.add(name, "%s is a loss of the catalogue; give the formula a name of its own", called)
		}
	}

	if has := func(key string) bool { return lookup(n, key) != nil }; !has("value") && !(has("positive") && has("negative")) {
		d.add(n, "a loss of formulas is a value, or the weights positive and negative of its pairs; one that has none is written 0")
	}
}

// describeFormula writes a description of the formulas into the spec of their loss.
func describeFormula(spec *losses.Spec, l *formula.Loss) {
	if spec.Title == "" {
		spec.Title = spec.Name
	}
	spec.Formula, spec.Traits = l.String(), l.Traits()

	switch {
	case l.Weighs():
		spec.Held = "the weights, which are what is given"
		spec.Traits |= losses.WeightDefined
	case spec.Traits&losses.Detached != 0:
		spec.Held = "what stands in detach(…)"
	}
}

// formulaSource is a loss in the YAML, with its nodes: those of the formulas by name,
// that of the parameters, and that of the whole as "".
type formulaSource struct {
	source formula.Source
	params []formula.Param
	nodes  map[string]*yaml.Node
}

// formulaField reads the text of one formula.
func (d *decoder) formulaField(w *formulaSource, key, name string, to *string) field {
	return field{key, func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
			d.add(n, "%s must be a formula, such as \"relu(s - 0.5)\"", name)
			return
		}
		*to, w.nodes[name] = n.Value, n
	}}
}

func (d *decoder) formulaParams(n *yaml.Node, w *formulaSource) {
	if n.Kind != yaml.MappingNode {
		d.add(n, "params must be names with numbers, such as {alpha: 2}")
		return
	}
	for _, pair := range pairs(n) {
		if v, ok := d.float(pair[1], pair[0].Value); ok {
			w.params = append(w.params, formula.Param{Name: pair[0].Value, Value: v})
			w.nodes["param "+pair[0].Value] = pair[0]
		}
	}
}

// addFormulaErrors adds the errors of formulas, each at its character.
func (d *decoder) addFormulaErrors(err error, w *formulaSource) {
	var all formula.Errors
	if !errors.As(err, &all) {
		d.add(w.nodes[""], "%v", err)
		return
	}

	for _, e := range all {
		text := e.Text
		if len(e.Known) > 0 {
			if len(e.Name) > 1 { // a single letter is near every other
				text += DidYouMean(e.Name, e.Known)
			}
			text += "; known: " + strings.Join(e.Known, ", ")
		}

		n := w.nodes[e.Formula]
		switch at, ok := d.within(n, e.Offset); {
		case e.Formula == "" && w.nodes["param "+e.Name] != nil:
			d.add(w.nodes["param "+e.Name], "%s", text)
		case e.Formula == "":
			d.add(n, "%s", text)
		case ok:
			d.found = append(d.found, problem{line: at.line, column: at.column, text: text})
		default:
			d.add(n, "character %d of %s: %s", 1+len([]rune(n.Value[:e.Offset])), e.Formula, text)
		}
	}
}

// Mines reports whether the loss is a formula with conditions that select pairs.
func Mines(c losses.Choice) bool {
	l, ok := c.Value.(*formula.Loss)
	return ok && l.Mines()
}
