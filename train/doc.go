// Package train trains a head on frozen features with any loss of package losses. The
// head is a linear map, alone or with hidden units ([Weights]). The chain rule is only
// here: a loss gives G = ∂L/∂S, and the step turns G into the gradient of the weights.
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
//  4. [Trainer.Step] draws a batch and moves the weights. It returns a [Step] with the
//     input and the results of the loss: S, L and G. [Trainer.Whole] returns it with all
//     pairs of the batch, and [Trainer.Learned] the loss's own parameters.
//  5. [Trainer.Embed] maps rows by the present weights, or by their average
//     ([config.Average]). [Trainer.Weights] copies them, and [Embed] maps rows by such a
//     copy, or by [Config.InitialWeights].
//
// An [Objective] is the loss and its gradient in given rows, for models other than a
// linear head. A [Linear] maps rows without training.
//
// Errors say what is wrong, where, and what to do. Exported calls also return errors for
// matrices whose shapes do not fit.
//
// # What a batch is compared with
//
// The loss compares the embeddings of a batch with candidates: the batch itself, a memory
// of embeddings from earlier steps ([config.Memory]), or learned proxies of the classes
// ([config.Proxies]). The candidates compute S and take G. The rest of the step is the
// same for all.
//
// # Inputs of a loss beside S
//
// The parameters of a losses.Trainable loss are trained by the head's optimizer at their
// own rate. A losses.EpochObserver loss gets the means of the training classes before the
// first step and once an epoch. A loss with the trait losses.ReadsVectorMeans gets the
// means of the vectors' coordinates, and its derivative by them is added to that by S.
//
// # What is random
//
// Batches, what [config.Augment] makes of them, and initial weights depend only on the
// data set and the seed, never on the loss. So all losses are trained on the same batches
// and differ in nothing else. Each purpose has its own generator, math/rand/v2's PCG with
// the state (seed, h), where h is the 64-bit FNV-1a hash of the data set's key, a zero
// byte and the purpose ("sampler", "augment", "head", "hidden", "proxies", "folds").
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

// Revision is raised whenever the numbers that training produces change, so that runs
// with records of another revision are repeated.
const Revision = 4

// stream returns the generator of one purpose.
func stream(seed uint64, dataKey, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(dataKey))
	h.Write([]byte{0})
	h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
