package formula

import (
	"math"

	"gpwbench/internal/f64"
)

// A frame is a program at one anchor: the similarities, the slopes of the value by them,
// and memory for the steps.
type frame struct {
	*program
	numbers  block        // the values, and what derivatives need beside them
	gathered block        // the slopes
	sims     [3][]float64 // of positives and of negatives
	slopes   [3][]float64 // likewise; not read by a program without a derivative
}

// A block is memory for vectors of each set.
type block struct {
	memory       []float64
	from, length [3]int // offsets of a set's first vector, and length of each of its vectors
}

func blockOf(memory []float64, e extent, pos, neg int) block {
	return block{memory[:e.floats(pos, neg)], [3]int{0, e[anchor], e[anchor] + e[positives]*pos}, [3]int{1, pos, neg}}
}

// at returns the k-th vector of a set.
func (b *block) at(of set, k int) []float64 {
	n := b.length[of]
	from := b.from[of] + k*n
	return b.memory[from : from+n : from+n]
}

func (f *frame) values(k int) []float64 {
	s := &f.steps[k]
	if s.op == opSimilarity {
		return f.sims[s.of]
	}
	return f.numbers.at(s.of, s.values)
}

// forward computes the values of all steps.
func (f *frame) forward() {
	for k := range f.steps {
		s := &f.steps[k]
		if s.op == opSimilarity {
			continue
		}

		var args [3][]float64
		for a := range s.op.arguments() {
			args[a] = f.values(s.args[a])
		}

		var aside []float64
		switch s.op {
		case opSigmoid, opSoftplus:
			aside = f.numbers.at(s.of, s.aside)
		case opLSE:
			aside = f.numbers.at(f.steps[s.args[0]].of, s.aside)
		}

		evaluate(s.op, s.constant, f.values(k), args[0], args[1], args[2], aside)
	}
}

// fold evaluates a step whose arguments are constants.
func fold(o op, steps []step, of []int) float64 {
	var args [3][]float64
	for k, a := range of {
		args[k] = []float64{steps[a].constant}
	}
	var to, aside [1]float64
	evaluate(o, 0, to[:], args[0], args[1], args[2], aside[:])
	return to[0]
}

func map1(to, x []float64, f func(x float64) float64) {
	x = x[:len(to)]
	for i := range to {
		to[i] = f(x[i])
	}
}

func map2(to, x, y []float64, f func(x, y float64) float64) {
	x, y = x[:len(to)], y[:len(to)]
	for i := range to {
		to[i] = f(x[i], y[i])
	}
}

// evaluate computes one step. True is 1 and false 0. A comparison with NaN is NaN, so
// that NaN reaches the result.
func evaluate(o op, c float64, to, x, y, z, aside []float64) {
	switch o {
	case opConstant:
		to[0] = c
	case opCount:
		to[0] = float64(len(x))

	case opSpread:
		for i := range to {
			to[i] = x[0]
		}

	case opShift:
		f64.Scale(to, x[:len(to)], 1, -c)
	case opScale:
		f64.Scale(to, x[:len(to)], c, 0)
	case opFrom:
		map1(to, x, func(x float64) float64 { return c - x })
	case opAdd:
		map2(to, x, y, func(x, y float64) float64 { return x + y })
	case opSub:
		map2(to, x, y, func(x, y float64) float64 { return x - y })
	case opMul:
		map2(to, x, y, func(x, y float64) float64 { return x * y })
	case opDiv:
		map2(to, x, y, divide)
	case opPow:
		map2(to, x, y, power)
	case opMin:
		map2(to, x, y, func(x, y float64) float64 { return min(x, y) })
	case opMax:
		map2(to, x, y, func(x, y float64) float64 { return max(x, y) })

	case opChoose:
		z = z[:len(to)]
		for i, t := range x[:len(to)] {
			switch t {
			case 1:
				to[i] = y[i]
			case 0:
				to[i] = z[i]
			default:
				to[i] = t
			}
		}

	case opDetach:
		copy(to, x)
	case opSum, opMean, opTop, opBottom, opLSE:
		to[0] = pool(o, x, aside)
	case opNot, opLess, opLessEqual, opEqual, opAnd, opOr:
		decide(o, to, x, y)
	default:
		transform(o, to, x, aside)
	}
}

// transform computes the functions of one number.
func transform(o op, to, x, aside []float64) {
	switch o {
	case opAbs:
		map1(to, x, math.Abs)
	case opExp:
		f64.Exp(to, x[:len(to)])
	case opLog:
		map1(to, x, math.Log)
	case opLog1p:
		map1(to, x, math.Log1p)
	case opSqrt:
		map1(to, x, math.Sqrt)
	case opTanh:
		map1(to, x, math.Tanh)
	case opRelu:
		map1(to, x, func(x float64) float64 { return max(x, 0) })
	case opSigmoid:
		f64.Sigmoid(to, aside[:len(to)], x[:len(to)])
	case opSoftplus:
		f64.Softplus(to, aside[:len(to)], x[:len(to)])
	}
}

func divide(x, y float64) float64 {
	if x == 0 && y == 0 {
		return 0
	}
	return x / y
}

// power returns x^y, and NaN if either is NaN. [math.Pow] has NaN⁰ = 1^NaN = 1, which
// would hide it.
func power(x, y float64) float64 {
	switch {
	case y == 2:
		return x * x
	case math.IsNaN(x) || math.IsNaN(y):
		return math.NaN()
	}
	return math.Pow(x, y)
}

// decide computes the conditions.
func decide(o op, to, x, y []float64) {
	switch o {
	case opNot:
		map1(to, x, func(x float64) float64 { return 1 - x })
	case opLess:
		map2(to, x, y, func(x, y float64) float64 { return truth(x < y, x >= y) })
	case opLessEqual:
		map2(to, x, y, func(x, y float64) float64 { return truth(x <= y, x > y) })
	case opEqual:
		map2(to, x, y, func(x, y float64) float64 { return truth(x == y, x < y || x > y) })
	case opAnd:
		map2(to, x, y, func(x, y float64) float64 { return min(x, y) })
	case opOr:
		map2(to, x, y, func(x, y float64) float64 { return max(x, y) })
	}
}

func truth(yes, no bool) float64 {
	switch {
	case yes:
		return 1
	case no:
		return 0
	}
	return math.NaN()
}

// pool computes one number from the pairs of a set.
func pool(o op, x, aside []float64) float64 {
	switch o {
	case opSum, opMean:
		sum := f64.Sum(x)
		if o == opMean {
			return divide(sum, float64(len(x)))
		}
		return sum

	case opBottom:
		bottom := math.Inf(1)
		for _, v := range x {
			bottom = min(bottom, v)
		}
		return bottom
	}

	top := math.Inf(-1)
	for _, v := range x {
		top = max(top, v)
	}

	if o == opTop {
		return top
	}
	aside = aside[:len(x)]
	if math.IsInf(top, 0) {
		clear(aside)
		return top
	}

	sum := f64.ExpSum(aside, x, top)
	f64.Scale(aside, aside, 1/sum, 0)
	return top + math.Log(sum)
}
