package analysis

// A TrainingHistory is what figures show of the training of one loss.
type TrainingHistory struct {
	Loss    string // loss and preset: multi_similarity.official
	Title   string // the loss as tables print it
	Caption string // its hyper-parameters; may be empty
	Dataset string // as tables print it

	Seed  uint64 // of the run whose statistics these are
	Seeds int    // how many runs of the row differ in their seed; 0 if that is not known

	// The number of steps after which the embeddings were measured, where it was chosen
	// on the classes that ChosenOn names; nil where nothing was chosen.
	Chosen   *int
	ChosenOn string // "held-out classes" or "the test classes"

	Stats   []WeightStats // in the order of the steps
	Batches []*Scatter    // the batches that were kept, in the order of the steps; may be empty
}

// SampleBatches returns at most n of the batches: the first, the last, and others evenly
// between. With n = 1 it is the last, and below 1 there is none.
func (h *TrainingHistory) SampleBatches(n int) []*Scatter {
	if n < 1 {
		return nil
	}
	if len(h.Batches) <= n {
		return h.Batches
	}
	if n == 1 {
		return h.Batches[len(h.Batches)-1:]
	}

	sample := make([]*Scatter, n)
	for k := range sample {
		sample[k] = h.Batches[(k*(len(h.Batches)-1)+(n-1)/2)/(n-1)]
	}
	return sample
}
