package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A Neighbour is a row of the gallery with its similarity to a query, between −1 and 1.
// It is 1 for rows with the same bits.
type Neighbour struct {
	Row        int
	Similarity float32
}

// Lists are the neighbours of each query, as [Neighbours] and [NeighboursIn] find them.
type Lists struct {
	// Of holds, for each query, its neighbours in order, at most k.
	Of [][]Neighbour

	// Copies counts the queries that are in the gallery bit for bit; 0 where rows search
	// each other.
	Copies int

	// Undecided counts the queries with two neighbouring ranks up to k whose rows differ
	// and that float64 cannot order.
	Undecided int
}

// Neighbours returns for each row of x the k most similar others, or all where there are
// fewer. They are in descending order of similarity, and equals in the order of their
// rows. Pairs that float32 cannot order are ordered in float64 from the rows as given;
// pairs that are too close for that count as equal. Results are the same to the bit for
// any number of cores. The memory beside the result is 16·(k + 1) bytes a row, a tile for
// each core, and the directions in float32 up to 256 MiB; more are made 64 MiB at a time.
// A nil ctx never ends.
func Neighbours(ctx context.Context, x Vectors, k int) (*Lists, error) {
	l, err := search(ctx, x, nil, k)
	if err != nil {
		return nil, err
	}
	l.collect(0, x.Rows)
	return l.all()
}

// NeighboursIn returns for each row of q the k most similar rows of g. Otherwise it is
// the same as [Neighbours].
func NeighboursIn(ctx context.Context, q, g Vectors, k int) (*Lists, error) {
	l, err := search(ctx, q, &g, k)
	if err != nil {
		return nil, err
	}
	l.collect(0, q.Rows)
	all, err := l.all()
	if err != nil {
		return nil, err
	}

	all.Copies = l.doubles.copies()
	return all, nil
}

// EachNeighbours calls f with the neighbours of every query, in the order of the queries,
// as [Neighbours] finds them, or [NeighboursIn] where g is not nil. The list is valid
// during the call. An error of f ends the search and is returned. Lists that take more
// than 32 MiB together are collected for a part of the queries at a time, which takes
// twice the products where rows search each other.
func EachNeighbours(ctx context.Context, q Vectors, g *Vectors, k int, f func(query int, list []Neighbour) error) (copies, undecided int, err error) {
	l, err := search(ctx, q, g, k)
	if err != nil {
		return 0, 0, err
	}
	undecided, err = l.eachBlock(l.atOnce(listBytes), f)
	if g != nil && err == nil {
		copies = l.doubles.copies()
	}
	return copies, undecided, err
}

// search returns lists without room, of rows that search each other if g is nil.
func search(ctx context.Context, q Vectors, g *Vectors, k int) (*lists, error) {
	if g == nil {
		if err := checkLists(q, q, k); err != nil {
			return nil, err
		}
		s := inClassOrder(q, nil)
		return newLists(ctx, s, s, true, k, tiles), nil
	}

	if err := checkLists(q, *g, k); err != nil {
		return nil, err
	}
	if err := g.Check("gallery"); err != nil {
		return nil, err
	}
	queries, gallery := bothInClassOrder(q, nil, *g, nil)
	return newLists(ctx, queries, gallery, false, k, tiles), nil
}

// listBytes is the memory of the lists that are collected at a time.
const listBytes = 32 << 20

// atOnce returns the number of queries whose lists take no more than a number of bytes:
// all, or whole blocks.
func (l *lists) atOnce(bytes int) int {
	if n := bytes / (16 * l.held); n < len(l.keys) {
		return max(1, n/l.tiling.rows) * l.tiling.rows
	}
	return len(l.keys)
}

