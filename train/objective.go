package train

import (
	"fmt"
	"math"
	"slices"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// An Objective is a loss as a function of the rows R of a batch of fixed classes, with its gradient in R:
//
//	E_i = R_i/‖R_i‖    S = E·Eᵀ    L = loss(S)    ∂L/∂E = (G + Gᵀ)·E    ∂L/∂R by backThroughLength
//
// It is the part of a step between the head's product and the gradient of its weights, for whoever has rows of their own. One goroutine may use it
// at a time. A losses.Trainable loss stands at its start, and a losses.EpochObserver one goes without a survey.
type Objective struct {
	loss  losses.Loss
	way   chain // its x and de are the caller's in Eval
	pairs candidates
	means *means // nil: the loss reads S only
	batch losses.Batch
	step  Step
}

// NewObjective returns the objective of batches of rows of dim coordinates with these labels, which it keeps and does not change. The traits are the
// loss's: one that reads vectors gets their means.
func NewObjective(loss losses.Loss, traits losses.Traits, labels []int, dim int) *Objective {
	m := len(labels)
	o := &Objective{
		loss: loss, way: chain{e: matrix.New(m, dim), lengths: make([]float64, m)},
		step: Step{Labels: labels, S: make([]float64, m*m), G: make([]float64, m*m)},
	}
	o.pairs = newItself(m)
	if slices.IsSorted(labels) {
		o.pairs = newBatch(loss, m, dim)
	}
	if traits&losses.ReadsVectorMeans != 0 {
		o.means = newMeans(m, m)
	}
	return o
}

// Eval returns the loss of the rows and writes its gradient in them to gradient. Both matrices have a row for every label. A row without a direction and
// a loss that is not finite are errors, and then the gradient is of no use. After the first call it allocates no memory.
func (o *Objective) Eval(rows, gradient matrix.Matrix) (float64, error) {
	if e := o.way.e; rows.Rows != e.Rows || rows.Cols != e.Cols || gradient.Rows != e.Rows || gradient.Cols != e.Cols {
		panic(fmt.Sprintf("train: rows %d×%d and gradient %d×%d for an objective of %d×%d",
			rows.Rows, rows.Cols, gradient.Rows, gradient.Cols, e.Rows, e.Cols))
	}
	c, s := &o.way, &o.step
	c.x, c.de = rows, gradient
	c.forward(matrix.Matrix{})
	for i, length := range c.lengths {
		switch {
		case length == 0:
			return 0, fmt.Errorf("train: row %d is all zeros and has no direction: leave it out", i)
		case math.IsNaN(length) || math.IsInf(length, 0):
			return 0, fmt.Errorf("train: row %d is not finite: look at what computed it", i)
		}
	}
	o.pairs.compare(c, s)
	if err := o.batch.ResetCross(s.S, s.Anchors, s.Candidates, s.Self); err != nil {
		return 0, err
	}
	if o.means != nil {
		o.means.read(c.e, c.e)
		o.batch.SetMeans(o.means.anchors, o.means.candidates)
	}
	s.Loss = o.loss.Eval(&o.batch, s.G)
	if n := losses.CheckFinite(o.loss, &o.batch, s.Loss, s.G); n != nil {
		return 0, fmt.Errorf("train: the %s is %v: %s: try smaller scales in its parameters", n.Part, n.Value, n.Why)
	}
	o.pairs.learn(c, s)
	if o.means != nil {
		o.means.learn(c.de, &o.batch, true)
	}
	backThroughLength(c.de, c.e, c.lengths)
	return s.Loss, nil
}
