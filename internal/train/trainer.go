package train

import (
	"errors"
	"fmt"
	"math"

	"gpwbench/internal/f32"
	"gpwbench/losses"
)

// A Config is all that training depends on, beside the features and the loss.
type Config struct {
	Head      HeadConfig
	Sampler   SamplerConfig
	Optimizer OptimizerConfig // not looked at for head none
	Memory    MemoryConfig
	Proxies   ProxyConfig
	Relation  losses.Relation // of the loss: a square one takes neither memory nor proxies
	Traits    losses.Traits   // of the loss: one that reads vectors gets their means, and no proxies
	DataKey   string          // checksum of the data set
	Seed      uint64
}

// A Trainer trains a head with one loss. One goroutine may use it at a time.
type Trainer struct {
	features f32.Matrix
	labels   []int
	loss     losses.Loss
	advice   string // what to try when training diverges

	w          f32.Matrix // no rows: head none
	start      []float32  // w₀ of decay to init; nil: none
	pull       float32    // lr·decay
	optimizer  optimizer
	sampler    sampler
	chain      *chain
	candidates candidates
	learner    *learner // nil: the loss has no parameters of its own
	survey     *survey  // nil: the loss asks for none
	means      *means   // nil: the loss reads S only
	batch      losses.Batch
	step       Step // of the last step, in memory that is used again
}

// A Step is what one step saw, before it moved the weights. Its slices are valid until the next step.
//
// S and G are those that the loss was given and gave: the G that is shown is the G that trained. They are m×m, of the batch with itself, unless
// there is a memory bank or proxies, or the loss is a losses.PairSelector one (see [Trainer.Whole]). In all cases [losses.NewCross] of S, Anchors,
// Candidates and Self is the loss's batch, but for the means that a loss with the trait losses.ReadsVectorMeans reads beside it.
type Step struct {
	Index  int     // 0 is the first
	Loss   float64 // of the batch
	Rows   []int   // m: rows of the training features
	Labels []int   // m: ascending

	Anchors, Candidates []int // classes of the rows and columns of S; Labels, or those of the memory or the proxies
	Self                []int // the column of each anchor itself; nil with proxies

	S, G []float64 // row-major
}

// size says what the rows and columns of S and G are, and gives these their length.
func (s *Step) size(anchors, candidates, self []int) {
	s.Anchors, s.Candidates, s.Self = anchors, candidates, self
	s.S, s.G = s.S[:len(anchors)*len(candidates)], s.G[:len(anchors)*len(candidates)]
}

// New returns a trainer on the prepared training features x and their labels, both of which it keeps and does not change.
func New(c Config, x f32.Matrix, labels []int, loss losses.Loss) (*Trainer, error) {
	if err := checkFeatures(x); err != nil {
		return nil, err
	}
	if err := checkLabels(x, labels); err != nil {
		return nil, err
	}
	t := &Trainer{features: x, labels: labels, loss: loss, advice: "smaller scales in the loss's parameters"}
	var err error
	if t.sampler, err = newSampler(c.Sampler, labels, stream(c.Seed, c.DataKey, "sampler")); err != nil {
		return nil, err
	}
	if t.w, err = c.Head.Untrained(x.Cols, c.DataKey, c.Seed); err != nil {
		return nil, err
	}
	dim := x.Cols
	if t.w.Rows > 0 {
		if t.optimizer, err = newOptimizer(c.Optimizer, len(t.w.Data)); err != nil {
			return nil, err
		}
		if c.Head.DecayToInit > 0 {
			t.start, t.pull = t.w.Clone().Data, float32(c.Optimizer.LR*c.Head.DecayToInit)
		}
		dim = t.w.Rows
		rates := fmt.Sprintf("a lower optimizer.lr than %v", c.Optimizer.LR)
		if c.Proxies.PerClass != 0 {
			rates += fmt.Sprintf(" or proxies.lr than %v", c.Proxies.LR)
		}
		if t.learner, err = newLearner(c.Optimizer, loss, labels); err != nil {
			return nil, err
		}
		if t.learner != nil {
			rates += fmt.Sprintf(" or than %v for the loss's own parameters", t.learner.Rate)
		}
		t.advice = rates + ", or " + t.advice
	}
	m := t.sampler.size()
	t.chain = newChain(m, x.Cols, dim)
	if t.candidates, err = newCandidates(c, loss, m, dim, labels); err != nil {
		return nil, err
	}
	t.survey = newSurvey(loss, labels, m, dim)
	if c.Traits&losses.ReadsVectorMeans != 0 {
		t.means = newMeans(m, t.candidates.most())
	}
	most := m * t.candidates.most()
	t.step = Step{Index: -1, Rows: make([]int, m), Labels: make([]int, m), S: make([]float64, most), G: make([]float64, most)}
	return t, nil
}

