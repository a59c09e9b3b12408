package report

import (
	"math"
	"strconv"
	"strings"

	"gpwbench/results"
	"gpwbench/results/table"
)

// A number is written with five significant digits, because the page prints it as it
// reads it. What is not finite is null.
type number float64

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	if v == 0 {
		return []byte("0"), nil // and not -0
	}
	text := strconv.FormatFloat(v, 'g', 5, 64)
	if plain := strconv.FormatFloat(v, 'f', -1, 64); len(plain) <= len(text) {
		text = plain
	}
	return []byte(text), nil
}

// missing is a number that is not there.
var missing = number(math.NaN())

// optional is a number that may be missing.
func optional(v *float64) number {
	if v == nil {
		return missing
	}
	return number(*v)
}

// A unit is what the values of a metric are multiplied by on the page: 100 for fractions
// of 1, which are printed in percent.
func unit(metric string) number {
	if results.IsShare(metric) {
		return 100
	}
	return 1
}

// text is a value of a metric as tables print it, with a true minus.
func text(metric string, v float64) string { return minus(table.Number(metric, v)) }

// between is an interval as text, "" without one.
func between(metric string, low, high *float64) string {
	if low == nil || high == nil {
		return ""
	}
	return text(metric, *low) + " to " + text(metric, *high)
}

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// signed is a difference as text, with its sign.
func signed(metric string, v float64) string {
	s := text(metric, v)
	if zero := text(metric, 0); strings.TrimPrefix(s, "−") == zero {
		return zero
	}
	if v > 0 {
		return "+" + s
	}
	return s
}

// probability is a p-value as text.
func probability(p *float64) string {
	switch {
	case p == nil:
		return ""
	case *p < 0.001:
		return "p < 0.001"
	default:
		return "p " + strconv.FormatFloat(*p, 'f', 3, 64)
	}
}

// metricTitle is a metric as tables head its column, and its key where they do not.
func metricTitle(key string) string {
	m, k, _ := results.FindMetric(key)
	if t := m.ColumnTitle(k); t != "" {
		return t
	}
	return key
}
