// Package results keeps what experiments measured. It holds names and numbers, not
// losses, and computes no measurement.
//
// # Route
//
//   - A [Record] is one run with everything that was measured in it. Its [Settings] are
//     all that decides the numbers, and its id is their hash ([ID]). So a record that
//     exists is a run that is done.
//   - [Metrics] lists what the numbers of a record are.
//   - [Open] opens a results folder as a [Store], and [OpenRead] opens one to read it
//     only. [Store.Keep] keeps a record with the files of its run, and [Store.Get] reads
//     it.
//   - A [Plan] says which runs an experiment asked for. [Store.LoadPlan] returns it with
//     the records that are done.
//   - [Store.TryClaim] keeps two processes from the same run.
//   - [Check] and [Store.Begin] make sure, before the first run, that an experiment
//     writes over no file of the user. [Store.Derive] writes tables and figures.
//   - A [Timing] is what may differ between two repetitions of a run: how long it took,
//     and where. It stands apart from the record.
//
// Package [gpwbench/results/table] makes the table of records. FORMAT.md describes the
// files of a results folder.
package results
