package losses

// A Trainable loss has parameters θ of its own, which are trained together with the
// embeddings. Before [Trainable.InitParameters] they keep their initial values, and
// evaluation does not change them. The loss is then a function of the batch like any
// other, and so it is when weights are inspected or the contract is checked.
type Trainable interface {
	Loss
	// InitParameters makes a new θ, with its initial values, for a training set of these
	// classes, which ascend. The result is the loss's own memory. The loss reads θ from
	// it, and every later Eval overwrites the gradient in it.
	InitParameters(classes []int) *TrainableParameters
}

// TrainableParameters are the parameters of a [Trainable] loss. The three slices have one
// entry for each parameter.
type TrainableParameters struct {
	Names           []string
	Theta, Gradient []float64
	Rate            float64 // their learning rate
}