// eachBlock searches the gallery for a number of queries at a time.
func (l *lists) eachBlock(queries int, f func(query int, list []Neighbour) error) (undecided int, err error) {
	whole, n := l.q, len(l.keys)
	l.partly = queries < n
	for from := 0; from < n; from += queries {
		to := min(from+queries, n)
		l.q = whole
		l.q.from, l.q.to = from, to
		if whole.held {
			l.q.rows = whole.rows.Slice(from, to)
		}

		l.collect(from, to)
		found, err := l.all()
		if err != nil {
			return 0, err
		}
		undecided += found.Undecided
		for query := from; query < to; query++ {
			if err := f(query, found.Of[query]); err != nil {
				return 0, err
			}
		}
	}
	return undecided, nil
}

// lists collects the k neighbours of every query and the row behind them, and has room
// for twice as many. A full list is reduced to the rows that may be among these. From
// then on rows that are surely less similar are skipped. Without the row behind, whether
// float64 can order the last neighbour would depend on the order in which rows come.
type lists struct {
	pass
	self    bool
	k       int // neighbours
	held    int // k and the row behind, or all rows
	doubles doubles
	error32 float64
	partly  bool // queries are searched one part after the other
	keys    [][]uint64
	room    []uint64   // of the keys of all lists that are collected
	least   []float32  // of each query, the least similarity that is added
	never   []float32  // thresholds that nothing reaches
	own     [2][]int32 // the gallery rows that integers skip for each query: from, and to
}

// checkLists refuses what cannot be listed; it does not check the rows of g.
func checkLists(q, g Vectors, k int) error {
	switch {
	case k < 1:
		return fmt.Errorf("retrieval: %d neighbours: ask for 1 at least", k)
	case q.Rows < 1 || g.Rows < 1:
		return fmt.Errorf("retrieval: %d queries and %d rows of gallery: there is nothing to retrieve", q.Rows, g.Rows)
	case q.Cols != g.Cols:
		return fmt.Errorf("retrieval: queries have %d dimensions, the gallery %d: they must come from one model", q.Cols, g.Cols)
	}
	return q.Check("queries")
}

// listsIn returns empty lists of all queries.
func listsIn(ctx context.Context, q, g side, self bool, k int, t tiling) *lists {
	l := newLists(ctx, q, g, self, k, t)
	l.collect(0, len(q.rows))
	return l
}

// newLists returns lists without room.
func newLists(ctx context.Context, q, g side, self bool, k int, t tiling) *lists {
	n := len(q.rows)
	return &lists{
		pass: newPass(cmp.Or(ctx, context.Background()), q, g, t), self: self, k: min(k, len(g.rows)), held: min(k+1, len(g.rows)), doubles: newDoubles(q, g), error32: error32(q.x.Cols),
		keys: make([][]uint64, n), least: make([]float32, n),
	}
}

// collect makes empty lists for queries from to to-1, in the room of those before.
func (l *lists) collect(from, to int) {
	n := 2 * l.held
	l.room = slices.Grow(l.room[:0], n*(to-from))[:n*(to-from)]
	room := l.room
	for i := from; i < to; i++ {
		l.keys[i], room = room[:0:n], room[n:]
		l.least[i] = float32(math.Inf(-1))
	}
}

// all searches the gallery and returns what is found.
func (l *lists) all() (*Lists, error) {
	l.eachWindow(l.symmetric(), func() {
		switch c := l.prefilter(); {
		case c != nil:
			l.blocks(func(w *worker, from, to int) { l.byIntegers(c, w, from, to) })
		case l.symmetric():
			l.eachSymmetricTile(l.add, l.addColumns)
		default:
			l.eachTile(l.add)
		}
	})
	return l.neighbours()
}

// symmetric reports whether a tile adds to the lists of its rows and of its columns.
// Integers do so only where all rows are in memory.
func (l *lists) symmetric() bool {
	return l.self && !l.partly && (l.q.side.x.Data != nil || !l.integers())
}

// add adds the similarities of queries from and following with gallery rows start and
// following.
func (l *lists) add(w *worker, s matrix.Matrix, from, start int) {
	for i := range s.Rows {
		row := s.Row(i)
		f32.Reaching(w.foundOf(len(row)), row, l.least[from+i])
		w.eachFound(func(j int) { l.addPair(from+i, start+j, row[j]) })
	}
}

