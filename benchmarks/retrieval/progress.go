package retrieval

import "sync"

// A progress tells how much of a pass is done, as a number of queries: the share of the
// pairs that are compared, times the queries. A query of a symmetric pass meets some rows
// in the blocks of others, so counting queries that are complete would tell little of the
// time that is left.
type progress struct {
	tell    func(queries int)
	queries int
	all     int64 // pairs of the pass

	mu   sync.Mutex
	done int64
	told int
}

// newProgress returns nil where nothing is to be told.
func newProgress(tell func(queries int), queries int, pairs int64) *progress {
	if tell == nil {
		return nil
	}
	return &progress{tell: tell, queries: queries, all: pairs}
}

// pairs adds those of a tile that is compared.
func (p *progress) pairs(rows, cols int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.done += int64(rows) * int64(cols)
	n := int(float64(p.done)/float64(p.all)*float64(p.queries)) - p.told
	if p.done >= p.all {
		n = p.queries - p.told
	}
	p.told += n
	p.mu.Unlock()
	if n > 0 {
		p.tell(n)
	}
}
