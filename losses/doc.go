// Package losses holds the pair-based losses of deep metric learning as functions of
// similarities. A [Batch] of similarities goes in; the value L and the signed gradient
// G = ∂L/∂S come out of a [Loss].
//
// # The route
//
//   - [NewBatch] or [NewCross] makes a [Batch] of similarities and labels. [Cosine] is
//     the similarity of two embeddings.
//   - A [Loss] evaluates a Batch. Most losses are an [AnchorLoss], a sum over anchors,
//     and [Mean] makes a Loss of it. A [PerSideLoss] has one mean for the positives and
//     one for the negatives. [MeanPerSide] makes a Loss of it.
//   - A [Miner] marks the pairs of an anchor that take part. [MeanMined] and
//     [MeanPerSideMined] apply it. A [BatchMiner] looks at the whole batch first.
//   - A [Spec] describes a loss, and each [Preset] in it is a named set of parameters
//     with its source. A [MinerSpec] describes a miner.
//   - [Catalogue], [ProxyLosses] and [Miners] list all of them. Another module appends
//     its miners to Miners. Its losses come in a catalogue of its own, a []Spec, in which
//     no two losses have the same name.
//   - [Choose] finds a preset by its name. The [Choice] that it returns makes the loss,
//     by [Choice.Loss], and the captions. [With] changes a parameter, and [Parameters]
//     lists them.
//   - [CheckFinite] says what of a result is not finite, and why.
//
// # Glossary
//
//   - S: the similarities, m×n. S_ij is the cosine similarity of anchor i and
//     candidate j.
//   - Anchor: an embedding that is compared with the candidates, a row of S. m is their
//     number.
//   - Candidate: an embedding that anchors are compared with, a column of S. In a square
//     batch the candidates are the anchors themselves. With a memory bank or proxies S is
//     rectangular.
//   - Self: the column that is the anchor itself. It is excluded by index, never by the
//     value of a similarity.
//   - Positive: a candidate of the anchor's class, without the anchor itself. P_i is the
//     set of those of anchor i.
//   - Negative: a candidate of any other class. N_i is the set of those of anchor i.
//   - Distance: d = √(2−2S), as embeddings are unit vectors.
//   - G: the signed gradient, G_ij = ∂L/∂S_ij.
//   - Terms: what an anchor adds to the divisor of a mean. It is 1, a number of pairs or
//     triplets, or the number of those that are active.
//   - S, N, P and X as values of [Axis]: what the weight of a pair depends on. They are
//     its own similarity, the anchor's other negatives, the anchor's other positives, and
//     the pairs of other anchors ([BatchCoupled]).
//
// # The gradient
//
// G takes every entry of S as an independent variable. S_ij and S_ji have a gradient
// each, in the row of their anchor. G is usually ≤ 0 on positives and ≥ 0 on negatives,
// but in some losses it changes sign. The pair weight of General Pair Weighting (Wang et
// al., CVPR 2019, eq. 3) is w_ij = |G_ij|, which does not show the sign.
//
// # Degenerate batches
//
// An empty batch, a batch of one, or a batch without a single valid term has L = 0 and G
// = 0. An anchor without positives or without negatives adds nothing to a loss that
// compares the two. A loss that is a sum over positives plus a sum over negatives keeps
// the other sum. Contrastive, binomial and Multi-Similarity without mining are such
// losses. [NewBatch] refuses similarities that are not finite.
//
// # Writing a loss
//
// Most losses are sums over anchors. Implement [AnchorLoss] on a struct whose tagged
// fields are the parameters, describe it in a [Spec], and add one line to [Catalogue].
// The tags are yaml (the key), in (the domain), sym, doc and alias, as [Parameter] has
// them. A loss whose positives and negatives have a mean each implements [PerSideLoss]. A
// loss that needs other rows implements [Loss] itself. Package losstest then says whether
// it keeps the contract.
//
// A loop that takes math.Exp of every pair is right. Softmax and softplus over the whole
// slice take a tenth of the time: [LogSumExp], [Log1pSumExp], [SoftplusSum] and the
// functions of package losses/vec.
//
// # Variants of a formula
//
// Presets of one loss may be different formulas. One rule says how they are made:
//
//   - A variant with the same parameters is the same type. If users choose it, it is a
//     parameter that is one of a few words. If it goes with the preset, it is an exported
//     field without tags that the preset sets, such as [BinomialDeviance].Scaled. Fields
//     without tags are no parameters.
//   - A variant with other parameters, or other domains of them, is a type of its own.
//
// [Preset].Form names the formula in the settings of a run, whatever its Go type is.
//
// # Inputs other than S
//
// A loss with the trait [ReadsVectorMeans] also reads the means of the vectors:
// [Batch.SetMeans]. A [Trainable] loss has parameters of its own, which are trained with
// the embeddings. An [EpochObserver] looks at the whole training set. A loss with the
// trait [Stateful] remembers earlier batches. Each run has its own loss of these kinds,
// which a [Factory] makes.
package losses
