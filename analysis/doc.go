// Package analysis makes of weights what people look at: the data of figures, pure and apart from any drawing. A [Cloud] is the pairs
// of one batch under one loss; it is counted by [Cloud.Tally] and averaged along S by [Cloud.Curve].
//
// It also keeps the snapshots of a run's weights on disk, because those who write them and those who draw them do not know each other.
package analysis
