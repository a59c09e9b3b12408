package analysis

import "math"

// ln is the natural logarithm of a normal x > 0, to 1e-13. It takes a table at the
// leading bits of the mantissa and a series for the rest. The statistics of a step take
// one for every pair, and [math.Log] would be most of what they cost.
func ln(x float64) float64 {
	const mantissa = 1<<52 - 1
	bits := math.Float64bits(x)
	near := &logarithms[bits>>(52-lnBits)&(1<<lnBits-1)]
	r := math.Float64frombits(bits&mantissa|1023<<52)*near.inverse - 1 // |r| < 2^−lnBits
	return float64(int(bits>>52)-1023)*math.Ln2 + near.ln + r*(1-r*(1./2-r*(1./3)))
}

const lnBits = 10

// logarithms has the logarithm and the inverse of a number in the middle of each of
// 2^lnBits parts of [1, 2).
var logarithms = func() (table [1 << lnBits]struct{ ln, inverse float64 }) {
	for k := range table {
		x := 1 + (float64(k)+0.5)/(1<<lnBits)
		table[k].ln, table[k].inverse = math.Log(x), 1/x
	}
	return table
}()
