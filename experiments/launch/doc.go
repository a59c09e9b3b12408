// Package launch makes runs of an experiment, trials of a search and parts of an
// evaluation on a cluster. It stands above [gpwbench/experiments.Run]: a task of the
// cluster is the same program, which makes some of the runs in the same folder, and all
// nodes share it.
//
// # Route
//
//   - [Run] begins the experiment, cuts what is missing into tasks, submits them, and
//     returns. Called again, it submits only what is missing and no task has, and makes
//     the table of what is done.
//   - [Tune] does the same for a search, whose trials its tasks share, and [RunParts] for
//     work that is divided into commands of the program.
//   - [Make] is what a task does.
//   - [Look] says what the tasks of a folder are doing, as far as the scheduler knows.
//   - [Script], [TuneScript] and [PartsScript] are what these would submit.
//
// The records are the truth and the scheduler a hint: a run is done when it has a record,
// whatever the scheduler says of its task.
//
// A launch is a folder launch/<name> of the results folder. It has what the tasks read,
// their logs, and what each said at its end.
package launch
