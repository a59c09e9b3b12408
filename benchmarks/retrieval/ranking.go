package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

func evaluate(ctx context.Context, q, g side, self bool, o Options, t tiling) (*Scores, error) {
	for _, k := range o.Ks {
		if k < 1 {
			return nil, fmt.Errorf("retrieval: Recall@%d: K is at least 1", k)
		}
	}

	for i, row := range o.Only {
		if row < 0 || row >= len(q.rows) || i > 0 && row <= o.Only[i-1] {
			return nil, fmt.Errorf("retrieval: query %d of %d cannot be ranked: Options.Only are rows, ascending", row, len(q.rows))
		}
	}

	if o.Rules.Reranking.On() && (o.Only != nil || o.Keeper != nil) {
		return nil, errors.New("retrieval: re-ranking is of all queries at a time: neither some of them nor blocks of them")
	}

	s, err := rankAll(ctx, q, g, self, o, t)
	if err != nil {
		return nil, err
	}
	if s.WithoutPositives == s.Queries {
		return nil, ErrNoPositives
	}
	if o.Clustering {
		if s.Clustering, s.NoClustering, err = q.cluster(ctx, o.Starts); err != nil {
			return nil, err
		}
	}

	return s, nil
}

// rankAll ranks all queries at a time, or block by block where that is asked for.
func rankAll(ctx context.Context, q, g side, self bool, o Options, t tiling) (*Scores, error) {
	if o.Only != nil || o.Keeper != nil {
		return evaluateBlocks(ctx, q, g, self, o, t)
	}

	r := newRanking(ctx, q, g, self, o, t)
	if err := r.apply(o.Rules); err != nil {
		return nil, err
	}
	r.positives()
	r.told = newProgress(o.Compared, len(q.rows), r.pairsToCompare())
	r.negatives()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.scores(o), nil
}

// A ranking holds the state of all queries, in class order. First the positives of each
// query are read; then the negatives are compared with its best positive, and counted.
// Similarities in float32 decide most of them, and float64 decides those within the
// bound.
type ranking struct {
	pass
	queries, gallery side
	self             bool    // query i is gallery row i
	own              []int32 // the gallery rows that the queries are; nil where they are none, or all
	doubles          doubles
	error32          float64

	lo, hi    []int32    // the gallery rows of the query's class
	best      []interval // 1 − S of the best positive
	bestRow   []int32
	low, high []float32 // a similarity in float32 above high is above the best positive; +∞ where nothing is counted by them
	posEqual  []int32   // positives as similar as the best
	above     []int32   // negatives above the best
	equal     []int32   // negatives that are equal, or too close to order
	decided   []int32   // negatives that float32 left open and float64 decided
	unsure    []bool    // queries whose result float64 cannot decide
	topR      []topR    // with MAP@R
	list      []float32 // with MAP@R: the least similarity that levels need; +∞ where they need none
	rules     *relation // nil where classes alone decide
	relevant  []int32   // positives, and
	counted   []int32   // negatives, of rules
}

func newRanking(ctx context.Context, q, g side, self bool, o Options, t tiling) *ranking {
	return rankingOf(ctx, q, g, self, o, t, newDoubles(q, g))
}

// rankingOf is newRanking with the comparison in float64 of the two sides.
func rankingOf(ctx context.Context, q, g side, self bool, o Options, t tiling, d doubles) *ranking {
	n := len(q.rows)
	r := &ranking{pass: newPass(ctx, q, g, t), queries: q, gallery: g, self: self, doubles: d, error32: error32(q.x.Cols)}
	counts := make([]int32, 9*n)

	for k, to := range []*[]int32{&r.lo, &r.hi, &r.posEqual, &r.above, &r.equal, &r.decided, &r.bestRow, &r.relevant, &r.counted} {
		*to = counts[k*n : (k+1)*n : (k+1)*n]
	}
	r.best, r.unsure = make([]interval, n), make([]bool, n)
	r.low, r.high = make([]float32, n), make([]float32, n)
	if o.tiers() {
		r.topR, r.list = make([]topR, n), make([]float32, n)
	}

	if o.Rules.Labels != nil { // positives may be anywhere
		for i := range n {
			r.hi[i] = int32(len(g.rows))
			if o.tiers() {
				r.topR[i].depth = o.Depth
			}
		}
		return r
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
		if o.tiers() {
			r.topR[i].depth = o.Depth
			r.topR[i].positives = make([]scored, 0, hi-lo)
		}
	}

	return r
}

