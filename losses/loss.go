package losses

import "fmt"

// A Loss is a scalar function of a [Batch]. Evaluation does not change a loss, and gives
// the same result to the bit each time, except for losses that a [Factory] makes.
type Loss interface {
	// Eval returns L and overwrites g, of the shape of S, with the signed gradient
	// ∂L/∂S_ij. Pairs that are neither positive nor negative get 0. Eval panics if b
	// is nil, if g has not the length of S, or where Choice.CheckBatch refuses b.
	Eval(b *Batch, g []float64) float64
}

// An AnchorLoss is a sum over anchors of a function of that anchor's similarities. Most
// losses are. [Mean] makes a [Loss] of it.
type AnchorLoss interface {
	// EvalAnchor returns the anchor's sum and what the anchor adds to the divisor. That
	// is 1, or 0 or 1, or the number of its pairs or of its active triplets. EvalAnchor
	// fills GPos and GNeg, which are 0 on entry, with the gradient of the sum. It
	// panics if a is nil.
	EvalAnchor(a *Anchor) (sum, terms float64)
}

// A PerSideLoss is a sum over anchors whose positives and negatives are averaged
// separately, each by a divisor of its own. [MeanPerSide] makes a [Loss] of it.
type PerSideLoss interface {
	// EvalSides returns the anchor's sums and what the anchor adds to the divisors. It
	// fills GPos and GNeg, which are 0 on entry, with the gradients of the sums.
	// It panics if a is nil.
	EvalSides(a *Anchor) (pos, neg SideSum)
}

// A Factory makes the losses of its kind. They remember batches (trait [Stateful]), are
// trained ([Trainable]), observe the training set ([EpochObserver]), or apply a miner in
// a way of their own. Each run gets a loss of its own from [Choice.Loss], which no other
// run evaluates.
type Factory interface {
	// New returns a new loss over the pairs that m keeps. A nil m keeps all pairs. The
	// error of a loss that cannot have a miner is that of RefuseMiner. Two new losses
	// that evaluate the same batches agree to the bit.
	New(m Miner) (Loss, error)
}

// RefuseMiner returns nil if m is nil. Otherwise it returns the error of a loss that
// compares pairs of the whole batch: a miner cannot choose an anchor's pairs for it. The
// text is a predicate after the name of the loss.
func RefuseMiner(m Miner) error {
	if m == nil {
		return nil
	}
	return fmt.Errorf("compares pairs of the whole batch, so a miner cannot choose an anchor's pairs for it; write miner: none")
}

// CheckLength panics if b is nil, and unless g has the length of S, as every [Loss] must.
func CheckLength(b *Batch, g []float64) {
	if len(g) != len(b.s) {
		panic(fmt.Sprintf("losses: a gradient of length %d for %d×%d similarities", len(g), b.m, b.n))
	}
}

// CheckSquare panics unless the candidates are the anchors, as a loss that reads the rows
// of its candidates must. The name of the loss is for the message.
func CheckSquare(b *Batch, loss string) {
	if !b.IsSquare() {
		panic("losses: " + loss + " reads the rows of its candidates, so it takes a square batch only")
	}
}
