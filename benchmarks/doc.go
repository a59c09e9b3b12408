// Package benchmarks is about *retrieval* benchmarks; its own files time the losses and the
// retrieval (go test -bench . ./benchmarks), and peers/ times other libraries beside them.
//
//   - [gpwbench/benchmarks/datasets] has the data sets: features with labels, and the
//     class-disjoint splits under which papers report on them.
//   - [gpwbench/benchmarks/retrieval] has the metrics: Recall@K, MAP@R and their kin.
package benchmarks
