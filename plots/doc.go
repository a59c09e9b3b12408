// Package plots draws figures of pair weights: data in, bytes out. A [Figure] is one drawing in three formats, SVG, PDF and PNG, with
// its data as CSV. [Weights] shows one loss, [Overview] all of them.
//
// The weight of a pair is w = |∂L/∂S|, of an ordered pair, the row of S being its anchor. The axes show m·w, m being the number of
// anchors: the scale of Wang et al., CVPR 2019, eqs. 13 and 14. Where a gradient has the sign that eq. 3 excludes the weight is drawn
// below zero, and the figure says so.
//
// Decisions, taken by looking at the losses of the paper's Table 1 on batches of real features:
//
//   - The weight axis is linear. Steps (contrastive), counts (triplet), sigmoids (binomial) and soft-max shares (Multi-Similarity) keep
//     their shape on it; on a logarithmic axis weights of 1e-9, which move nothing, take most of the page. Each panel says how many of
//     its pairs have a weight at all.
//   - Positives and negatives have axes of their own, because weights of the few positives are often a hundred times those of the many
//     negatives.
//   - A panel of more than a few thousand pairs is an image inside the vector drawing: dots of the printed size, each pixel with the mean
//     of what falls on it, stronger where more does. Text and axes stay vectors.
//   - Colours are viridis without its light end, dark for the most similar pairs, which are the ones to look at.
package plots
