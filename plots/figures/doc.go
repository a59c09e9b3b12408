// Package figures draws batches, runs and results folders. It finds the data, selects
// among them and draws them with package [gpwbench/plots].
//
// # A results folder
//
// [Figures] draws everything that the runs of an experiment kept, into the results
// folder. [Names] lists the files that it may write. [Folder] has both as methods, for
// the options of experiments.Run and experiments.Tune.
//
// # A batch
//
// [FixedBatch] is a batch of a synthetic stand-in, and [ReadBatch] reads one from
// files. [Batch.Scatters] weighs it under several losses, each a [Loss], and
// [Layout.Scatters] draws what it returns in one of [Views].
//
// # A run
//
// [OpenRun] opens a results folder. [Run.Scatters] reads the batches that its runs kept,
// for [Layout.Scatters], and [Run.Histories] their trainings, for [Layout.Histories]. A
// [Selection] selects data sets, rows and steps. If one of them does not exist, the error
// is a [RequestError].
// [Run.Comparison] draws its rows: intervals, ranks over data sets, learning curves.
//
// [Run.Sensitivity] reads a metric against a swept setting, for [Layout.Sensitivity].
//
// # A sweep
//
// [Layout.Sweeps] and [Layout.Heatmaps] draw the weights of one pair while its
// similarities move, and [Cases] the measurements of package [gpwbench/gpw/probe].
//
// All but Figures return [Named] figures; [Encode] turns one into the bytes of a
// file.
package figures
