// Package analysis turns the weights of pairs into what people read: the data of figures,
// the statistics of a training, and sentences about what is wrong with it. It draws
// nothing.
//
// # One batch
//
// [NewScatter] reads the weights of one batch under one loss, as [gpwbench/gpw.Weigh]
// returns them. A [Scatter] holds its pairs with the names that a figure prints.
// [Scatter.Summary] counts them, [Scatter.Curve] averages their weights along one
// similarity, [Scatter.Heatmap] over two, and [WeightRange] finds the range of a colour
// scale. [StatsOf] and [BatchStats.Warnings] say what the batch as a whole shows.
//
// # One pair that moves
//
// [NewSweep] moves one group of similarities and holds the rest; [NewHeatmaps] moves two.
//
// # A training
//
// A [StatsCollector] reduces each step to [WeightStats], in time linear in its pairs.
// [Diagnose] reads these and names what went wrong. A [TrainingHistory] joins them with
// the batches that were kept.
//
// # Files
//
// [WriteSnapshots] and [WriteStats] keep batches and statistics in a results folder;
// [ReadSnapshots] and [ReadStats] read them, and refuse what no training produces. They
// are here because the package that writes them (experiments) and the one that reads them
// (plots/figures) do not import each other.
package analysis
