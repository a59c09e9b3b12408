// Package train trains a linear head on frozen features with any loss of package losses: preprocessing, head, sampler, optimizer,
// and the step. It is the one place with the chain rule: a loss gives G = ∂L/∂S, and the step carries G back to the weights.
//
// # What a batch is compared with
//
// The loss compares the embeddings of a batch with candidates: the batch itself, a memory of embeddings from earlier steps ([MemoryConfig]),
// or learned proxies of the classes ([ProxyConfig]). The candidates give S and take G back; the rest of the step is the same for all.
//
// # What a loss gets beside S
//
// A losses.Trainable loss has its parameters trained, by the head's optimizer at their own rate. A losses.EpochObserver one is told the means of the
// training classes before the first step and once an epoch. One with the trait losses.ReadsVectorMeans gets the means of the vectors' coordinates, and what
// it returns of a derivative by them joins that by S.
//
// # What is random
//
// Batches and initial weights depend on the data set and the seed only, never on the loss, so that two losses see the same batches
// and differ in nothing else. Each purpose has its own generator, math/rand/v2's PCG with the state (seed, h), where h is the
// 64-bit FNV-1a hash of the data set's checksum, a zero byte and the purpose ("sampler", "head", "proxies").
//
// # What is exact
//
// Features, weights and their gradients are float32; similarities, losses and G are float64. The same configuration gives the same
// bytes for any number of cores.
package train

import (
	"hash/fnv"
	"math/rand/v2"
)

// Revision is raised whenever the numbers that training produces change, so that records of another revision are made anew.
const Revision = 4

// stream returns the generator of one purpose.
func stream(seed uint64, dataKey, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(dataKey))
	h.Write([]byte{0})
	h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