// fewQueries is the number of queries whose positives are found together. Positives lie
// near the diagonal, and with more queries the tiles would have more negatives.
const fewQueries = 48

// positives finds the best positive of every query.
func (r *ranking) positives() {
	r.blocks(func(w *worker, from, to int) {
		for ; from < to; from += fewQueries {
			next := min(from+fewQueries, to)
			r.moving(from, next, func() { r.positivesBetween(w, from, next) })
		}
	})
}

// positivesBetween finds the positives of queries from to to-1.
func (r *ranking) positivesBetween(w *worker, from, to int) {
	for k := range w.best {
		w.best[k].rows = w.best[k].rows[:0]
	}

	// Classes ascend, so the segments of all these queries lie between the first query's
	// and the last query's.
	last := int(r.hi[to-1])
	for start := int(r.lo[from]); start < last; start += r.tiling.cols {
		s := r.tile(w, from, to, start, min(start+r.tiling.cols, last))
		for i := range s.Rows {
			r.positivesOf(from+i, start, s.Row(i), &w.best[i])
		}
	}

	for i := from; i < to; i++ {
		r.findBest(i, &w.best[i-from])
		if r.topR != nil {
			r.topR[i].begin(r.error32)
			r.topR[i].bestLow, r.topR[i].bestHigh = r.low[i], r.high[i]
			r.follow(i)
		}
	}
}

// bestCandidates are the positives of a query that may be the most similar.
type bestCandidates struct {
	most float32
	rows []scored
}

// A scored is a gallery row with its similarity in float32.
type scored struct {
	similarity float32
	row        int32
}

// positivesOf reads the positives among the similarities of a query with gallery rows
// start and following.
func (r *ranking) positivesOf(query, start int, row []float32, f *bestCandidates) {
	for j := max(start, int(r.lo[query])); j < min(start+len(row), int(r.hi[query])); j++ {
		if r.is(query, j) || r.rules != nil && !r.rules.positive(query, j) {
			continue
		}
		r.relevant[query]++
		p := scored{row[j-start], int32(j)}
		if len(f.rows) == 0 || p.similarity > f.most {
			f.most = p.similarity
		}
		if r.mayBeBest(p, f) {
			f.rows = append(f.rows, p)
		}

		if r.topR != nil {
			r.topR[query].positive(p)
		}
	}
}

// is reports whether a query is a row of the gallery, which it does not find.
func (r *ranking) is(query, row int) bool {
	return r.self && query == row || r.own != nil && int(r.own[query]) == row
}

func (r *ranking) mayBeBest(p scored, f *bestCandidates) bool {
	return float64(p.similarity) >= float64(f.most)-2*r.error32
}

// findBest finds the best positive in float64, and the bounds beyond which negatives
// are surely above or below it.
func (r *ranking) findBest(query int, f *bestCandidates) {
	if len(f.rows) == 0 {
		r.low[query], r.high[query] = float32(math.Inf(1)), float32(math.Inf(1))
		return
	}

	best := interval{math.Inf(1), math.Inf(1), math.Inf(1)}
	for _, p := range f.rows {
		if r.mayBeBest(p, f) {
			t := r.doubles.best(query, int(p.row))
			if t.at < best.at {
				best.at, r.bestRow[query] = t.at, p.row
			}

			best.low, best.high = min(best.low, t.low), min(best.high, t.high)
		}
	}

	for _, p := range f.rows {
		if r.mayBeBest(p, f) {
			if r.doubles.compare(query, int(p.row), best) == together {
				r.posEqual[query]++
			}
		}
	}

	r.best[query] = best
	r.low[query], r.high[query] = below(1-best.high-r.error32), above(1-best.low+r.error32)
}

