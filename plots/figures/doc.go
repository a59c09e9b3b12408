// Package figures draws batches, runs and results folders: it finds the data, chooses
// among them and lays them out on the figures of package [gpwbench/plots].
//
// # A results folder
//
// [Figures] draws all that the runs of an experiment kept, into the folder of the
// results. [Names] lists the files that it may write.
//
// # A batch
//
// [FixedBatch] is a batch of a synthetic stand-in, and [ReadBatch] reads one from
// files. [Batch.Scatters] weighs it under each of some [Loss]es, and
// [Layout.Scatters] draws what it returns in one of [Views].
//
// # A run
//
// [OpenRun] opens a results folder. [Run.Scatters] reads the batches that its runs kept,
// for [Layout.Scatters], and [Run.Histories] their trainings, for [Layout.Histories].
// [Run.Comparison] draws what its rows come to: intervals, ranks over data sets, learning
// curves. A [Selection] chooses among data sets, rows and steps; one that names what is
// not there is a [RequestError].
//
// # A sweep
//
// [Layout.Sweeps] and [Layout.Heatmaps] draw the weights of one pair while its
// similarities move, and [Cases] what package [gpwbench/gpw/probe] measures.
//
// All but Figures return [Named] figures; [Encode] turns one into the bytes of a
// file.
package figures
