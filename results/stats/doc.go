// Package stats computes what several runs say about one metric: [Describe] gives a
// [Stat], its mean, its spread, and the 95 % interval by Student's t.
package stats
