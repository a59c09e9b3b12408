package losses

import (
	"fmt"
	"math"
)

// ScaledMean returns u = √D·mean(x) of a unit vector of D coordinates: its cosine with
// the diagonal (1, …, 1). It is 0 if the mean of the coordinates is 0, and ±1 if they
// are all equal. Their variance is (1 − u²)/D.
func ScaledMean[F float32 | float64](x []F) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	return sum / math.Sqrt(float64(len(x)))
}

// SetMeans gives b what losses with the trait [ReadsVectorMeans] read in addition to S:
// the [ScaledMean] of every anchor and of every candidate. b keeps both slices until it
// is reset. They may be the same slice if the candidates are the anchors. SetMeans panics
// unless each slice has one mean for each anchor or candidate.
func (b *Batch) SetMeans(anchors, candidates []float64) {
	if len(anchors) != b.m || len(candidates) != b.n {
		panic(fmt.Sprintf("losses: %d and %d means for %d anchors and %d candidates", len(anchors), len(candidates), b.m, b.n))
	}
	b.anchorMeans, b.candidateMeans, b.hasMeans = anchors, candidates, true
	b.byAnchorMeans, b.byCandidateMeans = resize(b.byAnchorMeans, b.m), resize(b.byCandidateMeans, b.n)
	clear(b.byAnchorMeans)
	clear(b.byCandidateMeans)
}

// MeansGradient returns the derivatives of the last evaluation by the means that SetMeans
// gave. S is constant in them, as the means are constant in G. The slices are b's own,
// and 0 after a loss that reads no means. A vector that is both an anchor and a candidate
// has a derivative in each.
func (b *Batch) MeansGradient() (anchors, candidates []float64) {
	return b.byAnchorMeans, b.byCandidateMeans
}

// checkMeans panics unless b has the means.
func checkMeans(b *Batch, loss string) {
	if !b.hasMeans {
		panic("losses: " + loss + " reads the means of the vectors as well as their similarities: give them to the Batch by SetMeans")
	}
}
