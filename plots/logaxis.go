package plots

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// mostDecades is the number of decades that a logarithmic axis shows below its top.
// Smaller numbers do not affect the step.
const mostDecades = 5

// logAxis is a logarithmic axis around a span of numbers above 0, of at least 0.7
// decades, which hold two numbers. Positions on it are logarithms to base ten.
func logAxis(s span) axis {
	low, high := 0.0, 1.0
	if 0 < s.low && s.low <= s.high && !math.IsInf(s.high, 1) {
		low, high = math.Log10(s.low), math.Log10(s.high)
	}
	if lack := 0.7 - (high - low); lack > 0 {
		low, high = low-lack/2, high+lack/2
	}

	low = max(low, high-mostDecades)
	pad := 0.05 * (high - low)
	return newLogAxis(low-pad, high+pad)
}

// newLogAxis is a logarithmic axis between two logarithms, with a tick at every number of
// one digit. There are about four numbers: at 1, 2 and 5 of each decade, at 1 and 3, or
// at some powers of ten.
func newLogAxis(low, high float64) axis {
	a := axis{low: low, high: high, log: true}
	from, to := int(math.Floor(low)), int(math.Ceil(high))
	every := (to - from + 3) / 4 // decades from number to number
	digits := "1"
	switch {
	case high-low <= 1.2:
		digits = "125"
	case high-low <= 2.2:
		digits, every = "13", 1
	case high-low <= 3.5:
		every = 1
	}

	var numbers []float64
	for power := from; power <= to; power++ {
		for digit := 1; digit <= 9; digit++ {
			at := math.Log10(float64(digit)) + float64(power)
			if at < low || at > high {
				continue
			}
			if power%every != 0 || !containsDigit(digits, digit) {
				a.minor = append(a.minor, at)
				continue
			}
			a.ticks = append(a.ticks, at)
			numbers = append(numbers, float64(digit)*math.Pow10(power))
		}
	}

	a.labels = logLabels(numbers)
	return a
}

func containsDigit(digits string, digit int) bool {
	for _, d := range digits {
		if int(d-'0') == digit {
			return true
		}
	}
	return false
}

// The numbers of a logarithmic axis are written out, as 0.02 and 500, if all of them are
// between these.
const (
	leastWrittenOut = 1e-3
	mostWrittenOut  = 9999
)

// logLabels writes the numbers of a logarithmic axis in one style: all are written out,
// or all have a power of ten, as 2·10⁻⁴ and 10⁰.
func logLabels(numbers []float64) []string {
	labels, powers := make([]string, len(numbers)), false
	for _, v := range numbers {
		powers = powers || v < leastWrittenOut*0.999 || v > mostWrittenOut
	}
	for k, v := range numbers {
		if labels[k] = powerText(v); !powers {
			labels[k] = strconv.FormatFloat(v, 'g', 6, 64)
		}
	}
	return labels
}

// powerText writes a number as a power of ten, with a factor before it unless that is 1.
func powerText(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	factor, exponent, _ := strings.Cut(strconv.FormatFloat(rounded, 'e', -1, 64), "e")
	if factor = strings.Replace(factor, "-", "−", 1) + "·"; factor == "1·" {
		factor = ""
	}
	sign, digits := exponent[:1], strings.TrimLeft(exponent[1:], "0")
	return factor + "10" + raise.Replace(strings.TrimPrefix(sign, "+")+cmp.Or(digits, "0"))
}

// raise turns an exponent into raised characters, and lower turns these back.
var (
	raise = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "-", "⁻")
	lower = strings.NewReplacer("⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9", "⁻", "−")
)

// numberRuns are the parts of a number whose exponent, if it has one, is in raised
// characters. The font lacks some of these.
func numberRuns(text string) []run {
	at := strings.IndexAny(text, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
	if at < 0 {
		return []run{{text: text}}
	}
	return []run{{text: text[:at]}, {text: lower.Replace(text[at:]), raised: true}}
}
