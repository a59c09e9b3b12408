package formula

import (
	"math"

	"gpwbench/losses"
)

// An interval bounds the values of a step, for similarities in [−1, 1] and sets of any
// size.
type interval struct{ low, high float64 }

var (
	all     = interval{math.Inf(-1), math.Inf(1)}
	unit    = interval{0, 1}
	anyPlus = interval{0, math.Inf(1)}
)

func (x interval) plus(y interval) interval { return interval{x.low + y.low, x.high + y.high}.sound() }

func (x interval) times(y interval) interval {
	low, high := math.Inf(1), math.Inf(-1)
	for _, a := range []float64{x.low, x.high} {
		for _, b := range []float64{y.low, y.high} {
			v := a * b
			// Also where the other is infinite, because an infinite bound is not reached.
			if a == 0 || b == 0 {
				v = 0
			}

			low, high = min(low, v), max(high, v)
		}
	}

	return interval{low, high}.sound()
}

// sound returns x, or all numbers where rounding or infinities left no bounds.
func (x interval) sound() interval {
	if math.IsNaN(x.low) || math.IsNaN(x.high) {
		return all
	}
	return x
}

func (x interval) or(y interval) interval { return interval{min(x.low, y.low), max(x.high, y.high)} }

// inverse bounds 1/x. Where x can be 0 it includes 0, as division does.
func (x interval) inverse() interval {
	switch {
	case x.low > 0 || x.high < 0:
		return interval{1 / x.high, 1 / x.low}
	case x.low == 0:
		return anyPlus
	case x.high == 0:
		return interval{math.Inf(-1), 0}
	}
	return all
}

// of bounds an increasing function of x.
func (x interval) of(f func(float64) float64) interval { return interval{f(x.low), f(x.high)}.sound() }

// summed bounds the sum of any number of terms, including none.
func (x interval) summed() interval {
	y := interval{0, 0}
	if x.low < 0 {
		y.low = math.Inf(-1)
	}
	if x.high > 0 {
		y.high = math.Inf(1)
	}
	return y
}

func (x interval) power(y interval) interval {
	switch constant := y.low == y.high; {
	case x.low >= 0 && constant && y.low >= 0:
		return x.of(func(v float64) float64 { return math.Pow(v, y.low) })
	case x.low >= 0 || constant && math.Mod(y.low, 2) == 0:
		return anyPlus
	}
	return all
}

// traits returns what can be proved of a weighing program: whether G is the derivative of
// its value, and whether G can have the other sign.
func (p *program) traits() (t losses.Traits) {
	v := p.bounds()
	low := [3]float64{0, math.Inf(1), math.Inf(1)} // of the weights of each set
	if p.exact {
		for _, s := range p.steps {
			if s.op == opDetach {
				t |= losses.Detached
			}
		}

		slopes := p.slopeBounds(v)
		for k, s := range p.steps {
			if s.op == opSimilarity && s.of == positives {
				low[positives] = -slopes[k].high
			} else if s.op == opSimilarity {
				low[negatives] = slopes[k].low
			}
		}
	} else {
		t |= losses.Detached
		low[positives], low[negatives] = v[p.outputs[0]].low, v[p.outputs[1]].low
	}

	if low[positives] < 0 || low[negatives] < 0 {
		t |= losses.SignChanging
	}
	return t
}

// bounds returns the bounds of every step.
func (p *program) bounds() []interval {
	v := make([]interval, len(p.steps))
	for k, s := range p.steps {
		x, y := v[s.args[0]], v[s.args[1]]
		c := interval{s.constant, s.constant}
		switch s.op {
		case opConstant:
			v[k] = c.sound()
		case opSimilarity:
			v[k] = interval{-1, 1}
		case opCount:
			v[k] = anyPlus
		case opSpread, opDetach:
			v[k] = x
		case opShift:
			v[k] = x.plus(c.sound())
		case opScale:
			v[k] = x.times(c.sound())
		case opFrom:
			v[k] = x.times(interval{-1, -1}).plus(c.sound())
		case opAbs:
			v[k] = interval{max(0, x.low, -x.high), max(-x.low, x.high)}

		case opMul:
			v[k] = x.times(y)
			if s.args[0] == s.args[1] {
				v[k].low = max(v[k].low, 0)
			}

		case opChoose:
			v[k] = y.or(v[s.args[2]])
		default:
			v[k] = boundsOf(s.op, x, y)
		}
	}

	return v
}

