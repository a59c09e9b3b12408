package formula

import "slices"

// The functions that a formula can call: first those of numbers, then those of an
// anchor's pairs.

var functions = []struct {
	name, usage, doc string
	op               op
	args             int // −1: two or more
}{
	{"abs", "abs(x)", "absolute value; its derivative at 0 is 0", opAbs, 1},
	{"exp", "exp(x)", "exponential; infinite for x > 709", opExp, 1},
	{"log", "log(x)", "natural logarithm", opLog, 1},
	{"log1p", "log1p(x)", "log(1 + x), exact for small x", opLog1p, 1},
	{"sqrt", "sqrt(x)", "square root; its derivative at 0 is taken as 0", opSqrt, 1},
	{"tanh", "tanh(x)", "hyperbolic tangent", opTanh, 1},
	{"sigmoid", "sigmoid(x)", "1/(1 + e^−x), without overflow", opSigmoid, 1},
	{"softplus", "softplus(x)", "log(1 + e^x), without overflow", opSoftplus, 1},
	{"relu", "relu(x)", "max(x, 0), the hinge; its derivative at 0 is 0", opRelu, 1},
	{"min", "min(x, y, …)", "the smallest; where two are equal, the first is the one with a derivative", opMin, -1},
	{"max", "max(x, y, …)", "the largest; where two are equal, the first is the one with a derivative", opMax, -1},
	{"if", "if(condition, x, y)", "x where the condition holds, and y elsewhere", opChoose, 3},
	{"detach", "detach(x)", "x, held constant in the derivative", opDetach, 1},
}

var aggregates = []struct {
	name, argument, doc string
	op                  op
}{
	{"sum", "x", "the sum over the anchor's pairs; of none, 0", opSum},
	{"mean", "x", "the mean; of none, 0", opMean},
	{"max", "x", "the largest; of none, −∞; pairs that tie share the derivative", opTop},
	{"min", "x", "the smallest; of none, ∞; pairs that tie share the derivative", opBottom},
	{"lse", "x", "log Σ e^x, without overflow; of none, −∞. softplus(lse_neg(x)) is log(1 + Σ e^x)", opLSE},
	{"count", "condition", "how many pairs fulfil the condition; count_pos and count_neg alone count all", opSum},
}

// reserved returns the names that cannot be parameters.
func reserved() []string {
	names := []string{"s", "and", "or", "not"}
	for _, f := range functions {
		names = append(names, f.name)
	}
	return append(names, aggregateNames()...)
}

func aggregateNames() []string {
	var names []string
	for _, f := range aggregates {
		names = append(names, f.name+"_pos", f.name+"_neg")
	}
	return names
}

func callable() []string {
	var names []string
	for _, f := range functions {
		names = append(names, f.name)
	}
	names = append(names, aggregateNames()...)
	slices.Sort(names)
	return names
}
