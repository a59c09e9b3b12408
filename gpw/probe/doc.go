// Package probe measures what the weights of a loss depend on. It derives nothing from a
// formula: it moves one part of the similarities, holds the rest, and evaluates the
// gradient again.
//
// # Route
//
//   - [Run] measures any number of losses on all cores and returns a [Result] of each.
//   - [Write] prints the [Tables] of results as text, Markdown, LaTeX, CSV or JSON.
//
// # The measurements
//
// A Result combines measurements that are also functions of their own:
//
//   - [MeasureDependence] finds on which of S, N, P and X ([Axes]) a weight depends;
//     these are the ticks of the table. [Disagreements] compares them with Table 1 of
//     Wang et al., CVPR 2019.
//   - [MeasureEffects] estimates how much of the variance of a weight each of the four
//     explains, by Sobol' indices. [Reconcile] makes the two agree on what is 0.
//   - [RunScenario] evaluates the three cases of the paper's Figure 2.
//   - [FindThreshold] moves the positives of the third case and finds where the weight
//     jumps.
//
// [Sweep] and [Plane] provide the data of figures: the weights of one pair while one or
// two of its similarities move.
//
// The same seed gives the same numbers on every machine and any number of cores.
package probe
