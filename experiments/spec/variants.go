package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gpwbench/results"
)

// A Swept is a setting of a sweep with the value that a variant gives it.
type Swept struct {
	Path  string
	Value any
	Among []any // all values of the setting, whose notation it shares; may be nil
}

// String is the path and the value, such as "optimizer.lr 1e-5".
func (s Swept) String() string { return s.Path + " " + results.SweptTextAmong(s.Value, s.Among) }

// A Variant is a spec with one value for each key of a sweep. It has no sweep itself.
type Variant struct {
	*Spec
	Swept []Swept // in the order of the sweep; empty of a spec without one
}

// Variants returns the specs that the sweep stands for: the product of its keys, the last
// key varying fastest. A spec without a sweep is its only variant. The error is that of
// [Spec.Source]. Each is as [Spec.Checked] returns it.
func (s *Spec) Variants() ([]Variant, error) {
	checked, err := s.reread()
	if err != nil {
		return nil, err
	}
	if len(checked.Sweep) == 0 {
		return []Variant{{Spec: checked.Clone()}}, nil
	}

	var all []Variant
	for _, v := range checked.origin.variants {
		all = append(all, Variant{v.Spec.Clone(), slices.Clone(v.Swept)})
	}
	return all, nil
}

// variants reads the product of the keys, each with its values in the document, and adds
// what is wrong with a variant.
func (d *decoder) variants(root *yaml.Node, keys []sweptKey) []Variant {
	if len(keys) == 0 {
		return nil
	}
	total := 1
	for _, k := range keys {
		total *= len(k.values)
	}

	wrong := sweepProblems{keys: keys, count: map[problem]int{}, first: map[problem]string{}}
	var all []Variant
	for number := range total {
		digits := make([]int, len(keys))
		rest := number
		for k := len(keys) - 1; k >= 0; k-- {
			digits[k], rest = rest%len(keys[k].values), rest/len(keys[k].values)
		}

		swept := sweptAt(keys, digits)
		s, v := d.variant(root, keys, digits)
		wrong.add(v.found, swept)
		if s != nil && len(wrong.order) == 0 {
			all = append(all, Variant{s, swept})
		}
	}

	d.found = append(d.found, wrong.problems(total)...)
	return all
}

// sweepOf returns the keys of a sweep as values.
func sweepOf(keys []sweptKey) []SweepKey {
	var all []SweepKey
	for _, k := range keys {
		key := SweepKey{Path: strings.Join(k.keys, ".")}
		for _, v := range k.values {
			key.Values = append(key.Values, valueOf(v))
		}
		all = append(all, key)
	}
	return all
}

func sweptAt(keys []sweptKey, digits []int) []Swept {
	var all []Swept
	for k, key := range keys {
		var values []any
		for _, v := range key.values {
			values = append(values, valueOf(v))
		}
		all = append(all, Swept{strings.Join(key.keys, "."), values[digits[k]], values})
	}
	return all
}

// variant reads the document with the values of one variant; it is nil if something is
// wrong with it, which the decoder holds.
func (d *decoder) variant(root *yaml.Node, keys []sweptKey, digits []int) (*Spec, *decoder) {
	v := newDecoder(d.file, nil, d.catalogue)
	v.source, v.overrides, v.given, v.losses = d.source, d.overrides, slices.Clone(d.given), d.allLosses()

	tree := copyTree(root)
	for k := 0; k+1 < len(tree.Content); k += 2 {
		if tree.Content[k].Value == "sweep" {
			tree.Content = slices.Delete(tree.Content, k, k+2)
			break
		}
	}
	v.rowNames = rowNames{of: lookup(tree, "losses"), names: d.rowNames.names}
	v.places[""] = placeOf(tree)
	for k, key := range keys {
		v.apply(tree, key.override, copyTree(key.values[digits[k]]))
	}

	s := v.spec(tree)
	if len(v.found) > 0 {
		return nil, v
	}
	s.Hints = v.hints
	s.origin = &origin{places: v.places, at: d.at, built: d.path != nil} // no text of its own
	return s, v
}

// sweepProblems collects what is wrong with variants, each thing once.
type sweepProblems struct {
	keys  []sweptKey
	order []problem
	count map[problem]int    // of variants that have it
	first map[problem]string // of them
}

func (w *sweepProblems) add(found []problem, swept []Swept) {
	counted := map[problem]bool{}
	for _, p := range found {
		if counted[p] {
			continue
		}
		counted[p] = true
		if w.count[p]++; w.count[p] == 1 {
			w.order = append(w.order, p)
			w.first[p] = SweptText(swept)
		}
	}
}

// problems returns what was found. A problem that not all variants have, or not all
// with the value that it is about, names the first that has it.
func (w *sweepProblems) problems(total int) []problem {
	var all []problem
	for _, p := range w.order {
		always := total
		for _, k := range w.keys {
			if slices.ContainsFunc(k.values, func(v *yaml.Node) bool { return holds(v, p) }) {
				always = total / len(k.values)
			}
		}
		if w.count[p] < always {
			p.text += fmt.Sprintf(" (with %s)", w.first[p])
		}
		all = append(all, p)
	}
	return all
}

// holds reports whether a problem is about a value or something in it.
func holds(n *yaml.Node, p problem) bool {
	if n.Line == p.line && n.Column == p.column {
		return true
	}
	return slices.ContainsFunc(n.Content, func(e *yaml.Node) bool { return holds(e, p) })
}

// SweptText names values of a sweep: "optimizer.lr 1e-5, head.dim 64".
func SweptText(all []Swept) string {
	var words []string
	for _, s := range all {
		words = append(words, s.String())
	}
	return strings.Join(words, ", ")
}
