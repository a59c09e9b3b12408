// Package compat computes what other tools print for the same embeddings, and which of
// their rules makes the difference.
//
// # Route
//
//   - [Find] takes a tool by its name; [All] lists them.
//   - [Tool.Compare] computes its figures, ours beside them, and what each rule moves.
//   - [Write] prints a [Comparison] as text, JSON or CSV.
//
// # Conventions
//
//   - A figure has the tool's name and is rounded as the tool prints it.
//   - Where the tool leaves equal similarities in the order of its sort, the figure is
//     the expectation over random orders, with its extremes. The tools compute in
//     float32, and a [Comparison] says where that decides an order.
//   - What a rule moves is the figure less the same figure with that rule alone
//     replaced by ours.
//
// To add a tool, write a file with its [Tool] and add a line to [All]. The numbers that
// the tools print are in testdata, with the script that ran them.
package compat
