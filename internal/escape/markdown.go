package escape

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// markdownSigns are characters with a meaning anywhere in CommonMark or its extensions
// for tables, footnotes, strikethrough and formulas.
const markdownSigns = "\\|*`<$~"

// entity matches text that CommonMark would render as another character.
var entity = regexp.MustCompile(`^&(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);`)

// box matches text that a list shows as a check box.
var box = regexp.MustCompile(`^\[[ xX]\]( |$)`)

// starts matches the start of a heading, a list, a quotation or a rule, at the start of a
// line or a cell.
var starts = regexp.MustCompile(`^(#{1,6}|[+-]|[0-9]+[.)])( |$)|^(-{3,}|={3,})$|^>`)

// Markdown returns text as one line without markup. An underscore within a word is no
// markup, and stays.
func Markdown(text string) string {
	text = Line(text)
	var out strings.Builder
	if start := starts.FindString(text); start != "" {
		sign := strings.IndexFunc(start, func(r rune) bool { return !unicode.IsDigit(r) })
		out.WriteString(text[:sign] + `\`)
		text = text[sign:]
		out.WriteByte(text[0])
		text = text[1:]
	}

	before := ' '
	for k, r := range text {
		next, _ := utf8.DecodeRuneInString(text[k+utf8.RuneLen(r):])
		switch {
		case strings.ContainsRune(markdownSigns, r),
			r == '_' && !(inWord(before) && inWord(next)),
			r == '[' && (k == 0 && box.MatchString(text) || strings.Contains(text[k:], "](")),
			r == '&' && entity.MatchString(text[k:]):
			out.WriteByte('\\')
		}

		out.WriteRune(r)
		before = r
	}

	return out.String()
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_')
}
