// Package plots draws figures of pair weights: data in, bytes out. A [Figure] is one drawing in three formats, SVG, PDF and PNG, with
// its data as CSV and JSON. Of batches, [Weights] shows one loss coloured by N and P, [Against] has N and P as axes, [Compare] sets losses
// side by side, [Overview] shows all of them, and [Heatmaps] has the weight as colour. Of a pair that moves, [Sweeps] and [SweepMultiples].
// [Training] and [Trainings] show what the weights come to over the steps.
//
// The weight of a pair is w = |∂L/∂S|, of an ordered pair, the row of S being its anchor. The axes show m·w, m being the number of
// anchors: the scale of Wang et al., CVPR 2019, eqs. 13 and 14. Where a gradient has the sign that eq. 3 excludes the weight is drawn
// below zero, and the figure says so.
//
// Decisions, taken by looking at the losses of the paper's Table 1 on batches of real features:
//
//   - The weight axis is linear. Steps (contrastive), counts (triplet), sigmoids (binomial) and soft-max shares (Multi-Similarity) keep
//     their shape on it. On a logarithmic axis the 95 % of Multi-Similarity's negatives with m·w below 1e-4, which move nothing, take nine
//     tenths of the panel, and zero has no place. Each panel says how many of its pairs have a weight at all.
//   - Positives and negatives have axes of their own, because weights of the few positives are often a hundred times those of the many
//     negatives.
//   - Positives are discs, or dashes where they are lines; negatives are triangles, or solid lines: colour is never the only difference.
//   - A panel of more than a few thousand pairs is an image inside the vector drawing: dots of the printed size, each pixel with the mean
//     of what falls on it, stronger where more does. Text and axes stay vectors.
//   - Over a training, shares are on axes of percent that losses have in common, and what spans decades (the effective number of pairs, the weights
//     of unlike losses) is on logarithmic ones. A step at which nothing has weight is a gap there and zero beside it.
//   - Colours are viridis without its light end, dark for high N and P. They span the middle 98 % of the weight and not of the pairs:
//     most negatives have next to none, and would take the scale from those that matter.
package plots
