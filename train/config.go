package train

import (
	"gpwbench/losses"
	"gpwbench/train/config"
)

// A Config has everything on which training depends, beside the features and the loss.
// Trainers with equal configurations, features and losses give the same numbers to the
// bit.
type Config struct {
	// The blocks of a user's settings. Settings that the sampler and the optimizer need
	// must be given: Classes, PerClass and LR, and the LR of proxies if there are any.
	// See config.Require.
	Head      config.Head
	Sampler   config.Sampler
	Optimizer config.Optimizer // not used with head none
	Memory    config.Memory
	Proxies   config.Proxies
	Augment   config.Augment // not with head none
	Average   config.Average // not with head none

	// Start is the initial map of the head with the inits pca and whitened: a PCA, a
	// Whitening or a WhitenedPCA of the training features, of the head's dimensions where
	// it whitens. Trainers copy it, so one can serve many.
	Start *Linear

	// ProxyAnchors says that the proxies are the anchors and the batch the candidates, as
	// a losses.ProxyAnchor needs.
	ProxyAnchors bool

	// Relation is that of the loss. A square loss takes neither memory nor proxies.
	Relation losses.Relation

	// Traits are those of the loss. A loss with losses.ReadsVectorMeans gets the means
	// of the vectors, and takes no proxies.
	Traits losses.Traits

	// DataKey identifies the data set, for example by its checksum. DataKey and the seed
	// determine everything random.
	DataKey string
	Seed    uint64
}

// Bytes bounds the memory of a [Trainer] beside its features, in bytes. It counts what
// [New] and [Trainer.Step] allocate in proportion to products of sizes, for a number of
// features and of training classes. It is a float64 because settings may ask for more
// than an integer holds.
func (c Config) Bytes(features, classes int) float64 {
	m := float64(c.Sampler.Classes) * float64(c.Sampler.PerClass)
	d, dim := float64(features), float64(features)
	if c.Head.Dim > 0 {
		dim = float64(c.Head.Dim)
	}

	// The batch, its embeddings and their gradient; hidden units, theirs, and their part
	// of the outputs.
	bytes := singleBytes*(m*d+2*m*dim) + c.weightBytes(d, dim)
	if hidden := c.hiddenUnits(dim); hidden > 0 {
		bytes += singleBytes * m * (2*hidden + dim)
	}

	inBatch := !c.Memory.Remembers() && !c.Proxies.InUse()
	if c.Relation == losses.Square || inBatch {
		return bytes + pairBytes*m*m
	}
	if c.Memory.Remembers() {
		size := float64(c.Memory.Size)
		return bytes + singleBytes*(m*m+size*dim) + pairBytes*m*size
	}

	proxies := float64(c.Proxies.PerClass) * float64(classes)
	return bytes + singleBytes*5*proxies*dim + pairBytes*m*proxies
}

// hiddenUnits is the number of hidden units of the head, 0 for one without.
func (c Config) hiddenUnits(dim float64) float64 {
	switch {
	case c.Head.Name == config.MLP:
		return 2 * dim
	case c.Head.Name == config.Residual && c.Head.Hidden > 0:
		return float64(c.Head.Hidden)
	case c.Head.Name == config.Residual:
		return dim
	}
	return 0
}

// weightBytes is the memory of the head's weights, their gradient, at most two moments of
// it, the average, and the computation of their initial values.
func (c Config) weightBytes(features, dim float64) float64 {
	if !c.Head.Trains() {
		return 0
	}

	linear, hidden := dim*features, c.hiddenUnits(dim)
	weights, copies := linear, 4.0
	if hidden > 0 {
		weights += hidden * (features + dim)
		copies++ // the initial values, before they are in one piece
	}
	if c.Head.DecayToInit > 0 {
		copies++
	}
	if c.Average.InUse() {
		copies++
	}

	bytes := singleBytes * weights * copies
	if c.Head.StartsRandom() {
		bytes += doubleBytes * (3*linear + 3*dim*dim)
	}
	if c.Head.Name == config.MLP {
		bytes += singleBytes * linear // W, of which U and V are made
	}
	if c.Head.Name == config.Residual {
		bytes += doubleBytes * (3*hidden*features + 3*hidden*hidden)
	}
	return bytes
}

const (
	singleBytes = 4 // of a float32
	doubleBytes = 8 // of a float64
)

// pairBytes is the memory of one pair of an anchor and a candidate: its similarity in
// float32 and in float64, its derivative, and the memory of losses that read all pairs at
// once, or select a few first. No loss of the catalogue needs more.
const pairBytes = 4 + 8 + 8 + 32
