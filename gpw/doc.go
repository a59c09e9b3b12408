// Package gpw reads what a loss does to pairs: General Pair Weighting (Wang et al., CVPR 2019, §3).
//
// A loss L(S, y) has the gradient G_ij = ∂L/∂S_ij, and one training step with L is one step with F = Σ G_ij·S_ij, G held constant
// (eq. 2). So a loss is its weights w_ij = |G_ij| (eq. 3). What a weight depends on is one or more of three similarities of the pair:
// S its own, N relative to the anchor's other negatives, P relative to the anchor's other positives.
//
// [Weigh] evaluates a loss and reads its weights; [FromGradient] does so for a gradient that a training step has computed already. Nothing is
// derived a second time.
//
// [probe.MeasureDependence] measures which of the similarities the weights of a loss depend on, [probe.MeasureEffects] how much, and [probe.Disagreements] compares the
// first with what the paper's Table 1 prints.
//
// Errors have no prefix: it would be that of the program gpw, which prints them.
package gpw
