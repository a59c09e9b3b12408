// Package structure describes how embeddings lie on the sphere, without a search.
//
//   - [Alignment] and [Uniformity] are the two properties of contrastive
//     representations: how near rows of one class are, and how evenly all rows are
//     spread.
//   - [ClassDistances] compares distances within classes with those between classes.
//   - [SingularValues] is the spectrum of the rows. [Decay] (ρ) and [EffectiveRank] are
//     functions of it.
//
// All are of the rows at length 1, as cosine similarity has them, and of one set, whose
// pairs [retrieval.PairsOf] makes. What a set has not, such as a pair of one class, is
// an error that says so; no result is NaN or infinite.
package structure
