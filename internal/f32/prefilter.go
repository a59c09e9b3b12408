package f32

import (
	"fmt"
	"math"
	"slices"
	"sync"
)

// A Search compares the similarities of queries and gallery rows with thresholds of each
// query. Query k skips gallery rows Lo[k]..Hi[k]-1.
type Search struct {
	Queries, Gallery Matrix

	// Both says that the queries are the gallery. If one query skips another, the other
	// then skips it too.
	Both bool

	Lo, Hi []int32
}

// Thresholds are two for each query of a tile, Low at most High. A query that is not
// counted has the thresholds +Inf. One that lists its pairs, and counts none, has High
// +Inf alone.
type Thresholds struct{ Low, High []float32 }

// lists reports whether a query lists its pairs.
func (h Thresholds) lists(k int) bool {
	return h.High[k] > math.MaxFloat32 && h.Low[k] <= math.MaxFloat32
}

// A Prefilter counts the similarities above the high thresholds of a tile, and lists the
// pairs between the two thresholds. Thresholds may rise from one tile to the next.
//
// It decides most pairs by the product of rows rounded to integers. A machine with VNNI
// computes these two or four times as fast as in float32. Pairs that are too close are
// computed again, so the counts are those of the similarities of [MulNT].
type Prefilter struct {
	Search
	extents [2]extent // of queries and gallery
	skips   []span    // of a panel of queries
	sums    float64   // bound of the rounding of a similarity in float32
	in8     *level
	in16    func() *level // for data of which 8 bits decide too little
}

// A span is gallery rows lo..hi-1.
type span struct{ lo, hi int }

// NewPrefilter returns the prefilter of a search. It is nil if the longest row of a side
// is not between 2⁻⁵⁰ and 2⁵⁰ long. It takes a byte a coordinate, and another two from
// the first tile on for which 8 bits are too few. It panics if the lengths do not fit.
func NewPrefilter(s Search) *Prefilter {
	check("NewPrefilter", s.Queries.Cols == s.Gallery.Cols, s.Queries, s.Gallery)
	n := s.Queries.Rows
	if len(s.Lo) != n || len(s.Hi) != n || s.Both && s.Gallery.Rows != n {
		panic(fmt.Sprintf("f32: NewPrefilter: %d queries, and %d and %d rows to skip: they do not fit", n, len(s.Lo), len(s.Hi)))
	}
	c := &Prefilter{Search: s, extents: [2]extent{extentOf(s.Queries), extentOf(s.Gallery)}}
	if !c.extents[0].usual() || !c.extents[1].usual() {
		return nil
	}

	c.sums = roundingUp * Gamma(s.Queries.Cols) * c.extents[0].norm * c.extents[1].norm
	c.skips = make([]span, ceil(n, panelRows))
	for i := range c.skips {
		c.skips[i] = span{lo: s.Gallery.Rows}
		for k := i * panelRows; k < min((i+1)*panelRows, n); k++ {
			c.skips[i] = span{min(c.skips[i].lo, int(s.Lo[k])), max(c.skips[i].hi, int(s.Hi[k]))}
		}
	}

	c.in8 = c.level(8)
	c.in16 = sync.OnceValue(func() *level { return c.level(16) })
	return c
}

// Rounding bounds the difference of two similarities of the same rows that are computed
// in float32, each in any order.
func (c *Prefilter) Rounding() float64 { return 2 * c.sums }

// Similarity returns the similarity of a pair with the bits of [MulNT].
func (c *Prefilter) Similarity(p Pair) float32 {
	var sums [1]float32
	mulPairs(sums[:], c.Queries, c.Gallery, []Pair{p})
	return sums[0]
}

// Gamma bounds the rounding of a similarity in float32, relative to the lengths of its
// rows: γ = n·ε/(1 − n·ε), ε = 2⁻²⁴, if no product is rounded more than n times (Higham,
// Accuracy and Stability of Numerical Algorithms, 2nd ed., lemma 3.1 and equation 3.5).
//
// A product is rounded once in the portable implementation, then in each sum of its chain
// of at most depthBlock, and in each sum of chains. One more rounding covers denormal
// numbers.
func Gamma(cols int) float64 { return gammaOf(min(cols, depthBlock) + ceil(cols, depthBlock) + 2) }

