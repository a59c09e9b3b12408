package formula

import (
	"math"

	"gpwbench/internal/f64"
)

// slopesOf returns the vector of the value's derivatives by a step, or nil if the
// similarities do not move the step.
func (f *frame) slopesOf(k int) []float64 {
	s := &f.steps[k]
	switch {
	case !s.moves:
		return nil
	case s.op == opSimilarity:
		return f.slopes[s.of]
	}
	return f.gathered.at(s.of, s.slopes)
}

// backward adds the derivatives of the value by the similarities to the slopes. It needs
// the values of forward.
func (f *frame) backward() {
	out := f.outputs[0]
	if !f.steps[out].moves {
		return
	}

	clear(f.gathered.memory)
	f.slopesOf(out)[0] = 1
	for k := out; k >= 0; k-- {
		s := &f.steps[k]
		if !s.moves || s.op == opSimilarity {
			continue
		}

		var args, to [3][]float64
		for a := range s.op.arguments() {
			args[a] = f.values(s.args[a])
			if s.op.differentiable(a) {
				to[a] = f.slopesOf(s.args[a])
			}
		}

		p := passing{to: to, own: f.slopesOf(k), values: f.values(k), x: args[0], y: args[1], z: args[2]}
		switch s.op {
		case opSigmoid, opSoftplus:
			p.aside = f.numbers.at(s.of, s.aside)
		case opLSE:
			p.aside = f.numbers.at(f.steps[s.args[0]].of, s.aside)
		}

		p.pass(s.op, s.constant)
	}
}

// A passing is one step whose derivatives are passed on to its arguments.
type passing struct {
	to             [3][]float64 // of the arguments; nil for an argument that does not move
	own, values    []float64
	x, y, z, aside []float64
}

// add1 adds own·f(x) to the slopes of x. A step without derivative passes none on, even
// where f is infinite. So a branch that is not taken, and a closed hinge, contribute
// nothing.
func add1(to, own, x []float64, f func(x float64) float64) {
	own, x = own[:len(to)], x[:len(to)]
	for i := range to {
		if own[i] != 0 {
			to[i] += own[i] * f(x[i])
		}
	}
}

// add2 is add1 for a derivative by two numbers.
func add2(to, own, x, y []float64, f func(x, y float64) float64) {
	own, x, y = own[:len(to)], x[:len(to)], y[:len(to)]
	for i := range to {
		if own[i] != 0 {
			to[i] += own[i] * f(x[i], y[i])
		}
	}
}

func (p *passing) pass(o op, c float64) {
	to := p.to[0]
	switch o {
	case opSpread:
		for _, v := range p.own {
			to[0] += v
		}

	case opShift:
		f64.AddScaled(to, p.own, 1)
	case opScale:
		f64.AddScaled(to, p.own, c)
	case opFrom:
		f64.AddScaled(to, p.own, -1)

	case opSum:
		for i := range to {
			to[i] += p.own[0]
		}

	case opMean:
		share := p.own[0] / float64(len(to))
		for i := range to {
			to[i] += share
		}

	case opLSE:
		if own := p.own[0]; own != 0 {
			f64.AddScaled(to, p.aside, own)
		}

	case opTop, opBottom:
		p.passExtreme()
	case opAdd, opSub, opMul, opDiv, opPow, opMin, opMax, opChoose:
		p.passBinary(o)
	default:
		p.passUnary(o)
	}
}

// passExtreme divides the derivative among the pairs that tie, so that it does not depend
// on their order.
func (p *passing) passExtreme() {
	ties := 0
	for _, v := range p.x {
		if v == p.values[0] {
			ties++
		}
	}

	if p.own[0] == 0 || ties == 0 {
		return
	}
	share := p.own[0] / float64(ties)

	for i, v := range p.x {
		if v == p.values[0] {
			p.to[0][i] += share
		}
	}
}

func (p *passing) passUnary(o op) {
	to, own, x, v := p.to[0], p.own, p.x, p.values
	switch o {
	case opAbs:
		add1(to, own, x, func(x float64) float64 { return truth(x > 0, x <= 0) - truth(x < 0, x >= 0) })
	case opExp:
		add1(to, own, v, func(v float64) float64 { return v })
	case opLog:
		add1(to, own, x, func(x float64) float64 { return 1 / x })
	case opLog1p:
		add1(to, own, x, func(x float64) float64 { return 1 / (1 + x) })
	case opSqrt:
		add1(to, own, v, func(v float64) float64 { return divide(truth(v > 0, v <= 0), 2*v) })
	case opTanh:
		add1(to, own, v, func(v float64) float64 { return (1 - v) * (1 + v) })
	case opRelu:
		add1(to, own, x, func(x float64) float64 { return truth(x > 0, x <= 0) })
	case opSigmoid, opSoftplus:
		add1(to, own, p.aside, func(slope float64) float64 { return slope })
	}
}

func (p *passing) passBinary(o op) {
	if to := p.to[0]; to != nil {
		switch o {
		case opAdd, opSub:
			f64.AddScaled(to, p.own, 1)
		case opMul:
			add1(to, p.own, p.y, func(y float64) float64 { return y })
		case opDiv:
			add2(to, p.own, p.x, p.y, func(x, y float64) float64 { return divide(truth(y != 0, y == 0), y) })
		case opPow:
			add2(to, p.own, p.x, p.y, powerSlopeByBase)
		case opMin:
			add2(to, p.own, p.x, p.y, func(x, y float64) float64 { return truth(x <= y, x > y) })
		case opMax:
			add2(to, p.own, p.x, p.y, func(x, y float64) float64 { return truth(x >= y, x < y) })
		}
	}

	if to := p.to[1]; to != nil {
		switch o {
		case opAdd:
			f64.AddScaled(to, p.own, 1)
		case opSub:
			f64.AddScaled(to, p.own, -1)
		case opMul:
			add1(to, p.own, p.x, func(x float64) float64 { return x })
		case opDiv:
			add2(to, p.own, p.values, p.y, func(v, y float64) float64 { return -divide(v, y) })
		case opPow:
			add2(to, p.own, p.x, p.values, powerSlopeByExponent)
		case opMin:
			add2(to, p.own, p.x, p.y, func(x, y float64) float64 { return truth(y < x, y >= x) })
		case opMax:
			add2(to, p.own, p.x, p.y, func(x, y float64) float64 { return truth(y > x, y <= x) })
		case opChoose:
			add1(to, p.own, p.x, func(t float64) float64 { return t })
		}
	}

	if to := p.to[2]; to != nil {
		add1(to, p.own, p.x, func(t float64) float64 { return 1 - t })
	}
}

// powerSlopeByBase returns the derivative of x^y by x.
func powerSlopeByBase(x, y float64) float64 {
	switch y {
	case 0:
		return 0
	case 2:
		return 2 * x
	}
	return y * math.Pow(x, y-1)
}

// powerSlopeByExponent returns the derivative of v = x^y by y.
func powerSlopeByExponent(x, v float64) float64 {
	if x == 0 && v == 0 {
		return 0
	}
	return v * math.Log(x)
}
