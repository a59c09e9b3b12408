package gpw

import "gpwbench/losses"

// Evaluate makes a loss and evaluates it on a batch. It returns the value L and the
// gradient G = ∂L/∂S, row-major, a row for each anchor and a column for each candidate.
// No entry is −0, whose sign would read as that of a number below 0.
//
// The error is that of [losses.Choice.Loss] or [losses.Choice.CheckBatch], or names what
// is not finite: a term of a formula, or parameters that no float64 can serve.
func Evaluate(c losses.Choice, b *losses.Batch) (value float64, g []float64, err error) {
	if _, err := c.Loss(); err != nil {
		return 0, nil, err
	}
	if err := c.CheckBatch(b); err != nil { // before there is memory for its pairs
		return 0, nil, err
	}
	g = make([]float64, b.Anchors()*b.Candidates())
	value, err = EvaluateTo(g, c, b)
	return value, g, err
}

// EvaluateTo is [Evaluate] with memory for the gradient, which may hold anything before.
// It panics if g has another length.
func EvaluateTo(g []float64, c losses.Choice, b *losses.Batch) (value float64, err error) {
	l, err := c.Loss()
	if err != nil {
		return 0, err
	}
	if err := c.CheckBatch(b); err != nil {
		return 0, err
	}

	losses.CheckLength(b, g)
	clear(g)
	value = positiveZero(l.Eval(b, g))
	for k, v := range g {
		g[k] = positiveZero(v)
	}
	return value, c.CheckFinite(l, b, value, g, "on this batch")
}

// positiveZero returns v, or 0 for −0.
func positiveZero(v float64) float64 {
	if v == 0 {
		return 0
	}
	return v
}
