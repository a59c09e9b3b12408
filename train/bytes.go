package train

import "gpwbench/losses"

// Bytes bounds the memory that a [Trainer] takes beside its features, in bytes. It counts
// what [New] and [Trainer.Step] allocate in proportion to products of sizes, for a number
// of features and of training classes, and is a float64 because settings may ask for more
// than an integer counts.
func (c Config) Bytes(features, classes int) float64 {
	const single, double = 4, 8
	m, d := float64(c.Sampler.Classes)*float64(c.Sampler.PerClass), float64(features)
	dim := d
	if c.Head.Dim > 0 {
		dim = float64(c.Head.Dim)
	}

	bytes := single * (m*d + 2*m*dim) // the batch, its embeddings and their gradient
	if c.Head.Name != "none" {
		bytes += single * dim * d * 4 // the weights, their gradient and at most two moments of it
		if c.Head.DecayToInit > 0 {
			bytes += single * dim * d
		}
		if c.Head.Init == "orthogonal" {
			bytes += double * (3*dim*d + 3*dim*dim)
		}
	}
	if c.Relation == losses.Square || c.Memory.Name != "xbm" && c.Proxies.PerClass == 0 {
		return bytes + pairBytes*m*m
	}
	if c.Memory.Name == "xbm" {
		size := float64(c.Memory.Size)
		return bytes + single*(m*m+size*dim) + pairBytes*m*size
	}
	proxies := float64(c.Proxies.PerClass) * float64(classes)
	return bytes + single*5*proxies*dim + pairBytes*m*proxies
}

// pairBytes are those of one pair of an anchor and a candidate: its similarity in float32
// and in float64, its derivative, and what losses take that look at all pairs at once, or
// at a few of them first. No loss of the catalogue takes more.
const pairBytes = 4 + 8 + 8 + 32
