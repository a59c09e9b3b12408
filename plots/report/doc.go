// Package report makes one self-contained page of results folders, for people to send to
// each other: it opens from disk, loads nothing, and needs no server.
//
// # Route
//
//   - Open reads a results folder as a Folder, with everything that the page shows.
//   - Write writes the page of one folder, or of several with a comparison of the rows
//     that were measured on the same data.
//   - Writer has both for the end of experiments.Run.
//
// # Numbers
//
// Every number on the page is one of the records, or of the statistics that packages
// gpwbench/results/table, gpwbench/results/compare and gpwbench/analysis make of them. It
// is rounded here, once; the script on the page places and prints it, and computes none.
//
// # Thinning
//
// A page has at most [MostBytes]. Pairs, steps and test rows beyond fixed numbers are
// left out by rules that depend on the data alone, and the page says what it leaves out.
package report
