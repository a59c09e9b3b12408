package spec

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"gpwbench/losses"
)

// A field is a key of a mapping and the function that reads its value.
type field struct {
	key  string
	read func(n *yaml.Node)
}

// A decoder reads nodes into a Spec and collects the problems it finds.
type decoder struct {
	problems
	source    string // the text that the nodes come from
	catalogue []losses.Spec
	losses    []losses.Spec // of the catalogue and with proxies; nil before it is asked for
	hints     []string
	given     []override // so far
	rowNames  rowNames   // of the losses, for overrides
	swept     []sweptKey // the keys of the sweep
	places    places     // of settings that only the data can refuse
}

// allLosses are those that a row may name. They are one list, because every row points
// into it. A catalogue may have the losses with proxies itself.
func (d *decoder) allLosses() []losses.Spec {
	if d.losses == nil {
		d.losses = slices.Clone(d.catalogue)
		for _, p := range losses.ProxyLosses {
			if !slices.ContainsFunc(d.catalogue, func(l losses.Spec) bool { return l.Name == p.Name }) {
				d.losses = append(d.losses, p)
			}
		}
	}
	return d.losses
}

// mapping reads a mapping strictly: each key must be one of the fields, and none may come
// twice.
func (d *decoder) mapping(n *yaml.Node, what string, fields ...field) {
	d.mappingOf(n, what, func(string) string { return "" }, fields)
}

// mappingOf is mapping where a key may belong to a block of another name, of which
// misplaced says so.
func (d *decoder) mappingOf(n *yaml.Node, what string, misplaced func(key string) string, fields []field) {
	if n.Kind != yaml.MappingNode {
		d.add(n, "%s must be a mapping of keys to values", what)
		return
	}

	seen := map[string]bool{}
	for _, pair := range pairs(n) {
		key := pair[0].Value
		if seen[key] {
			d.add(pair[0], "%s has the key %s twice; remove one", what, key)
			continue
		}

		seen[key] = true
		var known []string
		found := false
		for _, f := range fields {
			known = append(known, f.key)
			if f.key == key {
				f.read(pair[1])
				found = true
			}
		}

		if why := misplaced(key); !found && why != "" {
			d.add(pair[0], "in %s, %s: leave it out, or change the name; known: %s", what, why, strings.Join(known, ", "))
			continue
		}
		if !found {
			d.add(pair[0], "unknown key %q in %s%s; known: %s", shorten(key, mostShown), what, DidYouMean(key, known), strings.Join(known, ", "))
		}
	}
}

// pairs returns the keys and values of a mapping.
func pairs(n *yaml.Node) [][2]*yaml.Node {
	var all [][2]*yaml.Node
	for k := 0; k+1 < len(n.Content); k += 2 {
		all = append(all, [2]*yaml.Node{n.Content[k], n.Content[k+1]})
	}
	return all
}

// lookup returns the value of a key of a mapping, or nil.
func lookup(n *yaml.Node, key string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for _, pair := range pairs(n) {
		if pair[0].Value == key {
			return pair[1]
		}
	}
	return nil
}

// list reads each element of a sequence. A scalar or a mapping counts as a sequence of
// one.
func (d *decoder) list(n *yaml.Node, what string, read func(n *yaml.Node)) {
	switch n.Kind {
	case yaml.SequenceNode:
		for _, e := range n.Content {
			read(e)
		}
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			read(n)
			return
		}
		d.add(n, "%s is empty; write a list, such as [a, b]", what)
	default:
		read(n)
	}
}

// stringField reads a string that is not empty.
func (d *decoder) stringField(key string, to *string) field {
	return field{key, func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" {
			d.add(n, "%s must be a text", key)
			return
		}
		*to = n.Value
	}}
}

// enumField reads one of the known words.
func (d *decoder) enumField(key string, to *string, known ...string) field {
	return field{key, func(n *yaml.Node) { d.oneOf(n, key, to, known) }}
}

// nameField reads the name of a block.
func (d *decoder) nameField(block string, to *string, known ...string) field {
	return field{"name", func(n *yaml.Node) { d.oneOf(n, block, to, known) }}
}

func (d *decoder) oneOf(n *yaml.Node, what string, to *string, known []string) {
	for _, k := range known {
		if n.Kind == yaml.ScalarNode && n.Value == k {
			*to = k
			return
		}
	}
	if n.Kind != yaml.ScalarNode {
		d.add(n, "%s must be one of: %s", what, strings.Join(known, ", "))
		return
	}
	d.add(n, "unknown %s %q%s; known: %s", what, shorten(n.Value, mostShown), DidYouMean(n.Value, known), strings.Join(known, ", "))
}

// intField reads an integer of at least low and at most high.
func (d *decoder) intField(key string, to *int, low, high int) field {
	return field{key, func(n *yaml.Node) { d.integer(n, key, to, low, high) }}
}

// maxInt is the bound of numbers that have no other bound; a larger one is a typing
// error.
const maxInt = 10_000_000

func (d *decoder) integer(n *yaml.Node, what string, to *int, low, high int) {
	// The nearest int, if the number is out of range.
	v, err := strconv.Atoi(strings.ReplaceAll(n.Value, "_", ""))
	if n.Kind != yaml.ScalarNode || err != nil && !errors.Is(err, strconv.ErrRange) {
		d.add(n, "%s must be a whole number, not %s", what, show(n))
		return
	}

	if v < low {
		d.add(n, "%s = %s is too small; at least %d", what, shorten(n.Value, mostShown), low)
		return
	}

	if v > high {
		d.add(n, "%s = %s is too large; at most %d", what, shorten(n.Value, mostShown), high)
		return
	}

	*to = v
}

// floatField reads a finite number in a domain.
func (d *decoder) floatField(key string, to *float64, domain losses.Domain) field {
	return field{key, func(n *yaml.Node) {
		v, ok := d.float(n, key)
		if !ok {
			return
		}
		if !domain.Contains(v) {
			d.add(n, "%s = %s is outside %v", key, n.Value, domain)
			return
		}
		*to = v
	}}
}

func (d *decoder) float(n *yaml.Node, what string) (float64, bool) {
	v, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind == yaml.ScalarNode && errors.Is(err, strconv.ErrRange) {
		d.add(n, "%s = %s is beyond the largest number, about 1.8e308", what, shorten(n.Value, mostShown))
		return 0, false
	}
	if n.Kind != yaml.ScalarNode || err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		d.add(n, "%s must be a number, not %s", what, show(n))
		return 0, false
	}
	return v, true
}

// boolField reads true or false.
func (d *decoder) boolField(key string, to *bool) field {
	return field{key, func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
			d.add(n, "%s must be true or false, not %s", key, show(n))
			return
		}
		*to = n.Value == "true"
	}}
}

// show returns a node as an error shows it.
func show(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a mapping"
	}
	return strconv.Quote(shorten(n.Value, mostShown))
}

// mostShown is the number of letters of a value that an error shows.
const mostShown = 60

// shorten keeps the beginning of a text of more than most letters.
func shorten(text string, most int) string {
	for k := range text {
		if utf8.RuneCountInString(text[:k]) == most {
			return text[:k] + "…"
		}
	}
	return text
}
