package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Bounds of a text that is read as YAML, far above those of any spec written by hand.
const (
	MostBytes  = 1 << 20
	mostValues = 100_000 // after aliases and merges are expanded
)

// tree returns the one value that a text contains: a spec, the value of an override, a
// loss. It is nil if the text has none or, after adding the problem, if it cannot be
// read. Aliases and merges are expanded, so that every value has one place and changing
// it changes no other. line is that of an override, below 0; other texts have lines of
// their own and give 0.
func (d *decoder) tree(source []byte, line int) *yaml.Node {
	if len(source) > MostBytes {
		d.found = append(d.found, problem{line: min(line, 1), column: 1, text: fmt.Sprintf("%d bytes of YAML; at most %d are read", len(source), MostBytes)})
		return nil
	}

	text := hideMarks(source)
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc, rest yaml.Node
	if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		d.syntax(err, line)
		return nil
	}

	if err := decoder.Decode(&rest); err == nil {
		moveTo(&rest, line)
		d.add(&rest, "a second document; a file holds one spec, and a value is one document")
		return nil
	} else if !errors.Is(err, io.EOF) {
		d.syntax(err, line)
		return nil
	}

	if !bytes.Equal(text, source) {
		showMarks(&doc)
	}
	moveTo(&doc, line)
	w := expansion{decoder: d, inside: map[*yaml.Node]bool{}}
	return w.value(doc.Content[0])
}

// moveTo sets the line of all nodes of an override.
func moveTo(n *yaml.Node, line int) {
	if line >= 0 {
		return
	}
	n.Line, n.Column = line, 0
	for _, c := range n.Content {
		moveTo(c, line)
	}
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)

// syntax adds an error of the YAML parser, which has the line but not the column.
func (d *decoder) syntax(err error, line int) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if line < 0 {
		d.found = append(d.found, problem{line: line, column: 0, text: "the value is not YAML: " + text})
		return
	}
	line = 1
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = m[2]
	}
	d.found = append(d.found, problem{line: line, column: 1, text: "not YAML: " + text + " (on this line or the one before)"})
}

// An expansion replaces the aliases and merges of a document by copies. Without a bound,
// anchors that contain themselves would never end, and aliases that double twenty times
// would fill the memory.
type expansion struct {
	*decoder
	inside map[*yaml.Node]bool // anchors that are being expanded
	values int                 // nodes written so far
}

// value returns a copy of a node that shares nothing, or nil after adding the problem.
func (w *expansion) value(n *yaml.Node) *yaml.Node {
	use := n
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if w.inside[n] {
		w.add(use, "*%s stands within &%s and would have no end; write it out", use.Value, use.Value)
		return nil
	}

	if w.values++; w.values > mostValues {
		w.add(use, "over %d values with aliases written out; at most so many are read", mostValues)
		return nil
	}

	w.inside[n] = true
	defer delete(w.inside, n)

	c := *n
	c.Anchor, c.Content = "", nil
	if n.Kind == yaml.MappingNode {
		return w.mapping(n, &c)
	}

	for _, e := range n.Content {
		if e = w.value(e); e == nil {
			return nil
		}
		c.Content = append(c.Content, e)
	}

	return &c
}

// mapping fills c with the keys of n, followed by the merged ones (<<) that n does not
// set itself.
func (w *expansion) mapping(n, c *yaml.Node) *yaml.Node {
	set := map[string]bool{}
	var merged []*yaml.Node
	for k := 0; k+1 < len(n.Content); k += 2 {
		key, value := n.Content[k], w.value(n.Content[k+1])
		if value == nil {
			return nil
		}
		if key.Tag == "!!merge" {
			sources, ok := mergeSources(value)
			if !ok {
				w.add(n.Content[k+1], "<< merges a mapping or a list of mappings, not %s", show(value))
				return nil
			}
			merged = append(merged, sources...)
			continue
		}

		if key = w.value(key); key == nil {
			return nil
		}

		set[key.Value] = true
		c.Content = append(c.Content, key, value)
	}

	for _, m := range merged {
		for _, pair := range pairs(m) {
			if !set[pair[0].Value] {
				set[pair[0].Value] = true
				c.Content = append(c.Content, pair[0], pair[1])
			}
		}
	}

	return c
}

// mergeSources returns the mappings that the value of << refers to.
func mergeSources(value *yaml.Node) (mappings []*yaml.Node, ok bool) {
	if value.Kind == yaml.MappingNode {
		return []*yaml.Node{value}, true
	}
	for _, e := range value.Content {
		if e.Kind != yaml.MappingNode {
			return nil, false
		}
	}
	return value.Content, value.Kind == yaml.SequenceNode
}
