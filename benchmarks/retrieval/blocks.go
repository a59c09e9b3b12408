package retrieval

import (
	"context"
	"fmt"
	"slices"

	"gpwbench/matrix"
)

// A Result is what [Scores] hold of one query.
type Result struct {
	Row                    int32 // of the query, as the caller has it
	Above, Equal, PosEqual int32 // those of [Scores]
	Negatives              int32 // in the gallery
	Decided                int32 // negatives that float32 left open and float64 decided
	Undecided              bool  // see [Scores.Undecided]
	AP, RP                 Range // zero without [Options.MAPAtR]
}

// A Keeper keeps the results of blocks of queries. With one ([Options.Keeper]) an
// evaluation can end early and be continued, and several processes can make it, each a
// part of the blocks. Blocks count from 0 ([Blocks]).
type Keeper interface {
	// Kept returns the results of a block, if they are kept.
	Kept(block int) (results []Result, ok bool)

	// Mine reports whether this process makes a block that is not kept.
	Mine(block int) bool

	// Keep keeps the results of a block. Its error ends the evaluation.
	Keep(block int, results []Result) error
}

// An IncompleteError is the error of an evaluation of which other processes make the
// missing blocks.
type IncompleteError struct {
	Blocks, Missing int
	Queries         int // of the missing blocks
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("retrieval: %d of %d blocks of queries are missing, with %d queries", e.Missing, e.Blocks, e.Queries)
}

// Blocks of queries are at least leastBlock and at most mostBlock queries, and take no
// more than blockBytes as directions. The directions of the gallery are made again for
// each, so a block is large beside the work of that; there are 64 of them or more where
// that leaves a share to every process.
const (
	leastBlock = 1024
	mostBlock  = 16384
	blockBytes = 64 << 20
)

// Blocks returns how many queries of so many columns a block has, and how many blocks
// there are. It depends on nothing else, so that all processes divide alike.
func Blocks(queries, cols int) (size, blocks int) {
	size = max(leastBlock, min((queries+63)/64, mostBlock, blockBytes/4/max(cols, 1)))
	size = (size + tiles.rows - 1) / tiles.rows * tiles.rows
	return size, (queries + size - 1) / size
}

// A blockwise evaluation ranks some of the queries, block by block, with the whole
// gallery. Its memory beside the vectors does not grow with what a query needs.
type blockwise struct {
	ctx     context.Context
	q, g    side
	self    bool
	o       Options
	tiling  tiling
	doubles doubles
	places  []int // of the queries that are ranked, in class order
	told    *progress
}

// evaluateBlocks is the ranking of [Options.Only] and [Options.Keeper].
func evaluateBlocks(ctx context.Context, q, g side, self bool, o Options, t tiling) (*Scores, error) {
	b := &blockwise{ctx: ctx, q: q, g: g, self: self, o: o, tiling: t, doubles: newDoubles(q, g), places: placesOf(q, o.Only)}
	s := newScores(o, len(b.places))
	size, blocks := Blocks(len(b.places), q.x.Cols)
	if t.block > 0 {
		size, blocks = t.block, (len(b.places)+t.block-1)/t.block
	}

	mine := 0
	missing := IncompleteError{Blocks: blocks}
	parts := make([][]Result, blocks)
	for k := range blocks {
		n := len(b.block(k, size))
		if o.Keeper != nil {
			if results, ok := o.Keeper.Kept(k); ok {
				if err := b.check(k, size, results); err != nil {
					return nil, err
				}
				parts[k] = results
				continue
			}
			if !o.Keeper.Mine(k) {
				missing.Missing++
				missing.Queries += n
				continue
			}
		}
		mine += n
	}

	b.told = newProgress(o.Compared, mine, int64(mine)*int64(len(g.rows)))
	for k := range blocks {
		if parts[k] != nil || o.Keeper != nil && !o.Keeper.Mine(k) {
			continue
		}
		var err error
		if parts[k], err = b.rank(b.block(k, size)); err != nil {
			return nil, err
		}
		if o.Keeper != nil {
			if err := o.Keeper.Keep(k, parts[k]); err != nil {
				return nil, err
			}
		}
	}
	if missing.Missing > 0 {
		return nil, &missing
	}

	for _, results := range parts {
		for i := range results {
			s.add(b.at(int(results[i].Row)), &results[i])
		}
	}
	return s, nil
}

// block returns the places of a block.
func (b *blockwise) block(k, size int) []int {
	return b.places[k*size : min((k+1)*size, len(b.places))]
}

// at returns where the scores have a row.
func (b *blockwise) at(row int) int {
	if b.o.Only == nil {
		return row
	}
	at, _ := slices.BinarySearch(b.o.Only, row)
	return at
}

// check refuses results that are not of the queries of a block.
func (b *blockwise) check(k, size int, results []Result) error {
	places := b.block(k, size)
	same := len(results) == len(places)
	for i := 0; same && i < len(places); i++ {
		same = int(results[i].Row) == b.q.rows[places[i]]
	}
	if !same {
		return fmt.Errorf("retrieval: what is kept of block %d is not of its queries", k)
	}
	return nil
}

// rank ranks the queries at some places.
func (b *blockwise) rank(places []int) ([]Result, error) {
	queries := b.q.take(places)
	d := b.doubles
	d.q = queries
	r := rankingOf(b.ctx, queries, b.g, false, b.o, b.tiling, d)
	if b.self {
		r.own = make([]int32, len(places))
		for i, place := range places {
			r.own[i] = int32(place)
		}
	}

	if err := r.apply(b.o.Rules); err != nil {
		return nil, err
	}
	r.positives()
	r.told = b.told
	r.negatives()
	if err := b.ctx.Err(); err != nil {
		return nil, err
	}

	results := make([]Result, len(places))
	for i := range results {
		results[i] = r.result(i)
	}
	r.profiles(b.o.Profile)
	return results, nil
}

// placesOf returns where the rows are in class order, ascending; nil stands for all.
func placesOf(s side, rows []int) []int {
	var places []int
	for place, row := range s.rows {
		if _, found := slices.BinarySearch(rows, row); found || rows == nil {
			places = append(places, place)
		}
	}
	return places
}

// take returns the side of the rows at some places, with their directions.
func (s *side) take(places []int) side {
	t := side{x: matrix.New(len(places), s.x.Cols), given: s.given, raw: s.raw}
	for _, place := range places {
		if s.labels != nil { // several a row are in the rules
			t.labels = append(t.labels, s.labels[place])
		}
		t.rows = append(t.rows, s.rows[place])
		t.inverse = append(t.inverse, s.inverse[place])
	}
	t.round()
	return t
}
