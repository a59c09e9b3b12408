// Package gpw computes the weights that a loss gives to pairs: General Pair Weighting
// (Wang et al., CVPR 2019, §3).
//
// A loss L(S, y) has the gradient G_ij = ∂L/∂S_ij, and one training step with L is one
// step with F = Σ G_ij·S_ij, where G is held constant (eq. 2). So a loss is its weights
// w_ij = |G_ij| (eq. 3). A weight depends on one or more of three similarities of the
// pair: S, its own; N, relative to the anchor's other negatives; P, relative to the
// anchor's other positives. They are values of [Axis].
//
// # Route
//
// [Batch] makes a batch of embeddings and labels, and [BatchOf] one of similarities.
// [Weigh] evaluates a loss on a batch and returns the weights. [FromGradient] and
// [FromGradientPooled] take them from a gradient that is already computed, such as that
// of a training step; a [Pooling] says how N and P combine the other pairs. The result,
// [Weights], lists every [Pair]. [PairRows] yields the same pairs anchor by anchor, for
// batches whose list would be large. A [Snapshot] is a batch of a training from which the
// weights can be computed again.
//
// Package gpw/probe measures on which of the similarities the weights of a loss depend,
// and how much, and compares that with Table 1 of the paper. Package gpw/formula makes a
// loss of a line of text.
//
// Errors have no prefix, because it would be the name of the program gpw, which prints
// them.
package gpw
