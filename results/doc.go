// Package results stores the measurements of experiments. It has names and numbers, not
// losses, and makes no measurement.
//
// # Route
//
//   - A [Record] is one run with all its measurements. Its [Settings] are everything
//     that determines the numbers, and its id is their hash ([ID]). So a run whose
//     record exists is done.
//   - [Metrics] lists the metrics of a record.
//   - [Open] opens a results folder as a [Store], and [OpenRead] opens one only to read
//     it. [Store.Keep] stores a record with the files of its run, and [Store.Get] reads
//     it.
//   - A [Plan] lists the runs of an experiment. [Store.LoadPlan] returns it with the
//     records that are done.
//   - [Store.TryClaim] prevents two processes from doing the same run.
//   - [Check] and [Store.Begin] ensure, before the first run, that an experiment
//     overwrites no file of the user. [Store.Derive] writes tables and figures.
//   - A [Timing] has what may differ between two repetitions of a run: its time and its
//     machine. It is separate from the record.
//
// Package [gpwbench/results/table] makes the table of records. FORMAT.md describes the
// files of a results folder.
package results
