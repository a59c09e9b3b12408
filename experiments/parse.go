package experiments

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"gpwbench/losses"
)

// Parse reads a spec, with overrides such as "optimizer.lr=3e-5" applied, and checks it. file names it in errors, which are a
// *SpecError with all that is wrong. The catalogue is the losses that it may name.
func Parse(file string, source []byte, overrides []string, catalogue []losses.Spec) (*Spec, error) {
	d := &decoder{problems: problems{file: file, overrides: overrides}, source: string(source), catalogue: catalogue}
	root := d.document(source)
	if root == nil {
		return nil, d.err()
	}
	for k, o := range overrides {
		d.override(root, k, o)
	}
	s := d.spec(root)
	err := d.err()
	if err != nil {
		return nil, err
	}
	s.source, s.Hints = source, d.hints
	if len(overrides) > 0 {
		if s.source, err = yaml.Marshal(root); err != nil {
			return nil, err
		}
	}
	s.at = d.at
	return s, nil
}

// Source returns the spec as YAML: as it was read, or with the overrides applied.
func (s *Spec) Source() []byte { return s.source }

// document returns the one mapping that the source must hold, or nil.
func (d *decoder) document(source []byte) *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(source))
	var doc, rest yaml.Node
	err := decoder.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF):
		d.found = append(d.found, problem{1, 1, "the spec is empty; it needs at least name, datasets and losses"})
		return nil
	case err != nil:
		d.syntax(err)
		return nil
	}
	root := resolve(doc.Content[0])
	if root.Kind != yaml.MappingNode {
		d.add(root, "a spec must be a mapping of keys to values")
		return nil
	}
	if err := decoder.Decode(&rest); err == nil {
		d.add(&rest, "a second document; a file holds one spec")
	} else if !errors.Is(err, io.EOF) {
		d.syntax(err)
	}
	size := 0
	if !d.finite(root, map[*yaml.Node]bool{}, &size) {
		return nil
	}
	return root
}

// largest is how many nodes a spec may have with its aliases written out. Nobody's spec comes near.
const largest = 100_000

// finite refuses an anchor that holds itself and aliases that multiply without measure: both would be read forever.
func (d *decoder) finite(n *yaml.Node, inside map[*yaml.Node]bool, size *int) bool {
	alias := n
	n = resolve(n)
	if inside[n] {
		d.add(alias, "*%s stands within &%s and would have no end; write it out", alias.Value, alias.Value)
		return false
	}
	if *size++; *size > largest {
		d.add(alias, "the spec has over %d values with its aliases written out", largest)
		return false
	}
	inside[n] = true
	defer delete(inside, n)
	for _, c := range n.Content {
		if !d.finite(c, inside, size) {
			return false
		}
	}
	return true
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)

// syntax adds an error of the YAML parser, which knows the line but not the column.
func (d *decoder) syntax(err error) {
	line, text := 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = m[2]
	}
	d.found = append(d.found, problem{line, 1, "not YAML: " + text + " (on this line or the one before)"})
}

// override sets the value at a dotted path of the document.
func (d *decoder) override(root *yaml.Node, k int, text string) {
	path, value, ok := strings.Cut(text, "=")
	at := &yaml.Node{Line: -1 - k}
	if !ok || path == "" {
		d.add(at, "not of the form key=value, such as optimizer.lr=3e-5")
		return
	}
	node, err := overrideValue(path, value)
	if err != nil {
		d.add(at, "the value is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return
	}
	moveTo(node, -1-k)
	keys := strings.Split(path, ".")
	n := root
	for depth, key := range keys {
		last := depth == len(keys)-1
		next := lookup(n, key)
		if depth == 1 && keys[0] == "datasets" && n.Kind == yaml.SequenceNode { // datasets.NAME.key
			if next = elementNamed(n, key); next == nil || last {
				d.add(at, "no data set %q to change; write datasets.NAME.key=value", key)
				return
			}
		}
		switch {
		case last && key == "name" && depth > 0 && (next == nil || next.Value != node.Value):
			// Another name is another block: what was set for the old one does not hold for it.
			*n = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: -1 - k}
			setKey(n, key, node, -1-k)
		case last:
			setKey(n, key, node, -1-k)
		case next == nil || next.Kind == yaml.ScalarNode:
			block := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: -1 - k}
			if next != nil && next.Tag != "!!null" { // the short form of a block is its name
				setKey(block, "name", next, next.Line)
			}
			setKey(n, key, block, -1-k)
			n = block
		case next.Kind == yaml.MappingNode, depth == 0 && key == "datasets" && next.Kind == yaml.SequenceNode:
			n = next
		default:
			d.add(at, "%s is a list in the spec; set it as a whole, such as %s=[a, b]", strings.Join(keys[:depth+1], "."), key)
			return
		}
	}
}

// elementNamed returns the mapping of a sequence that has the name.
func elementNamed(n *yaml.Node, name string) *yaml.Node {
	for _, e := range n.Content {
		if v := lookup(e, "name"); v != nil && v.Value == name {
			return resolve(e)
		}
	}
	return nil
}

// listKeys are the keys whose value on a command line may be words with commas between.
var listKeys = []string{"losses", "baselines", "preprocess", "recall_at", "at"}

func overrideValue(path, value string) (*yaml.Node, error) {
	key := path[strings.LastIndex(path, ".")+1:]
	for _, k := range listKeys {
		if k == key && strings.Contains(value, ",") && !strings.ContainsAny(value, "[{") {
			value = "[" + value + "]"
		}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(value), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}, nil
	}
	return doc.Content[0], nil
}

// moveTo marks all nodes of an override as being on its line.
func moveTo(n *yaml.Node, line int) {
	n.Line, n.Column = line, 0
	for _, c := range n.Content {
		moveTo(c, line)
	}
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

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// identifier reads a name that is also a file name.
func (d *decoder) identifier(key string, to *string) field {
	return field{key, func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !validName.MatchString(n.Value) {
			d.add(n, "%s must be a name of lower-case letters, digits and _, beginning with a letter, not %s", key, show(n))
			return
		}
		*to = n.Value
	}}
}

// ParseLoss reads a loss as the command line gives it: a name, a name with preset, or a YAML flow mapping with a spec's keys. The
// hints name aliases that were used. The error is a *SpecError.
func ParseLoss(text string, catalogue []losses.Spec) (row Row, hints []string, err error) {
	d := &decoder{problems: problems{file: "--loss"}, source: text, catalogue: catalogue}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		d.syntax(err)
		return Row{}, nil, d.err()
	}
	if len(doc.Content) == 0 {
		return Row{}, nil, &SpecError{Problems: []string{"--loss: no loss; name one, such as multi_similarity (gpw losses lists them)"}}
	}
	row, ok := d.row(resolve(doc.Content[0]), Settings{Memory: Memory{Name: "none"}})
	if ok && row.Memory != nil && row.Memory.Name != "none" {
		d.takesMemory(resolve(doc.Content[0]), &row)
	}
	if err := d.err(); err != nil {
		return Row{}, nil, err
	}
	if !ok {
		return Row{}, nil, fmt.Errorf("experiments: no loss in %q", text)
	}
	return row, d.hints, nil
}
