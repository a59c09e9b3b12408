package experiments

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// within returns where a byte of a scalar's value stands in the source. YAML folds lines and escapes characters, so the characters of
// the value that are not blank are followed through the source; where one is escaped, or the scalar came from an override, it reports
// false.
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

// begin returns where the value of a scalar begins in the source: behind its tag and anchor, its quote or its block's header.
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

// skipBlanks passes blanks, and in double quotes what is written with \ and stands for one.
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
