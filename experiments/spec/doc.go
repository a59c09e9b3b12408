// Package spec reads and builds the specs of experiments. It turns YAML into values and
// needs neither data nor a trainer.
//
// # Route
//
//   - [Parse] reads a [Spec] from YAML, with overrides of the command line applied.
//     [ParseLoss] reads one loss as a command line gives it.
//   - [New] starts a spec in Go. [NewDataset] says where rows come from, with their
//     [Split] and their [Settings]; a [Baseline] is measured without a training; [NewRow]
//     makes the [Row] of a loss that is trained. An [Elsewhere] is a row of embeddings
//     that another program trained.
//   - [Spec.Variants] makes the specs that a sweep stands for, each with the values that
//     it is of.
//   - [Spec.Check] reports what is wrong with a spec that was built. [Spec.Checked]
//     returns it as a run takes it, with what its YAML adds.
//   - [Spec.Source] writes a spec as YAML. A spec that was parsed keeps its own text.
//   - [EncodedName] reads the name of a spec that a program wrote.
//   - [Spec.Where] names a setting by its place in the file, for errors that only the
//     data can reveal.
//
// A [SpecError] lists all problems of a spec, one a line, each with its place, what is
// wrong, and what to write instead. [DidYouMean] finds the known name that was probably
// meant.
//
// Blocks such as head, sampler and optimizer are structs of package
// [gpwbench/train/config], and protocols are those of package
// [gpwbench/experiments/protocol]. Their tags give the keys, the ranges and the defaults.
package spec