// addColumns adds the similarities of gallery rows from and following with the queries
// start and following.
func (l *lists) addColumns(w *worker, s matrix.Matrix, from, start int) {
	least := l.least[start : start+s.Cols]
	for i := range s.Rows {
		row := s.Row(i)
		f32.ReachingEach(w.foundOf(len(row)), row, least)
		w.eachFound(func(j int) { l.addPair(start+j, from+i, row[j]) })
	}
}

// addPair adds a row of the gallery that may be one of the first k.
func (l *lists) addPair(query, row int, s float32) {
	if s < l.least[query] || l.self && row == query {
		return
	}
	l.keys[query] = append(l.keys[query], key(s, row))
	if len(l.keys[query]) == 2*l.held {
		l.cut(query)
	}
}

// prefilter returns the prefilter that finds what reaches the thresholds with integers,
// or nil where they are not faster.
func (l *lists) prefilter() *prefilter {
	if !l.integers() {
		return nil
	}
	if l.never == nil {
		l.never = slices.Repeat([]float32{float32(math.Inf(1))}, max(l.tiling.rows, l.tiling.cols))
		l.own = [2][]int32{make([]int32, len(l.keys)), make([]int32, len(l.keys))}
		for i := range l.keys {
			if l.self {
				l.own[0][i], l.own[1][i] = int32(i), int32(i+1)
			}
		}
	}
	return l.pass.prefilter(l.symmetric(), l.own[0], l.own[1])
}

// byIntegers adds the gallery rows of queries from to to-1. Where too many of a tile are
// added, it is computed as similarities.
func (l *lists) byIntegers(c *prefilter, w *worker, from, to int) {
	start := l.g.from
	if c.both {
		start = from
	}

	for ; start < l.g.to && l.ctx.Err() == nil; start += l.tiling.cols {
		end := min(start+l.tiling.cols, l.g.to)
		rows, cols := l.thresholds(&w.thresholds[0], from, to), f32.Thresholds{}
		if c.both {
			cols = l.thresholds(&w.thresholds[1], start, end)
		}

		switch {
		case c.count(&w.tally, from, to, start, end, rows, cols):
			l.addListed(c, w.tally.Listed, from, to)
			if c.both {
				l.addListed(c, w.tally.Listed, max(start, to), end)
			}
		case c.both:
			l.eachUpperTileOf(w, from, to, start, end, l.add, l.addColumns)
		default:
			l.eachTileOf(w, from, to, start, end, l.add)
		}
	}
}

// thresholds are those of queries from to to-1, which count nothing.
func (l *lists) thresholds(memory *f32.Thresholds, from, to int) f32.Thresholds {
	memory.Low, memory.High = memory.Low[:0], l.never[:to-from]
	l.withQueries(from, to, func(i, k int) { memory.Low = append(memory.Low, l.least[i:k]...) })
	return *memory
}

// addListed adds what is listed of queries from to to-1. Their similarities may differ
// from those of a tile by rounding, for which thresholds leave room.
func (l *lists) addListed(c *prefilter, listed []f32.Listed, from, to int) {
	l.withQueries(from, to, func(i, k int) {
		for _, p := range listed {
			if query, row := c.pair(p.Pair); query >= i && query < k {
				l.addPair(query, row, p.Similarity)
			}
		}
	})
}

// cut reduces a full list to the rows that may be among those that are held: by float32,
// or by float64 where float32 leaves too many.
func (l *lists) cut(query int) {
	keys := l.keys[query]
	partition(keys, l.held)
	last, _ := ofKey(slices.Max(keys[:l.held]))
	least := below(float64(last) - 2*l.error32)
	kept := l.held

	for _, key := range keys[l.held:] {
		if s, _ := ofKey(key); s >= least {
			keys[kept] = key
			kept++
		}
	}

	if kept > l.held+l.held/2 {
		ranked := l.ranked(query, keys[:kept])
		for i, r := range ranked[:l.held] {
			keys[i] = r.key
		}

		kept = l.held
		least = max(least, below(1-ranked[l.held-1].t-l.error32))
	}

	l.keys[query], l.least[query] = keys[:kept], least
}

