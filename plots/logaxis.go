package plots

import (
	"math"
	"strconv"
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
			a.labels = append(a.labels, logLabel(digit, power))
		}
	}

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

// logLabel writes a digit times a power of ten: 0.02, 1, 500, 10k, 3M.
func logLabel(digit, power int) string {
	switch {
	case power < -3:
		return strconv.Itoa(digit) + "e−" + strconv.Itoa(-power)
	case power < 0:
		return strconv.FormatFloat(float64(digit)*math.Pow10(power), 'f', -power, 64)
	case power >= 12:
		return strconv.Itoa(digit) + "e" + strconv.Itoa(power)
	case power >= 6:
		return strconv.FormatFloat(float64(digit)*math.Pow10(power-6), 'f', 0, 64) + "M"
	case power >= 3:
		return strconv.FormatFloat(float64(digit)*math.Pow10(power-3), 'f', 0, 64) + "k"
	}
	return strconv.FormatFloat(float64(digit)*math.Pow10(power), 'f', 0, 64)
}