// FineWeights returns γ of the roundings of each product of a sum of [MulNTFine], which
// are fewer for the later ones of a chain. So the rounding of Σ x_k·y_k is at most
// Σ w_k·|x_k·y_k|, so it depends on where the rows are large.
func FineWeights(cols int) []float64 {
	weights := make([]float64, cols)
	chunks := ceil(cols, fineDepth)
	for k := range weights {
		end := min((k/fineDepth+1)*fineDepth, cols)
		weights[k] = gammaOf(end - k + chunks - k/fineDepth + 2)
	}
	return weights
}

// FastWeights is [FineWeights] for [FastDot]. Its chains are of every fastBlock-th
// product, and are added in five steps. Chunks of depthBlock are added in float64, and so
// are the products that are left over, which another rounding covers for any length below
// 2²⁸.
func FastWeights(cols int) []float64 {
	const steps = 5
	weights := make([]float64, cols)
	for k := range weights {
		end := min((k/depthBlock+1)*depthBlock, cols)
		weights[k] = gammaOf(ceil(end-k, fastBlock) + steps + 3)
	}
	return weights
}

// gammaOf returns γ for so many roundings.
func gammaOf(roundings int) float64 {
	n := float64(roundings) * 0x1p-24
	return n / (1 - n)
}

// A level compares integers of a number of bits.
//
// Let x = s·q + r be a query and y = t·p + u a gallery row, q and p integers. Then x·y −
// s·t·q·p = x·u + r·(y − u), which is at most ‖x‖·‖u‖ + ‖r‖·(‖y‖ + ‖u‖) by Cauchy and
// Schwarz.
type level struct {
	queries, gallery *quantized
	unit             float64

	// The float32 similarity is within slack of unit times the integer.
	slack float64
}

// bounds are those of a panel of queries. An integer above high proves that the
// similarity is above both thresholds, and one below low that it is below both. Both
// bounds of a query that is not counted are unreachable.
type bounds struct{ low, high [panelRows]int32 }

// unreachable is a bound that no integer reaches.
const unreachable = math.MaxInt32

// noBounds are the bounds of rows that are not queries.
var noBounds = func() (b bounds) {
	for k := range panelRows {
		b.low[k], b.high[k] = unreachable, unreachable
	}
	return b
}()

// level rounds the search to integers of that many bits.
func (c *Prefilter) level(bits int) *level {
	l := &level{gallery: quantize(c.Gallery, c.extents[1], bits)}
	l.queries = l.gallery
	if !c.Both {
		l.queries = quantize(c.Queries, c.extents[0], bits)
	}

	l.unit = l.queries.scale * l.gallery.scale
	l.slack = c.sums + roundingUp*(c.extents[0].norm*l.gallery.rest+l.queries.rest*(c.extents[1].norm+l.gallery.rest))

	return l
}

// boundsOf sets the bounds of the queries that have these thresholds, a panel each.
func (l *level) boundsOf(to []bounds, h Thresholds) []bounds {
	to = slices.Grow(to[:0], ceil(len(h.Low), panelRows))[:ceil(len(h.Low), panelRows)]
	for i := range to {
		b := &to[i]
		*b = noBounds
		for k := range min(panelRows, len(h.Low)-i*panelRows) {
			b.low[k], b.high[k] = l.around(float64(h.Low[i*panelRows+k]), float64(h.High[i*panelRows+k]))
		}
	}
	return to
}

// around returns the least and the greatest integer for which it is open whether a
// similarity is below the lower threshold or above the higher one. Either may be one or
// two too far.
func (l *level) around(lower, higher float64) (low, high int32) {
	low64 := math.Floor((lower-l.slack)/l.unit) - 1
	high64 := math.Ceil((higher+l.slack)/l.unit) + 1
	return int32(max(-unreachable, min(low64, unreachable))), int32(max(-unreachable, min(high64, unreachable)))
}
