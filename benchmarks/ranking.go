package benchmarks

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gpwbench/internal/f32"
)

func evaluate(q, g side, self bool, o Options, t tiling) (*Scores, error) {
	for _, k := range o.Ks {
		if k < 1 {
			return nil, fmt.Errorf("benchmarks: Recall@%d: K is at least 1", k)
		}
	}
	r := newRanking(q, g, self, o, t)
	r.positives()
	r.negatives()
	s := r.scores(o)
	if s.Lonely == s.Queries {
		return nil, errors.New("benchmarks: no query has a positive in the gallery: are these the labels of these embeddings?")
	}
	if o.Clustering {
		c, err := Cluster(q.x, q.labels)
		if err != nil {
			return nil, err
		}
		s.Clustering = &c
	}
	return s, nil
}

// A ranking is what is known of all queries so far, in class order. First come the positives of each; then, against the best of them,
// the negatives are only counted.
type ranking struct {
	pass
	queries, gallery side
	self             bool // query i is gallery row i

	lo, hi   []int32   // the gallery rows of the query's class
	best     []float32 // the largest similarity of a positive; +∞ for a lonely query, so that nothing counts
	posEqual []int32   // positives as similar as the best
	above    []int32   // negatives above the best
	equal    []int32   // negatives as similar
	topR     []topR    // with MAP@R
}

func newRanking(q, g side, self bool, o Options, t tiling) *ranking {
	n := len(q.labels)
	r := &ranking{pass: newPass(q.x, g.x, t), queries: q, gallery: g, self: self}
	counts := make([]int32, 5*n)
	for k, to := range []*[]int32{&r.lo, &r.hi, &r.posEqual, &r.above, &r.equal} {
		*to = counts[k*n : (k+1)*n : (k+1)*n]
	}
	r.best = make([]float32, n)
	if o.MAPAtR {
		r.topR = make([]topR, n)
	}
	lo, hi := 0, 0
	for i, class := range q.labels { // classes ascend on both sides
		for lo < len(g.labels) && g.labels[lo] < class {
			lo++
		}
		for hi = max(hi, lo); hi < len(g.labels) && g.labels[hi] == class; {
			hi++
		}
		r.lo[i], r.hi[i] = int32(lo), int32(hi)
	}
	return r
}

// fewQueries are looked at together for their positives, which lie near the diagonal: more would compute similarities of more negatives.
const fewQueries = 48

// positives finds the best positive of every query.
func (r *ranking) positives() {
	r.blocks(func(w *worker, from, to int) {
		for ; from < to; from += fewQueries {
			r.positivesBetween(w, from, min(from+fewQueries, to))
		}
	})
}

// positivesBetween finds those of queries from to to-1.
func (r *ranking) positivesBetween(w *worker, from, to int) {
	// Classes ascend, so the segments of all these queries lie between that of the first and that of the last.
	last := int(r.hi[to-1])
	for start := int(r.lo[from]); start < last; start += r.tiling.cols {
		s := r.tile(w, from, to, start, min(start+r.tiling.cols, last))
		for i := range s.Rows {
			r.positivesOf(from+i, start, s.Row(i))
		}
	}
	for i := from; i < to; i++ {
		if r.posEqual[i] == 0 {
			r.best[i] = float32(math.Inf(1))
		}
		if r.topR != nil {
			r.topR[i].begin()
		}
	}
}

// positivesOf takes the positives among the similarities of a query with gallery rows start and following.
func (r *ranking) positivesOf(query, start int, row []float32) {
	for j := max(start, int(r.lo[query])); j < min(start+len(row), int(r.hi[query])); j++ {
		if r.self && j == query {
			continue
		}
		s := row[j-start]
		switch {
		case r.posEqual[query] == 0 || s > r.best[query]:
			r.best[query], r.posEqual[query] = s, 1
		case s == r.best[query]:
			r.posEqual[query]++
		}
		if r.topR != nil {
			r.topR[query].positive(s)
		}
	}
}

// negatives counts the negatives of every query.
func (r *ranking) negatives() {
	switch c := r.coarse(); {
	case c != nil:
		r.blocks(func(w *worker, from, to int) { r.byIntegers(c, w, from, to) })
	case r.self:
		r.half(r.count, r.countColumns)
	default:
		r.whole(r.count)
	}
}

// count takes the negatives among the similarities of queries from and following with gallery rows start and following.
func (r *ranking) count(w *worker, s f32.Matrix, from, start int) {
	for i := range s.Rows {
		query, row := from+i, s.Row(i)
		if r.posEqual[query] == 0 {
			continue
		}
		r.countRow(query, row[:min(len(row), max(0, int(r.lo[query])-start))])
		r.countRow(query, row[min(len(row), max(0, int(r.hi[query])-start)):])
	}
}

// countRow takes similarities of a query with negatives.
func (r *ranking) countRow(query int, negatives []float32) {
	above, equal := f32.CountAbove(negatives, r.best[query])
	r.above[query] += int32(above)
	r.equal[query] += int32(equal)
	if r.topR != nil {
		r.topR[query].negatives(negatives)
	}
}

// countColumns takes the negatives among the similarities of rows from and following with the queries start and following, which all
// come after them.
func (r *ranking) countColumns(w *worker, s f32.Matrix, from, start int) {
	if r.topR != nil {
		r.count(w, w.turn(s), start, from)
		return
	}
	// Classes ascend, so only the class of the last row can reach into the columns. Its queries count the rows before their class.
	to, end := from+s.Rows, start+s.Cols
	shared := max(start, min(end, int(r.hi[to-1])))
	before := max(from, int(r.lo[to-1]))
	r.countBlock(s.Slice(0, before-from).Columns(0, shared-start), start)
	r.countBlock(s.Columns(shared-start, s.Cols), shared)
}

// countBlock counts for the queries start and following, one a column, in rows that are all negatives.
func (r *ranking) countBlock(s f32.Matrix, start int) {
	end := start + s.Cols
	f32.CountAboveColumns(s, r.best[start:end], r.above[start:end], r.equal[start:end])
}

// scores are the results, in the order of the caller's rows.
func (r *ranking) scores(o Options) *Scores {
	n := len(r.queries.rows)
	s := &Scores{Ks: slices.Clone(o.Ks), Queries: n, Above: make([]int32, n), Equal: make([]int32, n), PosEqual: make([]int32, n)}
	if o.MAPAtR {
		s.AP, s.RP = make([]Range, n), make([]Range, n)
	}
	for i, row := range r.queries.rows {
		if r.posEqual[i] == 0 {
			s.Above[row] = -1
			s.Lonely++
			continue
		}
		s.Above[row], s.Equal[row], s.PosEqual[row] = r.above[i], r.equal[i], r.posEqual[i]
		if r.equal[i] > 0 {
			s.Ties++
		}
		if o.MAPAtR {
			s.AP[row], s.RP[row] = r.topR[i].precision()
		}
	}
	return s
}
