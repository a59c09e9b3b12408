package verification

import (
	"cmp"
	"context"
	"fmt"

	"gpwbench/benchmarks/retrieval"
)

const (
	// directWork is the number of multiplications up to which all pairs are computed in
	// float64, about six seconds of one core: 30 million pairs of 2,048 dimensions.
	directWork = 1 << 36

	// tolerance is the part of the AUC that float32 may leave open.
	tolerance = 1e-3

	// keptPositives is the number of positive pairs that are kept, at about 60 bytes
	// each.
	keptPositives = 1 << 23

	// mostDecided is the number of negatives that the second pass computes in float64,
	// about ten seconds of one core. Beyond it, the figures of operating points have a
	// range.
	mostDecided = 1 << 26
)

// Evaluate verifies all pairs of rows of x. It refuses rows without a direction, and
// sets without a positive or without a negative pair.
//
// A pass takes N²·D/2 multiplications; there are at most two, and one more with
// Options.OPIS. The memory beside x is its directions in float32, 65 bytes a row, 60
// bytes for every positive pair up to [keptPositives], and 6 MB for each core. Results
// are the same to the bit for any number of cores. When ctx ends, Evaluate returns its
// error.
func Evaluate(ctx context.Context, x retrieval.Vectors, labels []int, o Options) (*Scores, error) {
	p, err := retrieval.PairsOf(x, labels)
	if err != nil {
		return nil, err
	}
	return evaluate(cmp.Or(ctx, context.Background()), p, o)
}

// EvaluateGallery verifies all pairs of a row of q and a row of g. Otherwise it is the
// same as [Evaluate]. A row that is in both is a pair with itself, because only its
// index could tell it from a duplicate.
func EvaluateGallery(ctx context.Context, q retrieval.Vectors, ql []int, g retrieval.Vectors, gl []int, o Options) (*Scores, error) {
	p, err := retrieval.PairsBetween(q, ql, g, gl)
	if err != nil {
		return nil, err
	}
	return evaluate(cmp.Or(ctx, context.Background()), p, o)
}

func evaluate(ctx context.Context, p *retrieval.Pairs, o Options) (*Scores, error) {
	if o.Sample < 0 {
		return nil, fmt.Errorf("verification: a sample of %d pairs: the number is at least 1, and 0 counts all pairs", o.Sample)
	}
	for _, f := range o.FARs {
		if !(f >= 0 && f <= 1) {
			return nil, fmt.Errorf("verification: a false accept rate of %v: it is a share, between 0 and 1", f)
		}
	}

	s := &Scores{FARs: o.FARs}
	s.Positives, s.Negatives = p.Count()
	switch {
	case s.Positives == 0:
		return nil, fmt.Errorf("verification: no two rows %sare of one class, so there is no positive pair", between(p))
	case s.Negatives == 0:
		return nil, fmt.Errorf("verification: all rows are of one class, so there is no negative pair")
	}

	p.Compared(o.Compared)
	e := &evaluation{ctx: ctx, pairs: p, options: o, scores: s}
	if err := e.run(); err != nil {
		return nil, err
	}
	return s, nil
}

func between(p *retrieval.Pairs) string {
	if p.Self() {
		return ""
	}
	return "of queries and gallery "
}

type evaluation struct {
	ctx     context.Context
	pairs   *retrieval.Pairs
	options Options
	scores  *Scores
	curve   *curve
}

func (e *evaluation) run() error {
	if n := e.options.Sample; n > 0 && int64(n) < e.scores.Negatives {
		return e.sample()
	}
	if err := e.all(); err != nil || !e.options.OPIS {
		return err
	}
	return e.inconsistency()
}

// all counts all pairs and answers from their counts.
func (e *evaluation) all() error {
	var l *layout
	if e.scores.Positives <= int64(cmp.Or(e.options.kept, keptPositives)) {
		ts, err := distances(e.ctx, e.pairs, e.options.workers)
		if err != nil {
			return err
		}
		l = newLayout(grouped(e.pairs, ts))
	}

	work := float64(e.scores.Positives+e.scores.Negatives) * float64(e.pairs.Cols())
	if e.options.force == directly || e.options.force == bySize && work <= directWork {
		return e.directly(l)
	}

	c, err := e.count(l, nil, false)
	if err != nil {
		return err
	}
	if auc := c.auc(); auc.High-auc.Low > 2*cmp.Or(e.options.open, tolerance) {
		return e.directly(l)
	}

	e.curve = c
	e.answer(c)
	if l == nil || e.options.AUCOnly {
		return nil
	}
	return e.resolve(c, l)
}

// directly computes all negatives in float64.
func (e *evaluation) directly(l *layout) error {
	c, err := e.count(l, nil, true)
	if err != nil {
		return err
	}
	e.curve, e.scores.Direct = c, true
	e.answer(c)
	return nil
}

// count makes a pass over all pairs.
func (e *evaluation) count(l *layout, resolve []bool, wide bool) (*curve, error) {
	pass := &count{pairs: e.pairs, layout: l, resolve: resolve, wide: wide}
	if err := pass.run(e.ctx, e.options.workers); err != nil {
		return nil, err
	}

	wrong := e.pairs.Error32()
	if wide {
		wrong = 0
	}
	if l == nil {
		return binned(pass.positives, pass.negatives, wrong), nil
	}
	return newCurve(l, pass.negatives, pass.cells, wrong), nil
}

// resolve makes the second pass: the negatives on whose side of a positive an operating
// point depends are computed in float64.
func (e *evaluation) resolve(c *curve, l *layout) error {
	open := make([]bool, bins)
	for _, s := range e.open(c) {
		for g := max(s.first, 0); g <= s.last; g++ {
			for b := bin(c.groups[g].low - c.wrong); b <= bin(c.groups[g].high+c.wrong); b++ {
				open[b] = true
			}
		}
	}

	for b, open := range open {
		if open {
			e.scores.Decided += c.upTo[b+1] - c.upTo[b]
		}
	}
	if e.scores.Decided == 0 || e.scores.Decided > mostDecided {
		e.scores.Decided = 0
		return nil
	}

	decided, err := e.count(l, open, false)
	if err != nil {
		return err
	}
	auc := e.scores.AUC
	decided.wrong = 0 // of the operating points
	e.answer(decided)
	e.scores.AUC = auc
	return nil
}

// open returns the groups on which the operating points depend.
func (e *evaluation) open(c *curve) []span {
	spans := append(c.eerOpen(), c.bestOpen(e.accuracy(c))...)
	spans = append(spans, c.bestOpen(c.balanced())...)
	for _, far := range e.options.FARs {
		spans = append(spans, c.tarAtFAROpen(far)...)
	}
	return spans
}

// answer sets the figures.
func (e *evaluation) answer(c *curve) {
	s := e.scores
	s.AUC, s.EER = c.auc(), c.eer()
	s.Accuracy, s.Balanced = c.best(e.accuracy(c)), c.best(c.balanced())
	s.AtFAR = nil
	for _, far := range e.options.FARs {
		s.AtFAR = append(s.AtFAR, c.tarAtFAR(far))
	}
}

// accuracy is that of all pairs, whether or not all are in the curve.
func (e *evaluation) accuracy(c *curve) share {
	return c.accuracy(e.scores.Positives, e.scores.Negatives)
}
