// Package benchmarks contains the packages of retrieval benchmarks. Its own files time
// the losses and the retrieval (go test -bench . ./benchmarks), and peers/ compares with
// other libraries.
//
//   - [gpwbench/benchmarks/datasets] has the data sets: features with labels, and the
//     class-disjoint splits under which papers report on them.
//   - [gpwbench/benchmarks/retrieval] has the metrics: Recall@K, MAP@R and others.
package benchmarks
