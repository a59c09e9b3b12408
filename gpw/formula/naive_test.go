package formula

import "math"

// A naive evaluation walks the tree for one pair at a time, from the definitions.
type naive struct {
	params   map[string]float64
	pos, neg []float64
	near     bool // a comparison or a hinge was so near that a step of finite differences, or rounding, may cross it
}

func (n *naive) number(e *expr, s float64) float64 {
	arg := func(k int) float64 { return n.number(e.args[k], s) }
	switch e.kind {
	case number:
		return e.value
	case name:
		switch e.text {
		case "s":
			return s
		case "count_pos":
			return float64(len(n.pos))
		case "count_neg":
			return float64(len(n.neg))
		}
		return n.params[e.text]
	case operator:
		x := arg(0)
		switch e.text {
		case minus:
			return -x
		case "+":
			return x + arg(1)
		case "-":
			return x - arg(1)
		case "*":
			return x * arg(1)
		case "/":
			y := arg(1)
			n.compare(y, 0)
			return divide(x, y)
		}
		n.compare(x, 0)
		return math.Pow(x, arg(1))
	}
	switch e.text {
	case "abs":
		n.compare(arg(0), 0)
		return math.Abs(arg(0))
	case "exp":
		return math.Exp(arg(0))
	case "log":
		n.compare(arg(0), 0)
		return math.Log(arg(0))
	case "log1p":
		return math.Log1p(arg(0))
	case "sqrt":
		n.compare(arg(0), 0)
		return math.Sqrt(arg(0))
	case "tanh":
		return math.Tanh(arg(0))
	case "sigmoid":
		return 1 / (1 + math.Exp(-arg(0)))
	case "softplus":
		return max(arg(0), 0) + math.Log1p(math.Exp(-math.Abs(arg(0))))
	case "relu":
		n.compare(arg(0), 0)
		return max(arg(0), 0)
	case "detach":
		return arg(0)
	case "min":
		n.compare(arg(0), arg(1))
		return min(arg(0), arg(1))
	case "max":
		n.compare(arg(0), arg(1))
		return max(arg(0), arg(1))
	case "if":
		if n.condition(e.args[0], s) {
			return arg(1)
		}
		return arg(2)
	}
	return n.pool(e)
}

func (n *naive) pool(e *expr) float64 {
	pairs := n.neg
	if setOf(e.text) == positives {
		pairs = n.pos
	}
	sum, top, bottom := 0.0, math.Inf(-1), math.Inf(1)
	var x []float64
	for _, s := range pairs {
		v := 0.0
		if e.text[:len(e.text)-4] != "count" {
			v = n.number(e.args[0], s)
		} else if n.condition(e.args[0], s) {
			v = 1
		}
		x = append(x, v)
		sum, top, bottom = sum+v, max(top, v), min(bottom, v)
	}
	switch e.text[:len(e.text)-4] {
	case "mean":
		if len(x) == 0 {
			return 0
		}
		return sum / float64(len(x))
	case "max", "min":
		end := top
		if e.text[:3] == "min" {
			end = bottom
		}
		ties := 0
		for _, v := range x {
			if math.Abs(v-end) < 1e-3 {
				ties++
			}
		}
		n.near = n.near || ties > 1
		return end
	case "lse":
		total := 0.0
		for _, v := range x {
			total += math.Exp(v - top)
		}
		return top + math.Log(total)
	}
	return sum
}

func (n *naive) compare(x, y float64) { n.near = n.near || !(math.Abs(x-y) > 1e-3) }

func (n *naive) condition(e *expr, s float64) bool {
	switch e.text {
	case "not":
		return !n.condition(e.args[0], s)
	case "and", "or":
		x, y := n.condition(e.args[0], s), n.condition(e.args[1], s)
		return x && y || e.text == "or" && (x || y)
	}
	x, y := n.number(e.args[0], s), n.number(e.args[1], s)
	n.compare(x, y)
	switch e.text {
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	case ">=":
		return x >= y
	case "==":
		return x == y
	}
	return x != y
}
