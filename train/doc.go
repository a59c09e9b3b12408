// Package train trains a linear head on frozen features with any loss of package losses.
// It is the one place with the chain rule: a loss gives G = ∂L/∂S, and the step carries G
// back to the weights.
//
// # Route
//
//  1. Features are a matrix.Matrix, a row a sample, with a label each. [FitPreprocess]
//     fits steps such as centring on the training rows, and [Preprocess.Apply] applies
//     them to training and test rows.
//  2. A [Config] holds the settings of package config, and the loss's relation and
//     traits. [Config.Bytes] bounds the memory that they take. A head that starts from a
//     [PCA] or a [Whitening] gets it as Config.Start.
//  3. [New] returns a [Trainer] for the configuration, the training rows and a loss.
//  4. [Trainer.Step] draws a batch and moves the weights. It returns a [Step] with what
//     the loss saw and gave: S, L and G. [Trainer.Whole] is the same with all pairs of
//     the batch, and [Trainer.Learned] gives the loss's own parameters.
//  5. [Trainer.Embed] maps rows by the weights as they are. [Trainer.Weights] copies
//     them, and [Embed] maps rows by such a copy, or by [Config.InitialWeights].
//
// An [Objective] is the loss and its gradient in rows of one's own, for other models
// than a linear head. A [Linear] maps rows without training.
//
// Errors say what is wrong, where, and what to do. Exported calls return them also for
// matrices whose shapes do not fit.
//
// # What a batch is compared with
//
// The loss compares the embeddings of a batch with candidates: the batch itself, a
// memory of embeddings from earlier steps ([config.Memory]), or learned proxies of the
// classes ([config.Proxies]). The candidates give S and take G back. The rest of the
// step is the same for all.
//
// # What a loss gets beside S
//
// The parameters of a losses.Trainable loss are trained by the head's optimizer at
// their own rate. A losses.EpochObserver loss gets the means of the training classes before
// the first step and once an epoch. A loss with the trait losses.ReadsVectorMeans gets the means
// of the vectors' coordinates, and its derivative by them is added to that by S.
//
// # What is random
//
// Batches and initial weights depend on the data set and the seed only, never on the
// loss. So two losses see the same batches and differ in nothing else. Each purpose has
// its own generator, math/rand/v2's PCG with the state (seed, h), where h is the 64-bit
// FNV-1a hash of the data set's key, a zero byte and the purpose ("sampler", "head",
// "proxies").
//
// # What is exact
//
// Features, weights and their gradients are float32; similarities, losses and G are
// float64. The same configuration gives the same bytes for any number of cores.
package train

import (
	"hash/fnv"
	"math/rand/v2"
)

// Revision is raised whenever the numbers that training produces change, so that records
// of another revision are made anew.
const Revision = 4

// stream returns the generator of one purpose.
func stream(seed uint64, dataKey, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(dataKey))
	h.Write([]byte{0})
	h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
