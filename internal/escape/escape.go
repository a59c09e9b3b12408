// Package escape makes text from outside (labels, names of files, captions) safe for its
// output format: [Line] for a terminal or a cell, [Markdown], [LaTeX], [CSV] and [JSON]
// for the formats of tables. [Lines], [Output] and [Cell] are for text that keeps its
// lines or spaces.
//
// The output shows exactly the text: no control character moves the cursor or changes the
// direction of writing, and no label starts a column, a formula or a heading.
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

// Line returns text as one line. White space and control characters become single spaces.
// Characters that reverse the direction of writing become their number, such as \u202e,
// and bytes that are not UTF-8 become U+FFFD.
func Line(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) })
	return visible(strings.Join(words, " "))
}

// Lines returns text with its lines, spaces and tabs. Other control characters become
// their numbers.
func Lines(text string) string { return visible(text) }

// Output is [Lines] for long text. Text without hidden characters is returned as it is.
func Output(text []byte) []byte {
	if isPlain(text) || !bytes.ContainsFunc(text, func(r rune) bool { return hidden(r) || r == utf8.RuneError }) {
		return text
	}
	return []byte(visible(string(text)))
}

// Cell is [Line] for a column of plain text, in which spaces stay, because they may
// indent it.
func Cell(text string) string {
	if isPlain(text) && !strings.ContainsAny(text, "\n\t") {
		return text
	}
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(visible(text))
}

// visible replaces hidden characters by their numbers.
func visible(text string) string {
	var out strings.Builder
	for _, r := range text {
		if hidden(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r) // U+FFFD for bytes that are not UTF-8
		}
	}
	return out.String()
}

// hidden reports whether r is a control character other than a tab and a line feed, or an
// invisible character that changes how others are shown: the direction of writing, a
// line's end, a byte order mark.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
		return true
	}
	return r == '\u2028' || r == '\u2029' || r == '\ufeff'
}

// CSV returns a cell of a CSV file. Spreadsheets read text that begins with =, +, - or @
// as a formula, so it gets an apostrophe. Numbers stay as they are.
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

// JSON returns a JSON text in whose strings hidden characters are written by their
// numbers. It decodes to the same text. Text without hidden characters may be returned as
// it is.
func JSON(text []byte) []byte {
	if isPlain(text) {
		return text
	}
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case !hidden(r) || r <= 0x7e:
			// The encoder has escaped the characters below U+0020, and \r occurs between
			// values.
			out = append(out, text[:size]...)
		case r > 0xffff: // an escape of JSON has four digits, so characters beyond U+FFFF take two escapes
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}

		text = text[size:]
	}

	return out
}
