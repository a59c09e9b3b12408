package spec

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// A place is a line and a column of the spec.
type place struct{ line, column int }

func placeOf(n *yaml.Node) place { return place{n.Line, n.Column} }

// places has the place of each setting by its path: "sampler.classes". The path "" has
// the place for settings that are not given.
type places map[string]place

func placesAt(n *yaml.Node) places { return places{"": placeOf(n)} }

// note records the places of the keys of a block that are given.
func (p places) note(n *yaml.Node, block string, keys ...string) {
	for _, key := range keys {
		if v := lookup(n, key); v != nil {
			p[block+"."+key] = placeOf(v)
		}
	}
}

// An origin is the text that a spec was parsed from.
type origin struct {
	source []byte // overrides applied
	dir    string // that its relative paths are relative to
	parsed *Spec  // the spec as it was then

	variants []Variant // of its sweep
	places   places
	at       func(line, column int) string
	built    bool // the text was written for a spec that a program built
}

// Where names a setting in an error: by its place in the file, or by its path in a spec
// that was built. path is "weights.at", "baselines", "losses.3", or that of a
// setting of a data set, "datasets.0.sampler.classes".
func (s *Spec) Where(path string) string {
	if s == nil {
		return bracketed(path)
	}
	if s.origin == nil || s.origin.built {
		return inSpec(s.Name, bracketed(path))
	}

	at := s.origin.places[""]
	dataset, key := path, ""
	if parts := strings.SplitN(path, ".", 3); len(parts) == 3 && parts[0] == "datasets" {
		dataset, key = parts[0]+"."+parts[1], parts[2]
	}

	for _, p := range []string{dataset + ".", dataset + "." + key, path} {
		if found, ok := s.origin.places[p]; ok {
			at = found
		}
	}

	return s.origin.at(at.line, at.column)
}

// inSpec is the path of a setting behind the name of its spec; either may be "".
func inSpec(name, path string) string {
	if name == "" || path == "" {
		return name + path
	}
	return name + ": " + path
}

// bracketed writes the numbers of a dotted path as indices: "losses[3]".
func bracketed(path string) string {
	text := ""
	for k, part := range strings.Split(path, ".") {
		_, err := strconv.Atoi(part)
		switch {
		case err == nil:
			part = "[" + part + "]"
		case k > 0:
			part = "." + part
		}
		text += part
	}
	return text
}

// pathsOf returns the path of the value that stands at a position of a YAML text, of one
// within a value too. A mapping that begins with its first key is the mapping.
func pathsOf(source []byte) (func(line, column int) string, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return nil, err
	}

	type found struct {
		place
		path string
	}
	var all []found
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		all = append(all, found{placeOf(n), path})
		switch n.Kind {
		case yaml.DocumentNode:
			walk(n.Content[0], "")
		case yaml.SequenceNode:
			for k, e := range n.Content {
				walk(e, fmt.Sprintf("%s[%d]", path, k))
			}
		case yaml.MappingNode:
			for _, pair := range pairs(n) {
				key := strings.TrimPrefix(path+"."+pair[0].Value, ".")
				all = append(all, found{placeOf(pair[0]), key})
				walk(pair[1], key)
			}
		}
	}
	walk(&doc, "")

	return func(line, column int) string {
		at := ""
		last := place{}
		for _, f := range all {
			before := f.line < line || f.line == line && f.column <= column
			if before && f.place != last {
				at, last = f.path, f.place
			}
		}
		return at
	}, nil
}

// within returns where a byte of a scalar's value stands in the source. YAML folds lines
// and escapes characters, so the characters of the value that are not blank are followed
// through the source; where one is escaped, or the scalar came from an override, it
// reports false.
func (d *decoder) within(n *yaml.Node, offset int) (place, bool) {
	at, ok := d.begin(n)
	if !ok {
		return place{}, false
	}

	source, after := d.source, at
	for i := 0; i < offset; i++ {
		if isBlank(n.Value[i]) {
			continue
		}
		at = skipBlanks(source, after, n.Style)
		if at >= len(source) || source[at] != n.Value[i] {
			return place{}, false
		}
		after = at + 1
		if n.Style&yaml.SingleQuotedStyle != 0 && source[at] == '\'' {
			after++ // the quote is written twice
		}
	}

	if offset < len(n.Value) && !isBlank(n.Value[offset]) {
		after = skipBlanks(source, after, n.Style)
	}
	line := strings.Count(source[:after], "\n") + 1
	begin := strings.LastIndexByte(source[:after], '\n') + 1
	return place{line, utf8.RuneCountInString(source[begin:after]) + 1}, true
}

// begin returns where the value of a scalar begins in the source, after its tag and
// anchor, its quote, or the header of its block.
func (d *decoder) begin(n *yaml.Node) (at int, ok bool) {
	if n.Line < 1 || n.Column < 1 {
		return 0, false
	}

	for range n.Line - 1 {
		end := strings.IndexByte(d.source[at:], '\n')
		if end < 0 {
			return 0, false
		}
		at += end + 1
	}

	for range n.Column - 1 {
		_, size := utf8.DecodeRuneInString(d.source[at:])
		at += size
	}

	for at < len(d.source) && (d.source[at] == '!' || d.source[at] == '&') {
		at += strings.IndexAny(d.source[at:]+" ", " \n")
		at = skipBlanks(d.source, at, 0)
	}

	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		at += strings.IndexByte(d.source[at:]+"\n", '\n') + 1
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		at++
	}

	return at, at <= len(d.source)
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// skipBlanks skips blanks and, in double quotes, escape sequences that stand for one.
func skipBlanks(source string, at int, style yaml.Style) int {
	for at < len(source) {
		switch {
		case isBlank(source[at]):
			at++
		case style&yaml.DoubleQuotedStyle != 0 && source[at] == '\\' && at+1 < len(source) && strings.IndexByte("\n\r \tnrt", source[at+1]) >= 0:
			at += 2
		default:
			return at
		}
	}
	return at
}
