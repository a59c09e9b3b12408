package f64

import "math"

// Exp sets dst to e^src, to 1 unit in the last place. It is 1 for 0, +Inf where it
// overflows, and 0 where it is below the smallest number.
func Exp(dst, src []float64) {
	match(dst, src)
	if len(src) > 0 {
		expKernel(dst, src)
	}
}

// ExpSum sets dst to e^(src−shift) and returns its sum.
func ExpSum(dst, src []float64, shift float64) float64 {
	match(dst, src)
	if len(src) == 0 {
		return 0
	}
	return expSumKernel(dst, src, shift)
}

// Sigmoid sets value to 1/(1+e^−src) and slope to its derivative, both to 4 units in the
// last place. It returns their sums.
func Sigmoid(value, slope, src []float64) (values, slopes float64) {
	match(value, src)
	match(slope, src)
	if len(src) == 0 {
		return 0, 0
	}
	return sigmoidKernel(value, slope, src)
}

// Softplus sets value to log(1+e^src) and slope to its derivative 1/(1+e^−src), both to 3
// units in the last place. It returns their sums.
func Softplus(value, slope, src []float64) (values, slopes float64) {
	match(value, src)
	match(slope, src)
	if len(src) == 0 {
		return 0, 0
	}
	return softplusKernel(value, slope, src)
}

// exponential holds the constants of e^x = 2^k·e^r with k = x/ln 2, rounded, and e^r = 1
// + r + r²·q(r). The assembly reads them in this order.
var exponential = struct {
	low, high    float64 // beyond these x the result is 0 or infinite
	log2e        float64
	shifter      float64 // a sum with it is rounded to an integer, in the lowest bits
	ln2, ln2Rest float64 // the logarithm of 2 in two parts
	bias         float64 // of the exponent, as an integer
	one          float64

	// q(r) is (e^r−1−r)/r², interpolated on the Chebyshev nodes of [−ln 2/2, ln 2/2]. A
	// test computes the coefficients.
	q [11]float64
}{
	low: -1000, high: 1000,
	log2e:   math.Log2E,
	shifter: 3 << 51,
	ln2:     math.Ln2, ln2Rest: 2.3190468138462996e-17,
	bias: math.Float64frombits(exponentBias),
	one:  1,
	q: [11]float64{
		0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326141, 0.0013888888888883752, 0.00019841269874800493,
		2.4801587325533363e-05, 2.7557255425746435e-06, 2.7557273661348637e-07, 2.510520637395701e-08, 2.0914679376583935e-09,
	},
}

const exponentBias = 1023

// expElement is the portable implementation for one element.
func expElement(x float64) float64 {
	e := &exponential
	if x > e.high {
		x = e.high
	} else if x < e.low {
		x = e.low
	}

	shifted := math.FMA(x, e.log2e, e.shifter)
	k := shifted - e.shifter
	r := math.FMA(-k, e.ln2Rest, math.FMA(-k, e.ln2, x))

	q := &e.q
	p := math.FMA(q[10], r, q[9]) // unrolled, for the machines that have no assembly
	p = math.FMA(p, r, q[8])
	p = math.FMA(p, r, q[7])
	p = math.FMA(p, r, q[6])
	p = math.FMA(p, r, q[5])
	p = math.FMA(p, r, q[4])
	p = math.FMA(p, r, q[3])
	p = math.FMA(p, r, q[2])
	p = math.FMA(p, r, q[1])
	p = math.FMA(p, r, q[0])
	p = math.FMA(p, r*r, r) + 1

	// 2^k in two factors, because it may not be a normal number.
	whole := int32(math.Float64bits(shifted))
	half := whole >> 1
	return p * power(half) * power(whole-half)
}

// power returns 2^k.
func power(k int32) float64 { return math.Float64frombits(uint64(k+exponentBias) << 52) }

// horner returns the polynomial of x whose coefficients are terms, the constant first.
func horner(x float64, terms []float64) float64 {
	last := len(terms) - 1
	p := terms[last]
	for k := last - 1; k >= 0; k-- {
		p = math.FMA(p, x, terms[k])
	}
	return p
}

func expGeneric(dst, src []float64) {
	for k, x := range src {
		dst[k] = expElement(x)
	}
}

func expSumGeneric(dst, src []float64, shift float64) float64 {
	var sums lanes
	for k, x := range src {
		dst[k] = expElement(x - shift)
		sums[k%8] += dst[k]
	}
	return sums.reduce(add)
}

// sigmoid returns 1/(1+e^−z), and e^−|z| and 1/(1+e^−|z|), of which it is made.
func sigmoid(z float64) (value, fall, inverse float64) {
	fall = expElement(-math.Abs(z))
	inverse = 1 / (1 + fall)
	if math.Signbit(z) {
		return fall * inverse, fall, inverse
	}
	return inverse, fall, inverse
}

func sigmoidGeneric(value, slope, src []float64) (values, slopes float64) {
	var sums, sumsOfSlopes lanes
	for k, z := range src {
		v, fall, inverse := sigmoid(z)
		value[k], slope[k] = v, fall*inverse*inverse
		sums[k%8] += v
		sumsOfSlopes[k%8] += slope[k]
	}
	return sums.reduce(add), sumsOfSlopes.reduce(add)
}

// logarithm holds the constants of log(1+f) = f − (f²/2 − s·(f²/2 + z·q(z))) with s =
// f/(2+f) and z = s², for f from 0 to 1.
var logarithm = struct {
	sign, half, two float64

	// q(z) is (2·artanh(s)−2s)/s³, interpolated on the Chebyshev nodes of [0, 1/9]. A
	// test computes the coefficients.
	q [10]float64
}{
	sign: math.Copysign(0, -1),
	half: 0.5,
	two:  2,
	q: [10]float64{
		0.6666666666666666, 0.40000000000014585, 0.2857142856710876, 0.22222222717427864, 0.18181789436132859,
		0.15385570064958623, 0.13314144209654935, 0.12001072809590713, 0.08800738486144674, 0.1616404561194353,
	},
}

func softplusGeneric(value, slope, src []float64) (values, slopes float64) {
	var sums, sumsOfSlopes lanes
	for k, z := range src {
		share, f, _ := sigmoid(z)
		s := f / (2 + f)
		square := s * s

		halfSquare := 0.5 * (f * f)
		r := math.FMA(square, horner(square, logarithm.q[:]), halfSquare)
		v := f - math.FMA(-s, r, halfSquare) + max(z, 0)

		value[k], slope[k] = v, share
		sums[k%8] += v
		sumsOfSlopes[k%8] += share
	}

	return sums.reduce(add), sumsOfSlopes.reduce(add)
}
