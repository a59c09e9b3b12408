package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// An override is a key=value of a command line.
type override struct {
	keys []string // the dotted path
	text string
	line int // of its nodes; negative
}

// override sets the value at a dotted path of the document. An override that would undo
// an earlier one is refused, because either may have been meant.
func (d *decoder) override(root *yaml.Node, k int, text string) {
	line := -1 - k
	at := &yaml.Node{Line: line}
	path, value, ok := strings.Cut(text, "=")
	o := override{strings.Split(path, "."), text, line}
	if !ok || slices.Contains(o.keys, "") {
		d.add(at, "not of the form key=value, such as optimizer.lr=3e-5")
		return
	}

	before := len(d.found)
	node := d.tree([]byte(inBrackets(o.keys[len(o.keys)-1], value)), line)
	if len(d.found) > before {
		return
	}

	if node == nil {
		node = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: line}
	}
	if d.undoes(o.keys, line) {
		return
	}

	d.set(root, o, node)
	d.given = append(d.given, o)
}

// undoes reports whether an earlier override set the value at keys or one below it, after
// adding the problem.
func (d *decoder) undoes(keys []string, line int) bool {
	path := strings.Join(keys, ".")
	for _, e := range d.given {
		earlier := strings.Join(e.keys, ".")
		switch {
		case earlier == path:
			d.add(&yaml.Node{Line: line}, "%s is set before, by %s; leave one of them out", path, e.text)
			return true
		case strings.HasPrefix(earlier, path+"."):
			d.add(&yaml.Node{Line: line}, "this sets all of %s anew, and %s before it would be lost; write it first, or leave one of them out", path, e.text)
			return true
		}
	}

	return false
}

// set follows the keys of an override from the root, makes missing blocks, and sets the
// last key.
func (d *decoder) set(root *yaml.Node, o override, value *yaml.Node) {
	n := root
	at := &yaml.Node{Line: o.line}
	last := len(o.keys) - 1
	for depth, key := range o.keys[:last] {
		next := lookup(n, key)
		if depth == 1 && n.Kind == yaml.SequenceNode { // datasets.NAME.key
			if next = elementNamed(n, key); next == nil {
				d.add(at, "no data set %q to change%s; write datasets.NAME.key=value", key, DidYouMean(key, elementNames(n)))
				return
			}
		}

		switch {
		case next == nil || next.Kind == yaml.ScalarNode:
			block := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: o.line}
			// The short form of a block is its name.
			if next != nil && next.Tag != "!!null" {
				setKey(block, "name", next, next.Line)
			}
			setKey(n, key, block, o.line)
			n = block

		case next.Kind == yaml.MappingNode, depth == 0 && key == "datasets":
			n = next
		default:
			d.add(at, "%s is a list in the spec; set it as a whole, such as %s=[a, b]", strings.Join(o.keys[:depth+1], "."), key)
			return
		}
	}

	if n.Kind == yaml.SequenceNode {
		d.add(at, "a data set is changed by its keys; write datasets.%s.key=value", o.keys[last])
		return
	}

	if o.keys[last] == "name" && last > 0 && anotherBlock(root, n, o.keys[last-1], value.Value) {
		if d.undoes(o.keys[:last], o.line) {
			return
		}
		n.Content = nil
	}

	setKey(n, o.keys[last], value, o.line)
}

// defaultNames are the names of blocks that a spec does not name, for the blocks whose
// other keys depend on the name.
var defaultNames = map[string]string{"head": "linear", "optimizer": "adam", "memory": "none", "protocol": "fixed"}

// anotherBlock reports whether a name selects another variant of a block, to which the
// settings of the old one do not apply. An unnamed block of a data set has the name of
// the spec's block.
func anotherBlock(root, changed *yaml.Node, key, name string) bool {
	old, ok := defaultNames[key]
	if !ok {
		return false
	}

	if n := lookup(root, key); n != nil {
		if n = block(n); n.Kind == yaml.ScalarNode {
			old = n.Value
		}
	}

	if n := lookup(changed, "name"); n != nil {
		old = n.Value
	}
	return name != old
}

// elementNamed returns the mapping of a sequence that has the name.
func elementNamed(n *yaml.Node, name string) *yaml.Node {
	for _, e := range n.Content {
		if v := lookup(e, "name"); v != nil && v.Value == name {
			return e
		}
	}
	return nil
}

// elementNames returns the names of the mappings of a sequence.
func elementNames(n *yaml.Node) []string {
	var all []string
	for _, e := range n.Content {
		if v := lookup(e, "name"); v != nil {
			all = append(all, v.Value)
		}
	}
	return all
}

// listKeys are the keys whose value on a command line may be a list of words separated by
// commas.
var listKeys = []string{"losses", "baselines", "preprocess", "recall_at", "at"}

// inBrackets makes a YAML list of words separated by commas.
func inBrackets(key, value string) string {
	if slices.Contains(listKeys, key) && strings.Contains(value, ",") && !strings.ContainsAny(value, "[{") {
		return "[" + value + "]"
	}
	return value
}

func setKey(n *yaml.Node, key string, value *yaml.Node, line int) {
	for k := 0; k+1 < len(n.Content); k += 2 {
		if n.Content[k].Value == key {
			n.Content[k+1] = value
			return
		}
	}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key, Line: line}, value)
}
