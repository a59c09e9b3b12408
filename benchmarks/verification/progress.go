package verification

import (
	"sync"

	"gpwbench/benchmarks/retrieval"
)

// A progress tells of the queries of several passes as if there were one pass.
type progress struct {
	pairs *retrieval.Pairs
	tell  func(queries int) // nil for nobody

	mu   sync.Mutex
	done float64 // of the queries
	told int
}

// pass has the next pass of the pairs count for a part of the whole.
func (p *progress) pass(part float64) {
	if p.tell == nil || part == 0 {
		p.pairs.Compared(nil)
		return
	}
	p.pairs.Compared(func(queries int) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.done += part * float64(queries)
		p.upTo(int(p.done))
	})
}

// end tells of the queries that are left, because passes were left out or their parts are
// rounded.
func (p *progress) end() {
	if p.tell != nil {
		queries, _ := p.pairs.Labels()
		p.upTo(len(queries))
	}
}

func (p *progress) upTo(queries int) {
	if queries > p.told {
		p.tell(queries - p.told)
		p.told = queries
	}
}
