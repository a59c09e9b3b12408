package inspect

import (
	"context"

	"gpwbench/benchmarks/retrieval"
)

// A pair is a sampled row and the row that is nearest to it by cosine.
type pair struct{ row, nearest int }

// nearestPairs samples rows and finds the nearest other row of each, whatever the labels
// are.
func (x *Rows) nearestPairs(ctx context.Context, valid []int, seed uint64) ([]pair, error) {
	if len(valid) < 3 {
		return nil, nil
	}
	sample := newStream(seed, "nearest").choose(valid, nearestSample)
	queries, err := x.take(sample)
	if err != nil {
		return nil, err
	}
	gallery, err := x.take(valid)
	if err != nil {
		return nil, err
	}
	lists, err := retrieval.NeighboursIn(ctx, queries, gallery, 2)
	if err != nil {
		return nil, err
	}

	pairs := make([]pair, len(sample))
	for k, list := range lists.Of {
		at := valid[list[0].Row]
		if at == sample[k] {
			at = valid[list[1].Row]
		}
		pairs[k] = pair{sample[k], at}
	}
	return pairs, nil
}
