// Package compare says which of the rows of a results folder really differ.
//
// # Route
//
//   - A [Set] is the rows of one data set with their per-query results, as [Read] finds
//     them in the folder. Package [gpwbench/results/table] makes one for each block.
//   - [Set.Ties] marks the best row in a metric and those tied with it, and
//     [Set.Intervals] has the interval of each row.
//   - [All] is the matrix of differences of every pair, [Two] is one pair in full. A
//     [Report] and a [PairReport] write themselves as text, Markdown, LaTeX, CSV or JSON.
//   - [TestOrders] tests the claim that rows rank in some order.
//   - [Rank] ranks rows over several data sets.
//   - [WriteBenchfmt] writes the metrics in the format that benchstat reads.
//
// # What is compared
//
// Rows pair by construction: with one seed all have the same batches, the same start and
// the same test rows. Two rows are averaged, query by query, over the seeds that both
// have. The difference is judged by a bootstrap over the test classes, because results
// are meant to hold for classes unseen in training. A row that depends on no seed
// stands against every seed of another.
//
// The statistics themselves are those of package [gpwbench/results/stats].
package compare
