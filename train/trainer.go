package train

import (
	"errors"
	"fmt"
	"slices"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
)

// A Trainer trains a head with one loss. One goroutine may use it at a time. [New] makes
// one; the zero Trainer has no head, and its Step is an error.
type Trainer struct {
	features matrix.Matrix
	labels   []int
	advice   string // advice for a training that diverges

	w         Weights   // without rows for head none
	weights   []float32 // the same in one piece
	start     []float32 // w₀ of decay to init; nil without
	pull      float32   // lr·decay
	optimizer optimizer
	average   *average // nil: the present weights are evaluated
	sampler   sampler
	augmenter *augmenter // nil where features are not changed
	head      *headGraph
	objective *Objective
	learner   *learner       // nil for a loss without parameters of its own
	observer  *classObserver // nil for a loss that observes no epochs
}

// A Step is the state of one step before it moved the weights. Its slices are valid until
// the next step.
//
// S and G are exactly those that the loss was given and returned, so the G that is shown
// is the G that trained. They are m×m, of the batch with itself, unless there is a memory
// bank, there are proxies, or the loss is a losses.PairSelector (see [Trainer.Whole]). In
// all cases [losses.NewCross] of S, Anchors, Candidates and Self is the loss's batch,
// except for the means of a loss with the trait losses.ReadsVectorMeans.
type Step struct {
	Index  int     // 0 is the first
	Loss   float64 // of the batch
	Rows   []int   // m: rows of the training features; of a mixture, its first class's
	Labels []int   // m: ascending; a mixture's is that of no training class

	// The classes of the rows and columns of S: Labels, or those of the memory or
	// proxies.
	Anchors, Candidates []int

	Self []int // the column of each anchor itself; nil with proxies

	S, G []float64 // len(Anchors)×len(Candidates), row-major
}

// size sets the labels of the rows and columns of S and G, and their length.
func (s *Step) size(anchors, candidates, self []int) {
	s.Anchors, s.Candidates, s.Self = anchors, candidates, self
	n := len(anchors) * len(candidates)
	s.S, s.G = s.S[:n], s.G[:n]
}

// New returns a trainer on the prepared training features x, a row a sample, and their
// labels. It keeps both and does not change them. Errors are features that are empty or
// not finite, another number of labels, a nil loss, and settings that are invalid or do
// not fit the features or each other.
func New(c Config, x matrix.Matrix, labels []int, loss losses.Loss) (*Trainer, error) {
	if loss == nil {
		return nil, errNoLoss
	}
	if err := checkFeatures(x); err != nil {
		return nil, err
	}
	if err := checkLabels(x, labels); err != nil {
		return nil, err
	}

	t := &Trainer{features: x, labels: labels, advice: "smaller scales in the loss's parameters"}
	var err error
	if t.sampler, err = newSampler(c.Sampler, labels, stream(c.Seed, c.DataKey, "sampler")); err != nil {
		return nil, err
	}
	start, err := c.InitialWeights(x.Cols)
	if err != nil {
		return nil, err
	}
	t.w, t.weights = start.joined()

	m, dim := t.sampler.size(), t.w.Dim(x.Cols)
	if t.augmenter, err = newAugmenter(c, loss, x, labels, m); err != nil {
		return nil, err
	}
	if t.w.trains() {
		if err := t.trainWith(c, loss); err != nil {
			return nil, err
		}
	}

	if t.average, err = newAverage(c, t.weights); err != nil {
		return nil, err
	}

	pairs, err := newCandidates(c, loss, m, dim, labels)
	if err != nil {
		return nil, err
	}

	t.head = newHeadGraph(m, t.w, x.Cols)
	t.objective = newObjective(loss, c.Traits, pairs, m, dim)
	t.observer = newClassObserver(loss, labels, m, dim)

	s := &t.objective.step
	s.Index, s.Rows, s.Labels = -1, make([]int, m), make([]int, m)
	return t, nil
}

// trainWith makes the optimizer of the weights and of the loss's own parameters.
func (t *Trainer) trainWith(c Config, loss losses.Loss) (err error) {
	if t.optimizer, err = newOptimizer(c.Optimizer, len(t.weights)); err != nil {
		return err
	}
	if t.learner, err = newLearner(c.Optimizer, loss, t.labels); err != nil {
		return err
	}

	if c.Head.DecayToInit > 0 {
		t.start, t.pull = slices.Clone(t.weights), float32(c.Optimizer.LR*c.Head.DecayToInit)
	}

	rates := fmt.Sprintf("a lower optimizer.lr than %v", c.Optimizer.LR)
	if c.Proxies.InUse() {
		rates += fmt.Sprintf(" or proxies.lr than %v", c.Proxies.LR)
	}

	if t.learner != nil {
		rates += fmt.Sprintf(" or than %v for the loss's own parameters", t.learner.Rate)
	}

	t.advice = rates + ", or " + t.advice
	return nil
}

