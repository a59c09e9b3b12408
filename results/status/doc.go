// Package status says how far the experiment of a results folder is.
//
// # Route
//
//   - [Of] reads a folder: its plan, records, claims, failures and timings. It changes
//     nothing.
//   - [Status.Write] prints it.
//   - A [Task] is what a launcher knows of a task that makes some of the runs. The
//     records are the truth, and a scheduler is a hint.
package status
