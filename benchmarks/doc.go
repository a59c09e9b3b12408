// Package benchmarks means retrieval benchmarks: data sets of embeddings with class labels (CUB-200-2011, Cars-196, Stanford Online
// Products, In-Shop), the class-disjoint splits under which papers report on them, and the metrics of retrieval. Timings are the
// business of its bench_test.go and of peers/ only.
//
// A [Dataset] is a matrix of feature vectors with labels. A [Split] divides its rows into training rows and test rows of other
// classes, and a [Benchmark] is a split by name with the counts that the literature has. [Evaluate] lets every row search all
// others, and [EvaluateGallery] lets queries search a gallery; both give [Scores]: Recall@K, MAP@R and R-precision.
//
// Conventions, wherever a metric is computed:
//
//   - Similarity is the cosine of the rows as given. Float32 decides on which side of another a similarity is where it proves that, float64
//     where it does not.
//   - A query never finds itself: it is left out by its index, not by its similarity, so a duplicate of it counts.
//   - A query without a positive in the gallery is lonely. It is counted and reported, and is no part of any mean.
//   - Similarities that are equal, or too close for float64 to tell, have no order. Recall@K by the reference rule gives ties to the query, which lets collapsed embeddings
//     score 100 %; beside it stand the value with ties against the query and the expected value over random orders of ties.
package benchmarks
