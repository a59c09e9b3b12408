// Package escape makes text from outside (labels, names of files, captions) fit for what
// it is written into: [Line] for a terminal or a cell, [Markdown], [LaTeX], [CSV] and
// [JSON] for the formats of tables. [Lines], [Output] and [Cell] are for text that keeps
// its lines or spaces.
//
// A reader then sees what is there: no control character moves the cursor or the
// direction of writing, no label starts a column, a formula or a heading.
package escape

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Line is text as one line: white space and control characters are single spaces, and
// what reverses the direction of writing stands as its number, such as \u202e. Bytes that
// are no UTF-8 become U+FFFD.
func Line(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) })
	return visible(strings.Join(words, " "))
}

// Lines is text whose lines stay, with their spaces and tabs. Other control characters
// stand as their numbers.
func Lines(text string) string { return visible(text) }

// Output is [Lines] for long text: text without anything hidden is returned as it is.
func Output(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return hidden(r) || r == utf8.RuneError }) {
		return text
	}
	return []byte(visible(string(text)))
}

// Cell is [Line] for a column of plain text: its spaces stay, for they may indent it.
func Cell(text string) string {
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(visible(text))
}

// visible writes what hides or moves text as its number.
func visible(text string) string {
	var out strings.Builder
	for _, r := range text {
		if hidden(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r) // U+FFFD for what is no UTF-8
		}
	}
	return out.String()
}

// hidden tells whether r is a control character, other than a tab and a line feed, or has
// no sign of its own and changes how others are shown: the direction of writing, a line's
// end, a byte order mark.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
		return true
	}
	return r == '\u2028' || r == '\u2029' || r == '\ufeff'
}

// CSV is a cell of a CSV file. A spreadsheet takes text that begins with =, +, - or @ for
// a formula; an apostrophe before it says that it is text. Numbers stay as they are.
func CSV(cell string) string {
	cell = Line(cell)
	if len(cell) < 2 || !strings.ContainsRune("=+-@", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}

// JSON is a JSON text whose strings hold what is hidden by its number, which reads back
// as the same text.
func JSON(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case !hidden(r) || r <= 0x7e:
			// The encoder has written those below by their numbers, and \r stands between
			// values.
			out = append(out, text[:size]...)
		case r > 0xffff: // JSON has numbers of four digits, and two for what is beyond
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}

		text = text[size:]
	}

	return out
}
