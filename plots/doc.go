// Package plots draws figures of pair weights: data in, bytes out. A [Figure] is one
// drawing in three formats ([Figure.SVG], [Figure.PDF], [Figure.PNG]), with the data it
// shows ([Figure.CSV], [Figure.JSON]). Every function takes a [Print]: [Page], [Column],
// or [Options] with limits, a [Scale] and what is left out.
//
// # Which figure
//
// Of batches, as [analysis.NewScatter] makes them:
//
//   - [Weights] shows one loss, coloured by what N and P are counted from; [Against] has
//     N and P as axes.
//   - [Compare] sets two or three losses side by side; [Overview] shows many.
//   - [Heatmaps] has the weight as colour over two similarities.
//
// Of one pair that moves, [Sweeps], [SweepMultiples] and, for values of a parameter,
// [Families]. Of a training, [Training]; of several, [Trainings]. Of the rows of an
// experiment, [Intervals], [Ranks] over data sets, [LearningCurves], and a metric against
// a setting, [Sensitivities]. Of the three cases of Figure 2 of Wang et al., CVPR 2019,
// [Scenarios].
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
//   - The weight axis is linear where its pairs can be seen on it. Steps (contrastive),
//     counts (triplet), sigmoids (binomial) and soft-max shares keep their shape on it.
//     Where more than half of the weighted pairs are below a hundredth of the largest
//     (Multi-Similarity's negatives), it is logarithmic over five decades, with a tick
//     for zero apart from its numbers. Each panel says how few pairs have half of the
//     weight.
//   - Positives and negatives have separate axes, because weights of the few positives
//     are often a hundred times those of the many negatives.
//   - Positives are discs, or dashes where they are lines; negatives are triangles, or
//     solid lines. Colour is never the only difference.
//   - A panel of more than a few thousand pairs is an image inside the vector drawing.
//     Its dots have the printed size, and each pixel has the mean of the dots on it,
//     stronger where there are more. Text and axes stay vectors.
//   - Over a training, shares are on axes of percent that losses have in common. What
//     spans decades (the effective number of pairs, the weights of unlike losses) is on
//     logarithmic ones, which their names say. A step at which nothing has weight is a
//     gap there, and zero on the linear axes.
//   - Colours are viridis without its light end, dark for high values. They span the
//     middle 98 % of the weight and not of the pairs: most negatives have next to none,
//     and would take the scale from those that matter.
package plots
