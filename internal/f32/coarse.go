package f32

import (
	"fmt"
	"math"
)

// A Coarse tells on which side of a threshold a similarity lies, for most pairs of a query and a gallery row from the product of their
// words, an integer. It is never wrong: pairs that are too close to tell are left open, for [MulPairs].
//
// Let x = s·q + r be a query and y = t·p + u a gallery row, q and p integers. Then x·y − s·t·q·p = x·u + r·(y − u), which is at most
// ‖x‖·‖u‖ + ‖r‖·(‖y‖ + ‖u‖) by Cauchy and Schwarz. The similarity in float32 is within γ·‖x‖·‖y‖ of x·y, γ = n·ε/(1 − n·ε), ε = 2⁻²⁴,
// if none of its products is rounded more than n times (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., lemma 3.1 and
// equation 3.5): once in the twin, then in each sum of its chain of at most depthBlock, and in each sum of chains.
type Coarse struct {
	queries, gallery *Words
	both             bool // the queries are the gallery, and a product counts for both of its rows
	unit             float64
	slack            float64 // the float32 similarity is within slack of unit times the integer
	lo, hi           []int32
	panels           []queryPanel
}

// A queryPanel is what is known of a panel of queries.
type queryPanel struct {
	bounds
	lo, hi int // what any of them skips lies in gallery rows lo..hi-1
}

// bounds are those of a panel of queries: an integer above high says that the similarity is above the threshold, one below low that it is
// below. Of a query that counts nothing both are [never], for no integer is as large.
type bounds struct{ low, high [panelRows]int32 }

const never = math.MaxInt32

// NewCoarse compares queries with the gallery, or with each other if both are the same. Query k has a threshold, which +Inf says that
// nothing is above, and skips gallery rows lo[k]..hi[k]-1. Where the queries are the gallery, k is one of those, and they skip it too.
func NewCoarse(queries, gallery *Words, thresholds []float32, lo, hi []int32) *Coarse {
	n := queries.rows
	if queries.cols != gallery.cols || len(thresholds) != n || len(lo) != n || len(hi) != n {
		panic(fmt.Sprintf("f32: NewCoarse: %d×%d queries, %d thresholds, %d and %d rows to skip, and a gallery of %d columns: they do not fit",
			n, queries.cols, len(thresholds), len(lo), len(hi), gallery.cols))
	}
	c := &Coarse{queries: queries, gallery: gallery, both: queries == gallery, unit: queries.scale * gallery.scale, lo: lo, hi: hi}
	c.slack = slack(queries, gallery)
	c.panels = make([]queryPanel, ceil(n, panelRows))
	for i := range c.panels {
		p := &c.panels[i]
		*p = queryPanel{bounds: nobody, lo: gallery.rows}
		for k := i * panelRows; k < min((i+1)*panelRows, n); k++ {
			p.low[k%panelRows], p.high[k%panelRows] = c.around(float64(thresholds[k]))
			p.lo, p.hi = min(p.lo, int(lo[k])), max(p.hi, int(hi[k]))
		}
	}
	return c
}

// nobody are the bounds of rows that are no queries.
var nobody = func() (b bounds) {
	for k := range panelRows {
		b.low[k], b.high[k] = never, never
	}
	return b
}()

// slack returns how far the integer and the float32 similarity can be apart.
func slack(x, y *Words) float64 {
	n := float64(min(x.cols, depthBlock)+ceil(x.cols, depthBlock)+2) * 0x1p-24 // one more for denormal numbers
	gamma := n / (1 - n)
	return upwards * (x.norm*y.rest + x.rest*(y.norm+y.rest) + gamma*x.norm*y.norm)
}

// around returns the least and the greatest integer that leave open whether a similarity is above the threshold, or one or two beyond.
func (c *Coarse) around(threshold float64) (low, high int32) {
	low64 := math.Floor((threshold-c.slack)/c.unit) - 1
	high64 := math.Ceil((threshold+c.slack)/c.unit) + 1
	return int32(max(-never, min(low64, never))), int32(max(-never, min(high64, never)))
}
