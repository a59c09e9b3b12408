// Package search proposes points of a space of settings that are worth trying.
//
// A [Space] has a [Dimension] for each setting. [Space.Propose] gives the point of a
// trial from the results of earlier ones: first the settings as they are, then points
// of a quasi-random sequence, then those that a tree-structured Parzen estimator
// proposes (Bergstra et al., NIPS 2011). Trials come in generations: a proposal depends
// on the generations before its own and on the seed, never on which trial ended first,
// so any number of workers finds the same.
//
// # Why this estimator
//
// A trial costs seconds to minutes, there are some thirty for a loss, and its value has
// noise. Quasi-random points cover a few dimensions more evenly than random ones. The
// estimator needs no scale or smoothness of the value, only its order, takes failed
// trials as the worst, and costs microseconds. Successive halving would stop trainings
// early, which protocol holdout does for every trial at no cost: each has a curve over
// its steps.
package search
