package spec

import (
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// rowNames are the names by which paths call the rows of losses: the loss, the loss with
// its preset, and the label. They are those of before any override, so that a path that
// is right stays right whatever another one changes.
type rowNames struct {
	of    *yaml.Node // the list that they are of
	names [][]string
}

// splitPath divides a path at its points, and from the value behind its "=" where there
// is one. What a row of losses is called may itself hold points, commas and more: the
// longest name that fits is taken.
func (d *decoder) splitPath(root *yaml.Node, text string) (keys []string, value string, ok bool) {
	if rest, is := strings.CutPrefix(text, "sweep."); is {
		keys, value, ok = d.splitPath(root, rest)
		path := rest
		if ok {
			path = rest[:len(rest)-len(value)-1]
		}
		if slices.Contains(keys, "") {
			path = ""
		}
		return []string{"sweep", path}, value, ok
	}

	if rest, is := strings.CutPrefix(text, "losses."); is {
		if name := d.longestRow(root, rest); name != "" {
			after, value, ok := strings.Cut(rest[len(name):], "=")
			return append([]string{"losses", name}, strings.Split(after, ".")[1:]...), value, ok
		}
	}

	path, value, ok := strings.Cut(text, "=")
	return strings.Split(path, "."), value, ok
}

// longestRow returns the longest name of a row with which a path begins, or "".
func (d *decoder) longestRow(root *yaml.Node, path string) string {
	longest := ""
	for _, names := range d.rowsOf(root).names {
		for _, name := range names {
			after, begins := strings.CutPrefix(path, name)
			whole := after == "" || after[0] == '.' || after[0] == '='
			if begins && whole && len(name) > len(longest) {
				longest = name
			}
		}
	}
	return longest
}

// rowsOf returns the names of the rows of losses, which it writes out as a list.
func (d *decoder) rowsOf(root *yaml.Node) rowNames {
	n := lookup(root, "losses")
	if n == nil {
		return rowNames{}
	}
	if n == d.rowNames.of {
		return d.rowNames
	}

	quiet := newDecoder(d.file, []byte(d.source), d.catalogue) // errors are found by the decoding
	quiet.overrides = d.overrides
	base, places := DefaultSettings(), placesAt(root)
	for _, f := range quiet.settings(&base, &places) {
		if v := lookup(root, f.key); v != nil {
			f.read(v)
		}
	}

	list := d.writtenOut(n)
	setKey(root, "losses", list, n)
	d.rowNames = rowNames{of: list}
	for _, e := range list.Content {
		d.rowNames.names = append(d.rowNames.names, quiet.namesOf(e, base))
	}
	return d.rowNames
}

// writtenOut returns losses as a list with an element for each row.
func (d *decoder) writtenOut(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.SequenceNode {
		return n
	}

	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: n.Line, Column: n.Column}
	switch {
	case n.Kind == yaml.ScalarNode && n.Value == "all":
		for _, l := range d.catalogue {
			list.Content = append(list.Content, scalarAt(n, l.Name))
		}
	case n.Kind != yaml.ScalarNode || n.Tag != "!!null":
		list.Content = []*yaml.Node{n}
	}
	return list
}

// scalarAt is a text that stands where n does.
func scalarAt(n *yaml.Node, text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Line: n.Line, Column: n.Column}
}

// namesOf returns what a row is called, each name once.
func (d *decoder) namesOf(n *yaml.Node, base Settings) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}

	if name := block(n); name.Kind == yaml.ScalarNode {
		loss, _, _ := strings.Cut(name.Value, ".")
		add(loss)
		add(name.Value)
	}
	if r, ok := d.row(n, base); ok {
		if !isFormula(n) {
			add(r.Choice.Name())
		}
		add(r.Label)
	} else if label := lookup(n, "label"); label != nil {
		add(label.Value)
	}
	return names
}

// applyToRows sets a value in every row that goes by the name in the path.
func (d *decoder) applyToRows(root *yaml.Node, o override, value *yaml.Node) {
	rows := d.rowsCalled(root, o.keys[1])
	if len(rows) == 0 {
		d.noRow(root, o)
		return
	}

	switch name := o.keys[1]; {
	case len(o.keys) == 2:
		d.add(o.at(), "a row is changed by its keys; write losses.%s.params.NAME=value, losses.%s.miner=none or the like, or set losses as a whole", name, name)
		return
	case o.keys[2] == "name":
		d.add(o.at(), "another loss is another row; set losses as a whole")
		return
	}

	for _, k := range rows {
		p := o
		p.target = append([]string{"losses", strconv.Itoa(k)}, o.keys[2:]...)
		if d.undoes(p, len(p.keys)) {
			return
		}
		row := lookup(root, "losses").Content[k]
		asMapping(row, o.keys[2] == "preset")
		d.set(root, row, 2, p, copyTree(value))
		d.given = append(d.given, p)
	}
}

// rowsCalled returns the numbers of the rows that go by a name.
func (d *decoder) rowsCalled(root *yaml.Node, name string) []int {
	var rows []int
	for k, names := range d.rowsOf(root).names {
		if slices.Contains(names, name) {
			rows = append(rows, k)
		}
	}
	return rows
}

// noRow adds that no row goes by the name of a path, with the nearest that one does.
func (d *decoder) noRow(root *yaml.Node, o override) {
	var known []string
	for _, names := range d.rowsOf(root).names {
		for _, name := range names {
			written := func(other string) bool { return bareName(other) == bareName(name) }
			if !slices.ContainsFunc(known, written) {
				known = append(known, name)
			}
		}
	}
	if len(known) == 0 {
		d.add(o.at(), "there are no losses to change; give losses first, such as losses=contrastive")
		return
	}

	// A label that is misspelt may hold points: the first key of a row ends it.
	end := 2
	for k := 2; k < len(o.keys); k++ {
		if slices.Contains(rowKeys, o.keys[k]) {
			end = k
			break
		}
	}
	name := strings.Join(o.keys[1:end], ".")
	d.add(o.at(), "no row of losses is called %q%s; write losses.NAME.key, where NAME is the label of a row, its loss, or its loss with preset: %s",
		shorten(name, mostShown), oneOf(nearest(name, known)), shorten(strings.Join(known, ", "), 5*mostShown))
}

// rowKeys are the keys of a row.
var rowKeys = append([]string{"name", "preset", "params", "proxies", "label", "miner", "memory", "protocol", "title"}, formulaKeys...)

// asMapping writes out a row that is a name alone. Of a row whose preset is to be set the
// name loses its own.
func asMapping(n *yaml.Node, preset bool) {
	if n.Kind == yaml.ScalarNode {
		name := *n
		*n = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: n.Line, Column: n.Column, Content: []*yaml.Node{scalarAt(n, "name"), &name}}
	}
	if name := lookup(n, "name"); preset && name != nil {
		name.Value, _, _ = strings.Cut(name.Value, ".")
	}
}

// copyTree returns a copy that shares nothing.
func copyTree(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = nil
	for _, e := range n.Content {
		c.Content = append(c.Content, copyTree(e))
	}
	return &c
}
