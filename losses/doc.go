// Package losses holds the pair-based losses of deep metric learning as functions of similarities, and what makes a loss one: a
// [Batch] of similarities goes in, the value and the signed gradient ∂L/∂S come out of a [Loss].
//
// # Conventions
//
// Embeddings are unit vectors and S_ij is the cosine similarity of anchor i (a row) and candidate j (a column). In the usual square
// batch the candidates are the anchors themselves; with a memory bank or proxies S is rectangular. m is the number of anchors, and
//
//	P_i = the candidates of i's class, without i itself      N_i = the candidates of any other class
//
// Self is excluded by index, never by the value of a similarity. Distances are d = √(2−2S).
//
// The gradient G_ij = ∂L/∂S_ij takes every entry of S as an independent variable, so S_ij and S_ji have a gradient each, in the row
// of their anchor. G is signed: usually ≤ 0 on positives and ≥ 0 on negatives, but some losses change sign, and the pair weight
// w_ij = |G_ij| of General Pair Weighting (Wang et al., CVPR 2019, eq. 3) alone would hide it.
//
// # Degenerate batches
//
// An empty batch, a batch of one, or a batch without a single valid term has L = 0 and G = 0. An anchor without positives or without
// negatives adds nothing to a loss that compares the two; in losses that are separate sums over positives and negatives
// (contrastive, binomial, Multi-Similarity without mining) the other side stays. Similarities that are not finite are refused by
// [NewBatch].
//
// # Writing a loss
//
// Most losses are sums over anchors: implement [AnchorLoss] on a struct whose tagged fields are the parameters, describe it in a
// [Spec], and add one line to [Catalogue]. A loss whose positives and negatives have a mean each implements [PerSideLoss], and one that needs other
// rows [Loss] itself. Package losstest then says whether it keeps the contract. A loop that takes math.Exp of every pair is right; softmax and
// softplus over the whole slice, by the functions that other losses call or those of internal/f64, take a tenth of the time.
//
// # Beside S
//
// A loss with the trait [ReadsVectorMeans] reads the means of the vectors as well: [Batch.SetMeans]. A [Trainable] loss has parameters of its own, which
// are trained with the embeddings, an [EpochObserver] looks at the whole training set, and one with the trait [Stateful] remembers earlier batches.
// Each run has its own loss of these kinds, which a [Factory] makes: [Choice.Loss].
package losses
