package spec

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// A place is a line and a column of the spec.
type place struct{ line, column int }

func placeOf(n *yaml.Node) place { return place{n.Line, n.Column} }

// places are where settings stand, by their path: "sampler.classes". The path "" is where
// what is not given would stand.
type places map[string]place

func placesAt(n *yaml.Node) places { return places{"": placeOf(n)} }

// note notes the keys of a block that are given.
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
	parsed *Spec  // as it was then

	variants []Variant // of its sweep
	places   places
	at       func(line, column int) string
}

// Where names a setting in an error: the place in the file that gives it, or its path in
// a spec that was not parsed. path is "weights.at", "baselines", "losses.3", or that of a
// setting of a data set, "datasets.0.sampler.classes".
func (s *Spec) Where(path string) string {
	if s.origin == nil {
		return s.Name + ": " + path
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
			after++ // written twice
		}
	}

	if offset < len(n.Value) && !isBlank(n.Value[offset]) {
		after = skipBlanks(source, after, n.Style)
	}
	line := strings.Count(source[:after], "\n") + 1
	begin := strings.LastIndexByte(source[:after], '\n') + 1
	return place{line, utf8.RuneCountInString(source[begin:after]) + 1}, true
}

// begin returns where the value of a scalar begins in the source: behind its tag and
// anchor, its quote or its block's header.
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

// skipBlanks passes blanks, and in double quotes what is written with \ and stands for
// one.
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