// A measured is a key with the 1 − S of its row in float64.
type measured struct {
	t   float64
	key uint64
}

func (m measured) row() int {
	_, row := ofKey(m.key)
	return row
}

// ranked returns the rows of keys, the most similar first and equals in the order of
// their rows.
func (l *lists) ranked(query int, keys []uint64) []measured {
	all := make([]measured, len(keys))
	for i, key := range keys {
		_, row := ofKey(key)
		all[i] = measured{l.doubles.best(query, row).at, key}
	}

	byRow := func(a, b measured) int { return cmp.Compare(a.row(), b.row()) }
	slices.SortFunc(all, func(a, b measured) int { return cmp.Or(cmp.Compare(a.t, b.t), byRow(a, b)) })
	for from, i := 0, 1; i <= len(all); i++ {
		if i == len(all) || all[i].t-all[i-1].t > 2*l.doubles.radius(all[i].t) {
			slices.SortFunc(all[from:i], byRow) // these are equal or too close to order
			from = i
		}
	}

	return all
}

// neighbours ranks the rows of every list.
func (l *lists) neighbours() (*Lists, error) {
	all := &Lists{Of: make([][]Neighbour, len(l.keys))}
	var undecided atomic.Int64
	l.blocks(func(_ *worker, from, to int) {
		for query := from; query < to; query++ {
			ranked := l.ranked(query, l.keys[query])
			list := make([]Neighbour, min(l.k, len(ranked)))
			for k := range list {
				list[k] = Neighbour{ranked[k].row(), float32(l.doubles.similarity(ranked[k].t))}
			}

			all.Of[query] = list
			if l.undecided(ranked) {
				undecided.Add(1)
			}
		}
	})

	all.Undecided = int(undecided.Load())
	return all, l.ctx.Err()
}

// undecided reports whether two adjacent rows, the first of them within the list, differ
// and are too close for float64 to order.
func (l *lists) undecided(ranked []measured) bool {
	for k := range min(l.k, len(ranked)-1) {
		a, b := ranked[k], ranked[k+1]
		if math.Abs(b.t-a.t) <= 2*l.doubles.radius(max(a.t, b.t)) && !l.doubles.equals(a.row(), b.row()) {
			return true
		}
	}
	return false
}

// key orders neighbours: a smaller key is more similar or, of equals, an earlier row. The
// bits of a float ascend with it once those of negative floats are inverted; here they
// must descend.
func key(similarity float32, row int) uint64 {
	bits := math.Float32bits(similarity + 0) // −0 is 0
	if bits>>31 == 0 {
		bits = ^bits &^ (1 << 31)
	}
	return uint64(bits)<<32 | uint64(row)
}

func ofKey(key uint64) (similarity float32, row int) {
	bits := uint32(key >> 32)
	if bits>>31 == 0 {
		bits = ^bits &^ (1 << 31)
	}
	return math.Float32frombits(bits), int(uint32(key))
}

// partition moves the k smallest of distinct keys to the front.
func partition(keys []uint64, k int) {
	from, to := 0, len(keys)
	for to-from > 1 {
		a, b, c := keys[from], keys[(from+to)/2], keys[to-1]
		pivot := max(min(a, b), min(max(a, b), c)) // the middle one
		i, j := from, to-1

		for i <= j {
			for keys[i] < pivot {
				i++
			}
			for keys[j] > pivot {
				j--
			}

			if i <= j {
				keys[i], keys[j] = keys[j], keys[i]
				i++
				j--
			}
		}

		switch { // keys from to j are at most the pivot, those from i on at least the pivot
		case k <= j:
			to = j + 1
		case k >= i:
			from = i
		default:
			return
		}
	}
}
