package results

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Swept are the swept settings of a run, by their paths. A value is a number, a text, a
// flag, a list or a mapping.
type Swept map[string]any

// A SweepKey is a swept setting with its values, in the order of the spec.
type SweepKey struct {
	Path   string `json:"path"`
	Values []any  `json:"values"`
}

// Place is the number of the value that a run has, and -1 where the setting does not
// touch it.
func (k SweepKey) Place(s Swept) int {
	v, ok := s[k.Path]
	if !ok {
		return -1
	}
	return slices.IndexFunc(k.Values, func(o any) bool { return EqualSwept(o, v) })
}

// EqualSwept reports whether two values, as JSON has them, are equal.
func EqualSwept(a, b any) bool { return reflect.DeepEqual(a, b) }

// SweptText writes the value of a swept setting as a table shows it: numbers in the
// shortest form that reads back, the elements of lists and mappings with commas between.
func SweptText(value any) string {
	switch v := value.(type) {
	case nil:
		return "none"
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return shortNumber(v)
	case []any:
		if len(v) == 0 {
			return "none"
		}
		var words []string
		for _, e := range v {
			words = append(words, SweptText(e))
		}
		return strings.Join(words, ", ")
	case map[string]any:
		return sweptBlock(v)
	}

	text, err := json.Marshal(value) // an integer, or a list of a type of its own
	if err != nil {
		return fmt.Sprint(value)
	}
	var plain any
	if json.Unmarshal(text, &plain) != nil {
		return string(text)
	}
	return SweptText(plain)
}

// SweptTexts writes the values of a swept setting beside each other: as [SweptText] does,
// and with all numbers between -0.1 and 0.1 in powers of ten where one of them is, so
// that 1e-3 stands beside 1e-4.
func SweptTexts(values []any) []string {
	plain, powers := make([]any, len(values)), false
	for k, value := range values {
		plain[k] = value
		if v, ok := number(value); ok {
			plain[k] = v
			powers = powers || strings.Contains(shortNumber(v), "e-")
		}
	}

	texts := make([]string, len(values))
	for k, value := range plain {
		texts[k] = SweptText(value)
		if v, ok := value.(float64); ok && powers && v != 0 && math.Abs(v) < 0.1 {
			texts[k] = formatNumber(v, 'e')
		}
	}
	return texts
}

// SweptTextAmong writes one of the values of a swept setting as [SweptTexts] does. A
// value that is not among them is written as [SweptText] does.
func SweptTextAmong(value any, values []any) string {
	text := SweptText(value)
	for k, v := range values {
		if SweptText(v) == text {
			return SweptTexts(values)[k]
		}
	}
	return text
}

// number is the value of a setting that is a number.
func number(value any) (v float64, ok bool) {
	switch v := value.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}

// sweptBlock writes the name of a block first.
func sweptBlock(block map[string]any) string {
	var words []string
	if name, ok := block["name"]; ok {
		words = append(words, SweptText(name))
	}
	for _, key := range slices.Sorted(maps.Keys(block)) {
		if key != "name" {
			words = append(words, key+" "+SweptText(block[key]))
		}
	}
	return strings.Join(words, ", ")
}

// shortNumber writes 1e-5 and not 1e-05 or 0.00001.
func shortNumber(v float64) string {
	format := byte('f')
	if size := math.Abs(v); size != 0 && (size < 1e-3 || size >= 1e7) {
		format = 'e'
	}
	return formatNumber(v, format)
}

// formatNumber writes an exponent without a plus and without leading zeros.
func formatNumber(v float64, format byte) string {
	return strings.NewReplacer("e-0", "e-", "e+0", "e", "e+", "e").Replace(strconv.FormatFloat(v, format, -1, 64))
}