// Step draws a batch, evaluates the loss on it and moves the weights; with head none it
// only draws and evaluates. A row that the head maps to zeros, and any result that is not
// finite, are errors that name the step and what to try. After an error the trainer
// cannot be used.
func (t *Trainer) Step() (Step, error) {
	if t == nil || t.objective == nil {
		return Step{}, errors.New("train: a trainer without features and loss; New makes one")
	}

	o := t.objective
	s := &o.step
	s.Index++
	if t.observer != nil && s.Index%t.observer.every == 0 {
		if err := t.observer.embedAll(t); err != nil {
			return Step{}, err
		}
	}

	t.sampler.draw(s.Rows)
	for i, row := range s.Rows {
		s.Labels[i] = t.labels[row]
	}

	if t.augmenter != nil {
		t.augmenter.mix(s.Rows, s.Labels)
	}

	f32.Gather(t.head.x, t.features, s.Rows)
	if t.augmenter != nil {
		t.augmenter.change(t.head.x)
	}

	t.head.forward(o.e, t.w)
	if err := o.forward(); err != nil {
		return Step{}, t.explain(err, s.Rows)
	}

	if t.w.trains() {
		o.backward(t.head.dr)
		if t.learner != nil {
			t.learner.step()
		}
		t.move(t.head.backward(t.w))
	}

	return *s, nil
}

// move moves the weights: first towards their start, then by the optimizer.
func (t *Trainer) move(gradient []float32) {
	for k, w0 := range t.start {
		t.weights[k] -= t.pull * (t.weights[k] - w0)
	}
	t.optimizer.step(t.weights, gradient)
	if t.average != nil {
		t.average.add(t.weights)
	}
}

// Whole returns the last step with all pairs of its batch. A losses.PairSelector loss
// read only some pairs, and the others have no weight. Any other step is returned
// unchanged. The result is valid until the next step.
func (t *Trainer) Whole() Step {
	if t.objective == nil {
		return Step{}
	}
	if b, ok := t.objective.candidates.(*selected); ok {
		return b.whole(t.objective.e, &t.objective.step)
	}
	return t.objective.step
}

// Embed returns the embeddings of prepared features, the outputs of the head in new
// memory, x.Rows×dim. They are not normalised, because only their directions count, and
// rounding would come before a comparison in float64. Features with another number of
// columns are errors, and so are rows that the head maps to zeros or to numbers that are
// not finite.
func (t *Trainer) Embed(x matrix.Matrix) (matrix.Matrix, error) {
	return Embed(x, t.evaluated())
}

// EmbedTo sets e to what [Trainer.Embed] returns, as [EmbedTo] does.
func (t *Trainer) EmbedTo(e, x matrix.Matrix) error { return EmbedTo(e, x, t.evaluated()) }

// Dim is the number of dimensions of the embeddings of so many features.
func (t *Trainer) Dim(features int) int { return t.w.Dim(features) }

// Weights returns a copy of the weights that Embed uses: the present ones or their
// average. With head none they have no rows.
func (t *Trainer) Weights() Weights { return t.evaluated().Clone() }

// evaluated are the weights of the head that is evaluated.
func (t *Trainer) evaluated() Weights {
	if t.average != nil {
		return t.w.on(t.average.w)
	}
	return t.w
}

// explain rewrites an error of Objective.forward for a step on these training rows.
func (t *Trainer) explain(err error, rows []int) error {
	step := t.objective.step.Index
	var row *rowError
	var value *valueError
	switch {
	case errors.As(err, &row) && row.zero() && t.augmenter != nil && t.augmenter.Dropout > 0:
		return fmt.Errorf("train: step %d: training row %d is all zeros after the head "+
			"and has no direction: lower augment.dropout, leave the row out, or preprocess otherwise",
			step, rows[row.row])
	case errors.As(err, &row) && row.zero():
		return fmt.Errorf("train: step %d: training row %d %w", step, rows[row.row], errNoDirection)
	case errors.As(err, &row):
		err = fmt.Errorf("training row %d %w", rows[row.row], errNotFinite)
	case errors.As(err, &value) && losses.ExplainNonFinite(t.objective.loss, &t.objective.batch) != "":
		// The loss is a formula, and no other rate would help.
		return fmt.Errorf("train: step %d: %w", step, err)
	}

	return fmt.Errorf("train: step %d: %w: try %s", step, err, t.advice)
}

var (
	errNoDirection = errors.New("is all zeros after the head and has no direction: " +
		"leave it out, or preprocess otherwise")
	errNotFinite = errors.New("is not finite after the head")
)
