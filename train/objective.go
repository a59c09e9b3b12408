package train

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// An Objective is a loss as a function of the rows R of a batch of fixed classes, with
// its gradient in R:
//
//	E_i = R_i/‖R_i‖    S = E·Eᵀ    L = loss(S)
//	∂L/∂E = (G + Gᵀ)·E
//	∂L/∂R_i = (∂L/∂E_i − (∂L/∂E_i·E_i)·E_i)/‖R_i‖
//
// It is the part of a training step between the head's product and the gradient of its
// weights, also for rows from another model. One goroutine may use it at a time.
//
// [NewObjective] makes one; Eval of the zero Objective is an error.
//
// The parameters of a losses.Trainable loss keep their initial values, and a
// losses.EpochObserver loss gets no class means.
type Objective struct {
	loss       losses.Loss
	candidates candidates
	means      *means // nil: the loss reads S only

	e       matrix.Matrix // m×dim: R, then E in its place
	lengths []float64     // m: ‖R_i‖
	batch   losses.Batch
	step    Step
}

// NewObjective returns the objective of batches of len(labels) rows of dim coordinates
// with these labels, which it keeps and does not change. The traits are those of the
// loss: with losses.ReadsVectorMeans it gets the means of the rows at length 1. A nil
// loss, no labels, and a dimension below 1 are errors.
func NewObjective(loss losses.Loss, traits losses.Traits, labels []int, dim int) (*Objective, error) {
	switch {
	case loss == nil:
		return nil, errNoLoss
	case len(labels) == 0 || dim < 1:
		return nil, fmt.Errorf("train: an objective of %d rows of %d coordinates: "+
			"give it 1 or more of each", len(labels), dim)
	}

	m := len(labels)
	var pairs candidates = newInBatch(m)
	if slices.IsSorted(labels) {
		pairs = newBatch(loss, m, dim)
	}

	o := newObjective(loss, traits, pairs, m, dim)
	o.step.Labels = labels
	return o, nil
}

// newObjective returns the objective of batches of m rows that are compared with these
// candidates. The caller sets the labels of its step.
func newObjective(
	loss losses.Loss, traits losses.Traits, pairs candidates, m, dim int,
) *Objective {
	most := m * pairs.most()
	o := &Objective{
		loss:       loss,
		candidates: pairs,
		e:          matrix.New(m, dim),
		lengths:    make([]float64, m),
		step:       Step{S: make([]float64, most), G: make([]float64, most)},
	}

	if traits&losses.ReadsVectorMeans != 0 {
		o.means = newMeans(m, pairs.most())
	}
	return o
}

// Eval returns the loss of the rows and writes its gradient in them to gradient. Both are
// m×dim. After the first call it allocates no memory.
//
// Matrices of other shapes, a row that is all zeros or not finite, and a loss or a G that
// is not finite are errors. The gradient is invalid then.
func (o *Objective) Eval(rows, gradient matrix.Matrix) (float64, error) {
	if o == nil || o.loss == nil {
		return 0, errNoLoss
	}
	if err := o.checkShapes(rows, gradient); err != nil {
		return 0, err
	}

	copyRows(o.e, rows)
	if err := o.forward(); err != nil {
		return 0, o.explain(err)
	}
	o.backward(gradient)
	return o.step.Loss, nil
}

func (o *Objective) checkShapes(rows, gradient matrix.Matrix) error {
	e := o.e
	if rows.Rows != e.Rows || rows.Cols != e.Cols ||
		gradient.Rows != e.Rows || gradient.Cols != e.Cols {
		return fmt.Errorf("train: rows %d×%d and gradient %d×%d for an objective of %d×%d",
			rows.Rows, rows.Cols, gradient.Rows, gradient.Cols, e.Rows, e.Cols)
	}
	if err := checkMatrix("the rows", rows); err != nil {
		return err
	}
	return checkMatrix("the gradient", gradient)
}

// explain rewrites an error of forward for rows that the caller gave.
func (o *Objective) explain(err error) error {
	var row *rowError
	var value *valueError
	switch {
	case errors.As(err, &row) && row.zero():
		return fmt.Errorf("train: row %d is all zeros and has no direction: leave it out", row.row)
	case errors.As(err, &row):
		return fmt.Errorf("train: row %d is not finite: look at what computed it", row.row)
	case errors.As(err, &value):
		return fmt.Errorf("train: %w: try smaller scales in its parameters", err)
	}

	return err
}

// forward evaluates the loss of the rows R in o.e: E in their place, S, L and G in
// o.step. Its errors are a *rowError, a *valueError, or those of losses.Batch.ResetCross
// and evaluate.
func (o *Objective) forward() error {
	if err := normalizeRows(o.e, o.lengths); err != nil {
		return err
	}

	s := &o.step
	o.candidates.forward(o.e, s)
	if err := o.batch.ResetCross(s.S, s.Anchors, s.Candidates, s.Self); err != nil {
		return err
	}

	if o.means != nil {
		vectors, _ := o.candidates.vectors(o.e)
		o.means.forward(o.e, vectors)
		o.batch.SetMeans(o.means.anchors, o.means.candidates)
	}

	if err := o.evaluate(); err != nil {
		return err
	}
	if n := losses.CheckFinite(o.loss, &o.batch, s.Loss, s.G); n != nil {
		return &valueError{n}
	}
	return nil
}

// evaluate sets L and G. A loss that says by a panic what it lacks, such as means where
// the traits do not ask for them, is an error.
func (o *Objective) evaluate() (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case string:
			if !strings.HasPrefix(p, "losses: ") {
				panic(p)
			}
			err = errors.New(p)
		default:
			panic(p)
		}
	}()
	o.step.Loss = o.loss.Eval(&o.batch, o.step.G)
	return nil
}

// backward carries G of the last forward to the rows, ∂L/∂R in gradient, and moves those
// candidates that are trained.
func (o *Objective) backward(gradient matrix.Matrix) {
	o.candidates.backward(gradient, o.e, &o.step)
	if o.means != nil {
		_, inBatch := o.candidates.vectors(o.e)
		o.means.backward(gradient, &o.batch, inBatch)
	}
	backThroughLength(gradient, o.e, o.lengths)
}

var errNoLoss = errors.New("train: there is no loss to train with: give one")

// A rowError reports a row without a direction.
type rowError struct {
	row    int
	length float64 // 0, infinite or NaN
}

func (e *rowError) Error() string { return fmt.Sprintf("row %d has the length %v", e.row, e.length) }

func (e *rowError) zero() bool { return e.length == 0 }

// A valueError reports a loss, or a G, that is not finite.
type valueError struct{ *losses.NotFinite }

func (e *valueError) Error() string {
	return fmt.Sprintf("the %s is %v: %s", e.Part, e.Value, e.Why)
}

// normalizeRows divides the rows of e by their lengths, which it writes to lengths. A row
// of length zero or not finite is a *rowError.
func normalizeRows(e matrix.Matrix, lengths []float64) error {
	for i := range lengths {
		lengths[i] = normalize(e.Row(i))
	}

	for i, length := range lengths {
		if length == 0 || math.IsNaN(length) || math.IsInf(length, 0) {
			return &rowError{i, length}
		}
	}
	return nil
}
