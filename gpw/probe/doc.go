// Package probe measures what the weights of a loss depend on. Nothing is derived from a
// formula: one part of the similarities is moved, the rest is held, and the gradient is
// read again.
//
// # Route
//
//   - [Run] measures any number of losses on all cores and returns a [Result] of each.
//   - [Write] prints the [Tables] of results as text, Markdown, LaTeX, CSV or JSON.
//
// # The measurements
//
// A Result joins measurements that can also be made one by one:
//
//   - [MeasureDependence] finds on which of S, N, P and X ([Axes]) a weight depends. This
//     is the table ticks. [Disagreements] compares it with Table 1 of Wang et al., CVPR
//     2019.
//   - [MeasureEffects] estimates how much of the variance of a weight each of the four
//     explains, by Sobol' indices. [Reconcile] makes the two agree on what is 0.
//   - [RunScenario] evaluates the three cases of the paper's Figure 2.
//   - [FindThreshold] moves the positives of the third case and finds where the weight
//     jumps.
//
// [Sweep] and [Plane] serve figures: they return the weights of one pair while one or two
// of its similarities move.
//
// The same seed gives the same numbers on every machine and any number of cores.
package probe