// symmetric reports whether a tile counts for its rows and for its columns. Integers do
// so only where all rows are in memory.
func (r *ranking) symmetric() bool {
	return r.self && r.rules == nil && r.moved == nil && (r.q.side.x.Data != nil || !r.integers())
}

// pairsToCompare returns the number of pairs in the tiles of a pass.
func (r *ranking) pairsToCompare() (pairs int64) {
	n, m := len(r.queries.rows), len(r.gallery.rows)
	if !r.symmetric() {
		return int64(n) * int64(m)
	}
	for from := 0; from < n; from += r.tiling.rows {
		pairs += int64(min(r.tiling.rows, n-from)) * int64(n-from)
	}
	return pairs
}

// negatives counts the negatives of every query.
func (r *ranking) negatives() {
	symmetric := r.symmetric()
	r.eachWindow(symmetric, func() {
		switch c := r.prefilter(); {
		case c != nil:
			r.blocks(func(w *worker, from, to int) { r.byIntegers(c, w, from, to) })
		case r.moved != nil:
			r.blocks(r.countMoved)
		case symmetric:
			r.eachSymmetricTile(r.count, r.countColumns)
		default:
			r.eachTile(r.count)
		}
	})
}

// countMoved counts the negatives of queries from to to-1 whose rows are ordered anew.
func (r *ranking) countMoved(w *worker, from, to int) {
	for ; from < to; from += fewQueries {
		next := min(from+fewQueries, to)
		r.moving(from, next, func() { r.eachTileOf(w, from, next, r.g.from, r.g.to, r.count) })
	}
}

// moving calls f while it is known which rows are ordered anew for queries from to to-1.
// These are found again for each pass, because to keep them could take a matrix of all
// pairs.
func (r *ranking) moving(from, to int, f func()) {
	if r.moved != nil {
		r.moved.open(from, to, len(r.gallery.rows))
		defer r.moved.close(from, to)
	}
	f()
}

// count counts the negatives among the similarities of queries from and following with
// gallery rows start and following.
func (r *ranking) count(w *worker, s matrix.Matrix, from, start int) {
	for i := range s.Rows {
		query, row := from+i, s.Row(i)
		if r.posEqual[query] == 0 {
			continue
		}
		if r.rules != nil {
			r.countRuled(w, query, start, row)
			continue
		}
		r.countRow(w, query, start, row[:min(len(row), max(0, int(r.lo[query])-start))])
		after := min(len(row), max(0, int(r.hi[query])-start))
		r.countRow(w, query, start+after, row[after:])
	}
}

// countRow counts negatives of a query, gallery rows start and following.
func (r *ranking) countRow(w *worker, query, start int, negatives []float32) {
	if r.lists(query) {
		f32.Reaching(w.foundOf(len(negatives)), negatives, r.list[query])
		w.eachFound(func(j int) { r.listed(query, start+j, negatives[j]) })
		return
	}

	low, high := r.low[query], r.high[query]
	above, reach := f32.CountAbove(negatives, low, high)
	r.above[query] += int32(above)
	if reach > above {
		for j, s := range negatives {
			if s >= low && s <= high {
				r.countUndecided(query, start+j)
			}
		}
	}
}

// countUndecided counts a negative that float32 cannot order, by float64.
func (r *ranking) countUndecided(query, row int) {
	switch r.doubles.compare(query, row, r.best[query]) {
	case nearer:
		r.above[query]++
		r.decided[query]++
	case farther:
		r.decided[query]++
	default:
		r.equal[query]++
		r.unsure[query] = r.unsure[query] || !r.doubles.equals(row, int(r.bestRow[query]))
	}
}

