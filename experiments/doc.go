// Package experiments turns a spec into its runs and runs them.
//
// # Route
//
//   - [Open] reads a spec by the name of a shipped one or from a file. Package
//     [gpwbench/experiments/spec] also builds one in Go.
//   - [PlannedRuns] expands it into its runs, one for each data set, row of the table and
//     seed. This needs no data. Each variant of a sweep has its own.
//   - [DryRun] reads the data, and says what would run.
//   - [Run] trains and evaluates what has no record yet in a results folder. [Options]
//     say how. A [Progress] receives what happens, and a [Figures] draws what the runs
//     kept.
//   - The [Outcome] says what was done. Outcome.Table is the table of it.
//   - [Tune] searches the settings of every loss on held-out classes, and writes a spec
//     for [Run].
//
// Everything that the numbers of a run depend on is in its settings, whose hash is the id
// of the run. So a spec that is run again does only what is missing, and a run that is
// stopped goes on with the same call.
//
// # Errors
//
// A [spec.SpecError] is about the spec, and a [MissingError] about files that are not
// there. Both come before the first run and before anything is written. A run that fails
// is in the Outcome, and the others go on.
//
// # Inside
//
// A data set is read and checked against the spec once. Then every planned run on it
// becomes a job, which holds its record without what is measured. The jobs are claimed,
// measured and kept one by one, on several goroutines and in several processes.
package experiments