// checkLength says what is wrong with a training row whose embedding has that length before it is normalised.
func (t *Trainer) checkLength(row int, length float64) error {
	switch {
	case length == 0:
		return fmt.Errorf("train: step %d: training row %d %w", t.step.Index, row, errNoDirection)
	case math.IsNaN(length) || math.IsInf(length, 0):
		return t.fail(fmt.Errorf("training row %d %w", row, errNotFinite))
	}
	return nil
}

// Step draws a batch, evaluates the loss on it and moves the weights. After an error the trainer is of no more use. With head none
// it draws and evaluates only.
func (t *Trainer) Step() (Step, error) {
	s := &t.step
	s.Index++
	if t.survey != nil && s.Index%t.survey.every == 0 {
		if err := t.survey.take(t); err != nil {
			return Step{}, err
		}
	}
	t.sampler.draw(s.Rows)
	for i, row := range s.Rows {
		s.Labels[i] = t.labels[row]
	}
	f32.Gather(t.chain.x, t.features, s.Rows)
	t.chain.forward(t.w)
	for i, length := range t.chain.lengths {
		if err := t.checkLength(s.Rows[i], length); err != nil {
			return Step{}, err
		}
	}
	t.candidates.compare(t.chain, s)
	if err := t.batch.ResetCross(s.S, s.Anchors, s.Candidates, s.Self); err != nil {
		return Step{}, t.fail(err)
	}
	vectors, itself := t.candidates.vectors(t.chain)
	if t.means != nil {
		t.means.read(t.chain.e, vectors)
		t.batch.SetMeans(t.means.anchors, t.means.candidates)
	}
	s.Loss = t.loss.Eval(&t.batch, s.G)
	if n := losses.CheckFinite(t.loss, &t.batch, s.Loss, s.G); n != nil {
		err := fmt.Errorf("the %s is %v: %s", n.Part, n.Value, n.Why)
		if losses.ExplainNonFinite(t.loss, &t.batch) != "" { // a formula: no other rate would mend it
			return Step{}, fmt.Errorf("train: step %d: %w", s.Index, err)
		}
		return Step{}, t.fail(err)
	}
	if t.w.Rows > 0 {
		t.candidates.learn(t.chain, s)
		if t.means != nil {
			t.means.learn(t.chain.de, &t.batch, itself)
		}
		if t.learner != nil {
			t.learner.step()
		}
		t.move(t.chain.backward())
	}
	return *s, nil
}

// Whole returns the last step with all pairs of its batch: a losses.PairSelector loss looked at some only, and the others have no weight. Any other
// step it returns as it was. The result is valid until the next step.
func (t *Trainer) Whole() Step {
	if b, ok := t.candidates.(*selected); ok {
		return b.whole(t.chain, &t.step)
	}
	return t.step
}

func (t *Trainer) move(gradient f32.Matrix) {
	for k, w0 := range t.start {
		t.w.Data[k] -= t.pull * (t.w.Data[k] - w0)
	}
	t.optimizer.step(t.w.Data, gradient.Data)
}

// fail says at which step training ended and what to try.
func (t *Trainer) fail(err error) error {
	return fmt.Errorf("train: step %d: %w: try %s", t.step.Index, err, t.advice)
}

var (
	errNoDirection = errors.New("is all zeros after the head and has no direction: leave it out, or preprocess otherwise")
	errNotFinite   = errors.New("is not finite after the head")
)

// Embed returns the embeddings of prepared features, the outputs of the head in new
// memory. Their directions count; they are not normalised, so that no rounding comes
// between them and a comparison in float64. It refuses a row that the head maps to zeros.
func (t *Trainer) Embed(x f32.Matrix) (f32.Matrix, error) {
	return Embed(x, t.w)
}

// Weights returns a copy of the head's weights W, dim×features; with head none it has no rows.
func (t *Trainer) Weights() f32.Matrix { return t.w.Clone() }
