package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gpwbench/experiments/protocol"
	"gpwbench/losses"
	"gpwbench/train/config"
)

// An override is a key=value of a command line, or a key of a sweep with one value.
type override struct {
	keys   []string // the dotted path; a row of losses is one key, whatever its name holds
	target []string // the same, with the number of the row for its name
	text   string
	line   int // of its nodes; negative on a command line
	column int
}

// override sets the value at a dotted path of the document. An override that would undo
// an earlier one is refused, because either may have been meant.
func (d *decoder) override(root *yaml.Node, k int, text string) {
	line := -1 - k
	at := &yaml.Node{Line: line}
	keys, value, ok := d.splitPath(root, text)
	o := override{keys: keys, target: keys, text: text, line: line}
	if !ok || slices.Contains(o.keys, "") {
		d.add(at, "not of the form key=value, such as optimizer.lr=3e-5")
		return
	}

	before := len(d.found)
	node := d.tree([]byte(inBrackets(o.keys, value)), line)
	if len(d.found) > before {
		return
	}

	if node == nil {
		node = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: line}
	}
	d.apply(root, o, node)
}

// apply sets a value in the document, unless that undoes an earlier override.
func (d *decoder) apply(root *yaml.Node, o override, value *yaml.Node) {
	if o.keys[0] == "losses" && len(o.keys) > 1 {
		d.applyToRows(root, o, value)
		return
	}
	if d.undoes(o, len(o.keys)) {
		return
	}
	d.set(root, root, 0, o, value)
	d.given = append(d.given, o)
}

// undoes reports, after adding it, that what stands at the first keys of an override, or
// below them, was set by an earlier one.
func (d *decoder) undoes(o override, depth int) bool {
	target, path := o.target[:depth], strings.Join(o.keys[:depth], ".")
	for _, e := range d.given {
		switch {
		case slices.Equal(e.target, target):
			d.add(o.at(), "%s is set before, by %s; leave one of them out", path, e.text)
			return true
		case isWithin(e.target, target):
			d.add(o.at(), "this sets all of %s anew, and %s before it would be lost; write it first, or leave one of them out", path, e.text)
			return true
		}
	}

	return false
}

// isWithin reports whether a path is another one or leads below it.
func isWithin(path, other []string) bool {
	return len(path) >= len(other) && slices.Equal(path[:len(other)], other)
}

// at is where the override stands.
func (o override) at() *yaml.Node { return &yaml.Node{Line: o.line, Column: o.column} }

// set walks from n, which stands at the first keys of an override, along the others,
// makes blocks that are not there, and sets the last key.
func (d *decoder) set(root, n *yaml.Node, from int, o override, value *yaml.Node) {
	at := o.at()
	last := len(o.keys) - 1
	for depth := from; depth < last; depth++ {
		key := o.keys[depth]
		next := lookup(n, key)
		if depth == 1 && n.Kind == yaml.SequenceNode { // datasets.NAME.key
			if next = elementNamed(n, key); next == nil {
				d.noDataset(at, key, elementNames(n))
				return
			}
		}

		switch {
		case next != nil && next.Kind == yaml.ScalarNode && namelessKeys[key] != nil && next.Value != config.None && next.Tag != "!!null":
			return // what stands there is no block, and is refused by itself
		case next == nil || next.Kind == yaml.ScalarNode:
			block := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: o.line, Column: o.column}
			if next != nil && next.Tag != "!!null" {
				writeOut(block, key, next)
			}
			setKey(n, key, block, at)
			n = block

		case next.Kind == yaml.MappingNode, depth == 0 && key == "datasets":
			n = next
		default:
			d.add(at, "%s is a list in the spec; set it as a whole, such as %s=[a, b]", strings.Join(o.keys[:depth+1], "."), key)
			return
		}
	}

	if n.Kind == yaml.SequenceNode {
		if elementNamed(n, o.keys[last]) == nil {
			d.noDataset(at, o.keys[last], elementNames(n))
			return
		}
		d.add(at, "a data set is changed by its keys; write datasets.%s.key=value", o.keys[last])
		return
	}

	if o.keys[last] == "name" && last > 0 && anotherBlock(root, n, o.keys[last-1], value.Value) {
		if d.undoes(o, last) {
			return
		}
		n.Content = nil
	}

	setKey(n, o.keys[last], value, at)
}

// writeOut fills a block with what its short form stands for: its name, or of a block
// without names nothing. That is each setting at 0, because a data set's block goes on
// from the spec's.
func writeOut(block *yaml.Node, key string, short *yaml.Node) {
	keys, ok := namelessKeys[key]
	if !ok || short.Value != config.None {
		setKey(block, "name", short, short)
		return
	}
	for _, p := range keys {
		zero := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: "0", Line: short.Line, Column: short.Column}
		setKey(block, p.Name, zero, short)
	}
}

// namelessKeys are the settings of the blocks that have no name and may be none.
var namelessKeys = map[string][]losses.Parameter{
	"augment": config.Keys(config.Augment{}), "average": config.Keys(config.Average{}),
}

// noDataset adds that no data set has the name of a path, with those that there are.
func (d *decoder) noDataset(at *yaml.Node, name string, known []string) {
	if len(known) == 0 {
		d.add(at, "there are no data sets to change; give datasets first, such as [{name: cub, synthetic: cub}]")
		return
	}
	d.add(at, "no data set %q to change%s; there are %s: write datasets.NAME.key=value",
		shorten(name, mostShown), DidYouMean(name, known), shorten(strings.Join(known, ", "), 5*mostShown))
}

// defaultNames are the names of blocks that a spec does not name, for the blocks whose
// other keys depend on the name.
var defaultNames = map[string]string{
	"head": config.Linear, "optimizer": config.Adam, "memory": config.None, "protocol": protocol.Fixed{}.Name(),
}

// anotherBlock reports whether a name selects another variant of a block, to which the
// settings of the old one do not apply. An unnamed block of a data set has the name of
// the spec's block.
func anotherBlock(root, changed *yaml.Node, key, name string) bool {
	if key == "miner" { // what is given without a name is of the preset's miner
		n := lookup(changed, "name")
		return n == nil || n.Value != name
	}
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
func inBrackets(keys []string, value string) string {
	takesList := keys[0] == "sweep" || slices.Contains(listKeys, keys[len(keys)-1])
	if takesList && strings.Contains(value, ",") && !strings.ContainsAny(value, "[{") {
		return "[" + value + "]"
	}
	return value
}

// setKey sets a key of a mapping. A new one stands where at does.
func setKey(n *yaml.Node, key string, value, at *yaml.Node) {
	for k := 0; k+1 < len(n.Content); k += 2 {
		if n.Content[k].Value == key {
			n.Content[k+1] = value
			return
		}
	}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key, Line: at.Line, Column: at.Column}, value)
}
