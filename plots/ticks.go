package plots

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// An axis is a linear scale with its ticks.
type axis struct {
	low, high float64
	ticks     []float64
	labels    []string
	minor     []float64 // ticks without numbers, between those of a logarithmic axis
	power     int       // labels are in units of 10^power
	log       bool      // of logarithms to base ten
	floored   bool      // lower values are drawn on its lower edge
	signed    bool      // an axis of weights, some of which are below zero
	over      float64   // what weights are divided by; 0 for 1

	// Of a logarithmic axis of weights: its lowest number, and below it the place of
	// weights that are smaller, or zero.
	base, zero float64
}

// newAxis returns an axis of the range, with a tick at each multiple of 1, 2 or 5 times a
// power of ten, at most n. Ends without a usable range (infinite, NaN, equal or nearly
// so) have an axis from 0 to 1 without ticks.
func newAxis(low, high float64, n int) axis {
	if !distinctEnds(low, high) {
		return axis{high: 1}
	}
	a := axis{low: low, high: high}
	step, first, last := tickStep(low, high, n)
	largest := max(math.Abs(low), math.Abs(high))
	if magnitude := int(math.Floor(math.Log10(largest))); magnitude < -2 || magnitude > 3 {
		a.power = magnitude
	}

	decimals := max(0, a.power-int(math.Floor(math.Log10(step)+1e-9)))
	for i := range n { // counted by an integer, because adding 1 to a float beyond 2⁵³ does not change it
		k := first + float64(i)
		if k > last {
			break
		}

		a.ticks = append(a.ticks, k*step)
		a.labels = append(a.labels, formatDecimal(k*step/math.Pow10(a.power), decimals))
	}

	return a
}

// distinctEnds reports whether an axis can have these ends. The range must be wide enough
// for distinct ticks in float64, and its ends so far from the largest float64 that a
// multiple of a step stays finite.
func distinctEnds(low, high float64) bool {
	width := high - low
	return width > 1e-12*max(math.Abs(low), math.Abs(high)) && width >= 1e-300 && math.Abs(low)+math.Abs(high) <= 1e300
}

// newAxisX returns a horizontal axis of the given length with at most n ticks, and fewer
// if their numbers would touch.
func newAxisX(low, high float64, n int, length vg.Length) axis {
	a := newAxis(low, high, n)
	for n > 2 && a.overlapping(length) {
		n--
		a = newAxis(low, high, n)
	}
	return a
}

// overlapping reports whether two numbers below an axis of the given length have less
// than half a digit between them.
func (a axis) overlapping(length vg.Length) bool {
	text := style{size: tickSize}
	for k := 1; k < len(a.ticks); k++ {
		apart := vg.Length(a.at(a.ticks[k])-a.at(a.ticks[k-1])) * length
		if apart < (text.width(a.labels[k-1])+text.width(a.labels[k]))/2+text.width("0")/2 {
			return true
		}
	}
	return false
}

// tickStep returns the smallest step with at most n multiples between low and high, and
// the first and last of these.
func tickStep(low, high float64, n int) (step, first, last float64) {
	unit := math.Pow10(int(math.Floor(math.Log10((high - low) / float64(n)))))
	for _, f := range []float64{1, 2, 5, 10, 20} {
		step = f * unit
		first, last = math.Ceil(low/step-1e-9), math.Floor(high/step+1e-9)
		if int(last-first) < n {
			break
		}
	}
	return step, first, last
}

// name returns the label of the axis: what it shows and where, which may be empty.
// Numbers in units of a power of ten have it in the label, "m·w / 10⁻³ at step 0".
func (a axis) name(what, where string) []run {
	if where != "" {
		where = "\u00a0" + where // an SVG drops a space at the start of a run
	}
	if a.power == 0 {
		return []run{{what + where, false}}
	}
	return []run{{what + " / 10", false}, {formatDecimal(float64(a.power), 0), true}, {where, false}}
}

// formatDecimal formats v with the given decimals and a true minus sign.
func formatDecimal(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	rest, negative := strings.CutPrefix(s, "-")
	if !negative || strings.Trim(rest, "0.") == "" {
		return rest
	}
	return "−" + rest
}

// withThousands formats n with its digits in groups of three.
func withThousands(n int) string {
	s := strconv.Itoa(n)
	for k := len(s) - 3; k > 0; k -= 3 {
		s = s[:k] + "," + s[k:]
	}
	return s
}

// at returns the place of v on the axis: 0 at its low end, 1 at its high end.
func (a axis) at(v float64) float64 { return (v - a.low) / (a.high - a.low) }
