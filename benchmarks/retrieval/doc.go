// Package retrieval measures how well embeddings find rows of their own class.
//
// # Route
//
//   - [Float32] or [Float64] makes [Vectors] of rows, which need not be normalised.
//   - [Evaluate] searches all rows with every row, and [EvaluateGallery] a gallery with
//     queries. Both give [Scores]: Recall@K, and on request MAP@R, R-precision, NMI and
//     AMI ([Options]).
//   - [Scores.Remarks] says in sentences what the figures do not show.
//   - [Neighbours] and [NeighboursIn] list the most similar rows themselves.
//
// # Conventions
//
//   - Similarity is the cosine of the rows as given. Two similarities are ordered in
//     float32 where its error bound allows that, and in float64 elsewhere.
//   - A query never finds itself. It is left out by its index, not by its similarity, so
//     a duplicate of it counts.
//   - A query without a positive in the gallery is counted and reported
//     ([Scores.WithoutPositives]), and is no part of any mean.
//   - Similarities that are equal, or too close for float64 to order, have no order.
//     Recall@K by the reference rule gives ties to the query, so collapsed embeddings
//     score 100 %. [Scores] also has the value with ties against the query and the
//     expected value over random orders of ties.
package retrieval
