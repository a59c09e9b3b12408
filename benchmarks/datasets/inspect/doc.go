// Package inspect says what files of features and labels hold, and what is wrong with
// them.
//
// # Route
//
//   - [Open] reads the files, and [New] takes rows from memory: each is a [Subject].
//   - [Inspect] measures subjects and applies every [Check] of [Checks] to them. The
//     result is a [Report].
//   - [Write] prints a report. [Subject.Picture] has the data of a figure.
//
// A check is one file with its function, and one line of [Checks]. It reads what was
// measured and returns what it found, with the advice what to do.
//
// Memory is O(N·D): the rows, a hash of each, and a sample. Samples are drawn with a seed
// that the report names, so a report is the same on every machine.
package inspect
