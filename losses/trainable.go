package losses

// A Trainable loss has parameters θ of its own, which are trained beside the embeddings.
// Before [Trainable.InitParameters] they keep their initial values, evaluation changes
// nothing, and the loss is a function of the batch like any other: weights and checks see
// it so.
type Trainable interface {
	Loss
	// InitParameters makes θ anew, at its initial values, for a training set of these
	// classes, ascending. What it returns is the loss's own memory: the loss reads θ
	// from it, and every later Eval overwrites the gradient in it.
	InitParameters(classes []int) *TrainableParameters
}

// TrainableParameters are the parameters of a [Trainable] loss. The three slices have one
// entry a parameter.
type TrainableParameters struct {
	Names           []string
	Theta, Gradient []float64
	Rate            float64 // their learning rate
}