// countColumns counts the negatives among the similarities of rows from and following
// with the queries start and following, which all come after them.
func (r *ranking) countColumns(w *worker, s matrix.Matrix, from, start int) {
	// Classes ascend, so only the class of the last row can reach into the columns. Its
	// queries count only the rows before their class.
	to, end := from+s.Rows, start+s.Cols
	shared := max(start, min(end, int(r.hi[to-1])))
	before := max(from, int(r.lo[to-1]))
	r.countBlock(w, s.Slice(0, before-from).Columns(0, shared-start), from, start)
	r.countBlock(w, s.Columns(shared-start, s.Cols), from, shared)
}

// countBlock counts the negatives of the queries start and following, one a column. The
// rows from and following are all negatives.
func (r *ranking) countBlock(w *worker, s matrix.Matrix, from, start int) {
	end := start + s.Cols
	above, reach := w.zeros(s.Cols)
	f32.CountAboveColumns(s, r.low[start:end], r.high[start:end], above, reach)

	for j, n := range above {
		query := start + j
		r.above[query] += n
		if reach[j] == n {
			continue
		}

		for i := range s.Rows {
			if v := s.Data[i*s.Stride+j]; v >= r.low[query] && v <= r.high[query] {
				r.countUndecided(query, from+i)
			}
		}
	}

	if r.topR == nil {
		return
	}
	least := append(w.least[:0], r.list[start:end]...)
	w.least = least
	for i := range s.Rows {
		row := s.Row(i)
		f32.ReachingEach(w.foundOf(len(row)), row, least)
		w.eachFound(func(j int) {
			if query := start + j; r.listed(query, from+i, row[j]) {
				// A query that lists no more is counted by its thresholds from the next
				// tile on, so the rest of this one is still compared here.
				least[j] = min(r.list[query], r.topR[query].bestLow)
			}
		})
	}
}

// scores returns the results in the order of the caller's rows.
func (r *ranking) scores(o Options) *Scores {
	s := newScores(o, len(r.queries.rows))
	for i, row := range r.queries.rows {
		result := r.result(i)
		s.add(row, &result)
	}

	r.profiles(o.Profile)
	return s
}

// result returns that of a query.
func (r *ranking) result(i int) Result {
	result := Result{Row: int32(r.queries.rows[i]), Above: -1}
	if r.posEqual[i] == 0 {
		return result
	}

	result.Above, result.Equal, result.PosEqual = r.above[i], r.equal[i], r.posEqual[i]
	result.Negatives, result.Decided, result.Undecided = int32(r.negativesOf(i)), r.decided[i], r.unsure[i]
	if r.topR != nil {
		var mixed bool
		result.AP, result.RP, mixed = r.topR[i].precision()
		result.Undecided = result.Undecided || mixed
	}
	return result
}

// newScores returns scores of n queries, to which results are added.
func newScores(o Options, n int) *Scores {
	s := &Scores{Ks: slices.Clone(o.Ks), Queries: n, Sample: o.Sample, Above: make([]int32, n), Equal: make([]int32, n), PosEqual: make([]int32, n)}
	if o.MAPAtR {
		s.AP, s.RP = make([]Range, n), make([]Range, n)
	}
	return s
}

// add adds the result of a query.
func (s *Scores) add(at int, r *Result) {
	s.Above[at], s.Equal[at], s.PosEqual[at] = r.Above, r.Equal, r.PosEqual
	if r.Above < 0 {
		s.WithoutPositives++
		return
	}

	negatives := int(r.Negatives)
	s.Negatives = max(s.Negatives, negatives)
	s.compared += negatives
	if r.Equal > 0 {
		s.Ties++
	}
	if int(r.Equal) < negatives {
		s.ordered++
	}
	if r.Decided > 0 {
		s.Decided += int(r.Decided)
		s.DecidedQueries++
	}
	if s.AP != nil {
		s.AP[at], s.RP[at] = r.AP, r.RP
	}
	if r.Undecided {
		s.Undecided++
	}
}
