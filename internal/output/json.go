package output

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strconv"

	"gpwbench/internal/escape"
)

// JSON writes v as JSON. Text stays readable: <, > and & are not escaped, and what is
// hidden, such as a mark that turns the direction of writing, stands as its number.
// An indent of "" puts all on one line, which is for long values. The error is that of
// [json.Encoder.Encode] or of w.
func JSON(w io.Writer, v any, indent string) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return err
	}

	_, err := w.Write(escape.JSON(text.Bytes()))
	return err
}

// Exact writes all digits of v, and "" for NaN, which stands for an undefined number.
func Exact(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(Unsigned(v), 'g', -1, 64)
}

// OrNull returns nil for NaN and a pointer to v otherwise, which JSON writes as null and
// as the number.
func OrNull(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	v = Unsigned(v)
	return &v
}

// Unsigned returns v, and 0 for a negative zero, whose sign a reader would take for that
// of a number below 0.
func Unsigned(v float64) float64 {
	if v == 0 {
		return 0
	}
	return v
}
