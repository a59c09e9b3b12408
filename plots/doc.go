// Package plots draws figures of pair weights: data in, bytes out. A [Figure] is one
// drawing in three formats ([Figure.SVG], [Figure.PDF], [Figure.PNG]), with the data it
// shows ([Figure.CSV], [Figure.JSON]). Every function takes a [Width]: [Page] or
// [Column].
//
// # Which figure
//
// Of batches, as [analysis.NewScatter] makes them:
//
//   - [Weights] shows one loss, coloured by N and by P; [Against] has N and P as axes.
//   - [Compare] sets two or three losses side by side; [Overview] shows many.
//   - [Heatmaps] has the weight as colour over S and N, and over S and P.
//
// Of one pair that moves, [Sweeps] and [SweepMultiples]. Of a training, [Training]; of
// several, [Trainings]. Of the rows of an experiment, [Intervals], [Ranks] over data
// sets, [LearningCurves], and a metric against a setting, [Sensitivities]. Of the three
// cases of Figure 2 of Wang et al., CVPR 2019, [Scenarios].
//
// # Axes
//
// The weight of a pair is w = |∂L/∂S|, of an ordered pair, the row of S being its
// anchor. The axes show m·w, m being the number of anchors: the scale of Wang et al.,
// CVPR 2019, eqs. 13 and 14. Where a gradient has the sign that eq. 3 excludes the
// weight is drawn below zero, and the figure says so.
//
// # Decisions
//
// They were taken by looking at the losses of the paper's Table 1 on batches of real
// features.
//
//   - The weight axis is linear. Steps (contrastive), counts (triplet), sigmoids
//     (binomial) and soft-max shares (Multi-Similarity) keep their shape on it. On a
//     logarithmic axis the 95 % of Multi-Similarity's negatives with m·w below 1e-4,
//     which move nothing, take nine tenths of the panel, and zero has no place. Each
//     panel says how many of its pairs have a weight at all.
//   - Positives and negatives have separate axes, because weights of the few positives
//     are often a hundred times those of the many negatives.
//   - Positives are discs, or dashes where they are lines; negatives are triangles, or
//     solid lines. Colour is never the only difference.
//   - A panel of more than a few thousand pairs is an image inside the vector drawing.
//     Its dots have the printed size, and each pixel has the mean of the dots on it,
//     stronger where there are more. Text and axes stay vectors.
//   - Over a training, shares are on axes of percent that losses have in common. What
//     spans decades (the effective number of pairs, the weights of unlike losses) is on
//     logarithmic ones. A step at which nothing has weight is a gap there, and zero on
//     the linear axes.
//   - Colours are viridis without its light end, dark for high N and P. They span the
//     middle 98 % of the weight and not of the pairs: most negatives have next to none,
//     and would take the scale from those that matter.
package plots
