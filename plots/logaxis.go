package plots

import (
	"math"
	"strconv"
	"strings"
)

// mostDecades is the number of decades that a logarithmic axis shows below its top.
// Smaller numbers do not affect the step.
const mostDecades = 5

// logAxis is an axis of whole decades, at least one, around a span of numbers above 0.
// Positions on it are logarithms to base ten.
func logAxis(s span) axis {
	low, high := 0.0, 1.0
	if 0 < s.low && s.low <= s.high && !math.IsInf(s.high, 1) {
		low, high = math.Floor(math.Log10(s.low)+1e-9), math.Ceil(math.Log10(s.high)-1e-9)
	}
	if low == high {
		high++
	}

	low = max(low, high-mostDecades)
	a := axis{low: low - 0.05*(high-low), high: high + 0.05*(high-low), log: true}

	step := math.Ceil((high - low + 1) / 4) // so that there are at most four numbers
	for v := low; v <= high; v += step {
		a.ticks = append(a.ticks, v)
		a.labels = append(a.labels, decade(int(v)))
	}

	return a
}

// decade writes a power of ten: 0.01, 1, 100, 10k, 1M.
func decade(power int) string {
	switch {
	case power < -4:
		return "1e−" + strconv.Itoa(-power)
	case power < 0:
		return "0." + strings.Repeat("0", -power-1) + "1"
	case power >= 6:
		return "1" + strings.Repeat("0", power-6) + "M"
	case power >= 3:
		return "1" + strings.Repeat("0", power-3) + "k"
	}

	return "1" + strings.Repeat("0", power)
}
