package escape

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// markdownSigns are what CommonMark and its tables, footnotes, strikethrough and formulas
// would read wherever it stands.
const markdownSigns = "\\|*`<$~"

// entity is what CommonMark would write as another character.
var entity = regexp.MustCompile(`^&(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);`)

// box is what a list shows as a box to tick.
var box = regexp.MustCompile(`^\[[ xX]\]( |$)`)

// starts is what begins a heading, a list, a quotation or a rule where it begins a line
// or a cell.
var starts = regexp.MustCompile(`^(#{1,6}|[+-]|[0-9]+[.)])( |$)|^(-{3,}|={3,})$|^>`)

// Markdown is one line of text, of which nothing is markup. An underscore within a word
// is none, and stays.
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
