// Package table says what the runs of an experiment add up to.
//
// # Route
//
//   - [Of] makes the [Table] of the plan of a results folder, [Summarize] that of any
//     records: a [Block] for each data set, a [Row] for the runs that differ in nothing
//     but their seed, and notes without which the numbers would be misread.
//   - [Table.Pivot] sets the values of one swept setting across, for one metric: a
//     [Pivot].
//   - [Of] marks the best rows and those tied with them ([Row].Ties), by package
//     [gpwbench/results/compare].
//   - [Table.Use] sets the [Style]: which interval, one LaTeX table or several.
//     [Table.Write] and [Pivot.Write] print them as text, Markdown, LaTeX, CSV or JSON,
//     which say the same.
//   - [Published] reads numbers taken from papers, a [Reference]. They come with where
//     they were read, and stand in columns of their own.
//
// Means and intervals over runs are computed by package [gpwbench/results/stats].
package table