// boundsOf returns the bounds of a step that has no constant and at most two arguments.
func boundsOf(o op, x, y interval) interval {
	switch o {
	case opAdd:
		return x.plus(y)
	case opSub:
		return x.plus(y.times(interval{-1, -1}))
	case opDiv:
		return x.times(y.inverse())
	case opPow:
		return x.power(y)
	case opMin:
		return interval{min(x.low, y.low), min(x.high, y.high)}
	case opMax:
		return interval{max(x.low, y.low), max(x.high, y.high)}
	case opSum:
		return x.summed()
	case opMean:
		return x.or(interval{0, 0})
	case opTop:
		return interval{math.Inf(-1), x.high}
	case opBottom:
		return interval{x.low, math.Inf(1)}
	case opLSE:
		return all
	case opNot, opLess, opLessEqual, opEqual, opAnd, opOr:
		return unit
	}
	return x.of(increasing[o])
}

// increasing are the functions of one number that never decrease.
var increasing = map[op]func(float64) float64{
	opExp: math.Exp, opLog: func(x float64) float64 { return math.Log(max(x, 0)) }, opLog1p: func(x float64) float64 { return math.Log1p(max(x, -1)) },
	opSqrt: func(x float64) float64 { return math.Sqrt(max(x, 0)) }, opTanh: math.Tanh, opRelu: func(x float64) float64 { return max(x, 0) },
	opSigmoid:  func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
	opSoftplus: func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) },
}

// slopeBounds returns bounds of the value's derivatives by every step. For a step of
// pairs they are those of one pair.
func (p *program) slopeBounds(v []interval) []interval {
	slopes := make([]interval, len(p.steps))
	slopes[p.outputs[0]] = interval{1, 1}
	for k := len(p.steps) - 1; k >= 0; k-- {
		s := p.steps[k]
		for a := range s.op.arguments() {
			if s.moves && s.op.differentiable(a) {
				own := slopes[k]
				if s.op == opSpread {
					own = own.summed()
				}

				to := s.args[a]
				slopes[to] = slopes[to].plus(own.times(p.slope(s, a, v[k], v)))
			}
		}
	}

	return slopes
}

// slope bounds the derivative of a step by its a-th argument.
func (p *program) slope(s step, a int, value interval, v []interval) interval {
	x, y := v[s.args[0]], v[s.args[1]]
	one, minusOne := interval{1, 1}, interval{-1, -1}
	switch s.op {
	case opSpread, opShift, opAdd, opSum:
		return one
	case opScale:
		return interval{s.constant, s.constant}.sound()
	case opFrom:
		return minusOne
	case opSub:
		return []interval{one, minusOne}[a]
	case opMul:
		return []interval{y, x}[a]
	case opDiv:
		return []interval{y.inverse(), value.times(y.inverse()).times(minusOne)}[a]

	case opPow:
		if a == 0 {
			return y.times(x.power(y.plus(minusOne)))
		}
		return all

	case opAbs:
		switch {
		case x.low >= 0:
			return unit
		case x.high <= 0:
			return interval{-1, 0}
		}
		return interval{-1, 1}

	case opExp:
		return value
	case opLog:
		return interval{max(x.low, 0), max(x.high, 0)}.inverse()
	case opLog1p:
		return interval{max(x.low+1, 0), max(x.high+1, 0)}.inverse()
	case opSqrt:
		return anyPlus
	}

	// The slopes of the other ops, and the shares of a mean, of extremes and of a
	// log-sum-exp.
	return unit
}
