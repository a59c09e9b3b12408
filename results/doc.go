// Package results keeps what experiments measured: one [Record] per run, a [Store] that holds them in a folder, and a
// [table.Table] that says what they add up to. It knows names and numbers, not losses: nothing here computes a measurement.
//
// A record holds everything that must be the same when the run is repeated, and its ID is the hash of its settings, so
// that a record which exists is a run which is done. What may differ between two repetitions (how long it took, where)
// is a [Timing] and stands apart. FORMAT.md draws the files of a results folder.
//
// Numbers taken from papers are a [table.Reference]. They come with where they were read, and a table prints them in columns
// of their own, never in a measured one.
package results
