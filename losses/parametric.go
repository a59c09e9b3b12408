package losses

// A Trainable loss has parameters θ of its own, which whoever trains the embeddings trains beside them. Until [Trainable.InitParameters] they stand at
// their start, evaluation changes nothing, and the loss is a function of the batch like any other: so do weights and checks see it.
type Trainable interface {
	Loss
	// InitParameters makes θ anew, at its start, for a training set of these classes, ascending. What it returns is the loss's own memory: the loss reads
	// θ from it, and every Eval from then on overwrites the gradient in it.
	InitParameters(classes []int) *TrainableParameters
}

// TrainableParameters are the parameters of a [Trainable] loss.
type TrainableParameters struct {
	Names           []string // one each
	Theta, Gradient []float64
	Rate            float64 // their learning rate
}

// A Mineable value is a family of losses that are not sums over anchors of similarities alone, but know what to make of an anchor's pairs that a
// miner keeps.
type Mineable interface {
	// Mine returns the loss of the pairs that m keeps, of all pairs if m is nil: a new one each time.
	Mine(m Miner) Loss
}

// forBatch returns the miner of the anchors of b. It may be nil.
func forBatch(m Miner, b *Batch) Miner {
	if whole, ok := m.(BatchMiner); ok {
		return whole.ForBatch(b)
	}
	return m
}
