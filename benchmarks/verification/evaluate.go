package verification

import (
	"cmp"
	"context"
	"fmt"

	"gpwbench/benchmarks/retrieval"
)

const (
	// directWork is the number of multiplications up to which all pairs are computed in
	// float64, some seconds of one core: 33 million pairs of 512 dimensions, those of the
	// test rows of Cars-196.
	directWork = 1 << 34

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
// The first pass takes N²·D/2 multiplications. A second is for the pairs that figures
// depend on: where a small sample has foreseen them, they are marked in a temporary file
// of N²/16 bytes, up to 1 GiB, and computed alone, or else it computes all pairs again.
// Where the first pass is in float64, the second, in float32 where that decides, is made
// for Options.OPIS alone. The memory beside x is its directions in float32, 65 bytes a
// row, 60 bytes for every positive pair up to [keptPositives], and for each core 10 MB,
// 32 bytes a row and for Options.OPIS 1,600 a class. Results are the same to the bit for
// any number of cores. When ctx ends, Evaluate returns its error.
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

	e := &evaluation{ctx: ctx, pairs: p, options: o, scores: s, progress: &progress{pairs: p, tell: o.Compared}}
	if err := e.run(); err != nil {
		return nil, err
	}
	e.progress.end()
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
	spared  bool // the second pass computed the marked pairs alone

	progress *progress
}

func (e *evaluation) run() error {
	if n := e.options.Sample; n > 0 && int64(n) < e.scores.Negatives {
		return e.sample()
	}
	return e.all()
}

// all counts all pairs and answers from their counts.
func (e *evaluation) all() error {
	var l *layout
	e.progress.pass(0)
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

	m := e.foresee(l)
	if m != nil {
		defer m.file.Close()
	}
	e.progress.pass(e.first(m))
	c, negatives, err := e.count(l, false, m)
	if err != nil {
		return err
	}
	if auc := c.auc(); auc.High-auc.Low > 2*cmp.Or(e.options.open, tolerance) {
		return e.directly(l)
	}

	e.answer(c)
	return e.again(c, l, negatives, m)
}

// first returns the part of the first pass in the time of both.
func (e *evaluation) first(m *marks) float64 {
	switch {
	case e.options.AUCOnly && !e.options.OPIS:
		return 1
	case m != nil:
		return 0.65
	}
	return 0.5
}

// directly computes all negatives in float64.
func (e *evaluation) directly(l *layout) error {
	e.progress.pass(e.first(nil))
	c, _, err := e.count(l, true, nil)
	if err != nil {
		return err
	}
	e.scores.Direct = true
	e.answer(c)

	if u := e.utilities(c); u != nil {
		e.progress.pass(1 - e.first(nil))
		pass := &second{pairs: e.pairs, utilities: u}
		if err := pass.run(e.ctx, e.options.workers); err != nil {
			return err
		}
		e.inconsistency(u)
	}
	return nil
}

// count makes a pass over all pairs. It also returns the negatives of each bin.
func (e *evaluation) count(l *layout, wide bool, m *marks) (*curve, []int64, error) {
	pass := &count{pairs: e.pairs, layout: l, wide: wide, marks: m}
	if err := pass.run(e.ctx, e.options.workers); err != nil {
		return nil, nil, err
	}

	wrong := e.pairs.Error32()
	if wide {
		wrong = 0
	}
	if l == nil {
		return binned(pass.positives, pass.negatives, wrong), pass.negatives, nil
	}
	return newCurve(l, pass.negatives, pass.cells, wrong), pass.negatives, nil
}

// again makes the second pass for what depends on the first: the negatives on whose side
// of a positive an operating point depends, and the utilities of classes.
func (e *evaluation) again(c *curve, l *layout, negatives []int64, m *marks) error {
	open := e.openBins(c, l)
	u := e.utilities(c)
	if open == nil && u == nil {
		return nil
	}

	pass := &second{pairs: e.pairs, layout: l, open: open, utilities: u}
	if m != nil && !m.failed.Load() && e.marked(m, open, u) {
		pass.marks, e.spared = m, true
	}
	e.progress.pass(1 - e.first(m))
	if err := pass.run(e.ctx, e.options.workers); err != nil {
		return err
	}

	if open != nil {
		for b := range negatives {
			switch {
			case pass.marks != nil:
				if m.has(b) {
					negatives[b] = 0
				}
				negatives[b] += pass.bins[b]
			case open[b]:
				negatives[b] = 0 // they are in cells
			}
		}
		auc := e.scores.AUC
		e.answer(newCurve(l, negatives, pass.cells, 0)) // of the operating points
		e.scores.AUC = auc
		e.scores.Decided = pass.decided
	}
	if u != nil {
		e.inconsistency(u)
	}
	return nil
}

// marked reports whether all pairs that the second pass must look at are marked.
func (e *evaluation) marked(m *marks, open []bool, u *utilities) bool {
	for b, open := range open {
		if open && !m.has(b) {
			return false
		}
	}
	return u == nil || m.ranges[0].from == 0 && m.ranges[0].to > bin(u.last()+e.wrong())
}

// openBins returns the bins whose negatives are to be computed in float64, or nil if
// there are none or too many.
func (e *evaluation) openBins(c *curve, l *layout) []bool {
	if l == nil || e.options.AUCOnly {
		return nil
	}

	// Which groups are open must not change where the second pass rounds otherwise.
	wider := *c
	wider.wrong = e.wrong()
	open := make([]bool, bins)
	for _, s := range e.open(&wider) {
		for g := max(s.first, 0); g <= s.last; g++ {
			for b := bin(c.groups[g].low - wider.wrong); b <= bin(c.groups[g].high+wider.wrong); b++ {
				open[b] = true
			}
		}
	}

	decided := int64(0)
	for b, open := range open {
		if open {
			decided += c.upTo[b+1] - c.upTo[b]
		}
	}
	if decided == 0 || decided > mostDecided {
		return nil
	}
	return open
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
