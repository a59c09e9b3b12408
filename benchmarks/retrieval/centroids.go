package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"math"
)

// NearestCentroid says of each query whether the centroid of its class is the most
// similar of all centroids: 1 or 0, or with equal ones the share of its own among them.
// A centroid is the mean of the unit vectors of a class in the gallery, less the query
// itself where rows search each other (g is nil). Similarity is the cosine. counted is
// false of a query whose class has no such row. A class whose vectors cancel out has no
// centroid, and its queries have 0; directionless counts such classes.
//
// The time is N·C·D for C classes, and the memory that of the centroids in float64.
func NearestCentroid(ctx context.Context, q Vectors, ql []int, g *Vectors, gl []int) (found []Range, counted []bool, directionless int, err error) {
	if err := checkSide("queries", q, ql); err != nil {
		return nil, nil, 0, err
	}
	queries := inClassOrder(q, ql)
	gallery := queries
	if g != nil {
		if err := checkSide("gallery", *g, gl); err != nil {
			return nil, nil, 0, err
		}
		if q.Cols != g.Cols {
			return nil, nil, 0, fmt.Errorf("retrieval: queries have %d dimensions, the gallery %d: they must come from one model", q.Cols, g.Cols)
		}
		gallery = orderedByClass(*g, gl, false) // of which the sums alone are compared
	}

	c := newCentroids(gallery)
	found, counted = make([]Range, q.Rows), make([]bool, q.Rows)
	if c.with == 0 {
		for i, row := range queries.rows {
			counted[row] = c.of(queries, i, g == nil) > 0
		}
		return found, counted, len(c.sizes), nil
	}

	r, err := c.ranking(cmp.Or(ctx, context.Background()), queries, g == nil)
	if err != nil {
		return nil, nil, 0, err
	}
	r.negatives()
	if err := r.ctx.Err(); err != nil {
		return nil, nil, 0, err
	}

	for i, row := range queries.rows {
		counted[row] = c.of(queries, i, g == nil) > 0
		if r.posEqual[i] == 0 || r.above[i] > 0 {
			continue
		}
		found[row] = Range{Expected: 1 / float64(1+r.equal[i]), High: 1}
		if r.equal[i] == 0 {
			found[row].Low = 1
		}
	}
	return found, counted, len(c.sizes) - c.with, nil
}

// Centroids are the sums of the unit vectors of each class.
type centroids struct {
	cols    int
	place   map[int]int // of a class
	classes []int
	sizes   []int
	sums    []float64
	with    int // how many have a direction
}

func newCentroids(s side) *centroids {
	c := &centroids{cols: s.x.Cols, place: map[int]int{}}
	unit := make([]float64, c.cols)
	for i, class := range s.labels {
		k, known := c.place[class]
		if !known {
			k = len(c.sizes)
			c.place[class] = k
			c.classes, c.sizes = append(c.classes, class), append(c.sizes, 0)
			c.sums = append(c.sums, make([]float64, c.cols)...)
		}
		c.sizes[k]++
		s.direction(i, unit)
		for d, v := range unit {
			c.sum(k)[d] += v
		}
	}

	for k, size := range c.sizes {
		if c.directed(c.sum(k), size) {
			c.with++
		}
	}
	return c
}

func (c *centroids) sum(k int) []float64 { return c.sums[k*c.cols : (k+1)*c.cols] }

// cancelled is the share of its rows' lengths below which a sum is rounding.
const cancelled = 1e-9

// directed reports whether a sum of unit vectors is more than rounding.
func (c *centroids) directed(sum []float64, size int) bool {
	return math.Sqrt(dot64(sum, sum)) > cancelled*float64(size)
}

// of returns the number of rows in the centroid of a query's class.
func (c *centroids) of(queries side, i int, self bool) int {
	k, known := c.place[queries.labels[i]]
	if !known {
		return 0
	}
	if self {
		return c.sizes[k] - 1
	}
	return c.sizes[k]
}

// ranking is that of the queries among the centroids. The best positive of each is its
// own.
func (c *centroids) ranking(ctx context.Context, queries side, self bool) (*ranking, error) {
	data, labels, largest := []float64{}, []int{}, 0
	for k, size := range c.sizes {
		largest = max(largest, size)
		if c.directed(c.sum(k), size) {
			data, labels = append(data, c.sum(k)...), append(labels, c.classes[k])
		}
	}
	rows, err := Float64(len(labels), c.cols, data)
	if err != nil {
		return nil, err
	}

	r := newRanking(ctx, queries, inClassOrder(rows, labels), false, Options{}, tiles)
	// Sums of as many rows are rounded by no more, and a difference of that size is a
	// tie.
	wide := 2*r.doubles.unit + float64(largest+c.cols)*0x1p-51
	r.blocks(func(_ *worker, from, to int) {
		unit, own := make([]float64, c.cols), make([]float64, c.cols)
		for i := from; i < to; i++ {
			r.low[i], r.high[i] = float32(math.Inf(1)), float32(math.Inf(1))
			size := c.of(queries, i, self)
			if size < 1 {
				continue
			}

			queries.direction(i, unit)
			copy(own, c.sum(c.place[queries.labels[i]]))
			if self {
				for d, v := range unit {
					own[d] -= v
				}
			}
			if !c.directed(own, size) {
				continue
			}

			t := 1 - dot64(unit, own)/math.Sqrt(dot64(own, own))
			r.posEqual[i], r.best[i] = 1, interval{t - wide, t, t + wide}
			r.low[i], r.high[i] = below(1-t-wide-r.error32), above(1-t+wide+r.error32)
		}
	})
	return r, ctx.Err()
}
