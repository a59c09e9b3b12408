// Package datasets holds data sets of features with class labels, and divides them into
// training and test rows of different classes.
//
// # Route
//
//   - [Load] reads a [Dataset] from files, [NewDataset] takes one from memory, and
//     [StandIn] generates one where a benchmark's images are not available.
//   - A [Benchmark] of [Benchmarks] is a data set of the literature (CUB-200-2011,
//     Cars-196, Stanford Online Products, In-Shop) with its split, its counts and its K.
//   - [LoadParts] reads training rows, queries and gallery from files of their own, and
//     [LoadFeatures] rows whose labels an annotation has
//     ([gpwbench/benchmarks/datasets/layouts]).
//   - [Benchmark.Split], [Half], [ByClasses] and [ByPartition] give a [Split], and
//     [Dataset.Take] the rows of one part. [Split.Leak] counts test classes that train.
//   - [LoadVectors] reads rows without rounding them, for an evaluation without training;
//     [LoadLabels] and [LoadEmbeddings] read labels and rows apart, and [AllTest] and
//     [PartitionTest] divide labels where nothing is trained.
//
// Package [gpwbench/benchmarks/retrieval] evaluates the rows.
package datasets
