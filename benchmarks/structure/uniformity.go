package structure

import (
	"cmp"
	"context"
	"errors"
	"math"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/f64"
)

// directWork is the number of multiplications up to which distances are computed in
// float64, some seconds of one core.
const directWork = 1 << 34

// A Figure is a number with the range in which it is proved to lie. The three are equal
// where it was computed in float64.
type Figure struct{ Low, Value, High float64 }

// Uniformity is the logarithm of the mean of exp(−2‖x − y‖²) over all pairs of rows, of
// one class or of two (Wang and Isola, ICML 2020, with t = 2). It is between −8 and 0,
// and less is better: 0 if all rows are equal, and about −4 for rows spread evenly over
// a sphere of many dimensions.
//
// All pairs are summed, in N²·D/2 multiplications and without an N×N matrix. Large sets
// take similarities in float32, whose proved error moves the result by at most four
// times as much ([retrieval.Pairs.Error32]); where that is more than a thousandth of
// it, as for collapsed embeddings, float64 is used. workers is the number of
// goroutines, 0 for one a core, on which no bit depends. It is an error if there is one
// row.
func Uniformity(ctx context.Context, p *retrieval.Pairs, workers int) (Figure, error) {
	ctx = cmp.Or(ctx, context.Background())
	positives, negatives := p.Count()
	pairs := float64(positives + negatives)
	if pairs == 0 {
		return Figure{}, errors.New("structure: one row is no pair, so there is no uniformity")
	}

	if pairs*float64(p.Cols()) > directWork {
		sum, err := narrowSum(ctx, p, workers)
		if err != nil {
			return Figure{}, err
		}
		if f := uniformityOf(sum/pairs, 4*p.Error32()); f.High-f.Low <= -1e-3*f.Value {
			return f, nil
		}
	}

	sum, err := wideSum(ctx, p, workers)
	if err != nil {
		return Figure{}, err
	}
	return uniformityOf(sum/pairs, 0), nil
}

func uniformityOf(mean, wrong float64) Figure {
	v := math.Min(0, math.Log(mean))
	return Figure{Low: v - wrong, Value: v, High: min(0, v+wrong)}
}

// narrowSum returns Σ exp(−4(1 − S)) in float32, summed block by block.
func narrowSum(ctx context.Context, p *retrieval.Pairs, workers int) (float64, error) {
	sums := newSums(p)
	err := p.Tiles(ctx, workers, func() func(retrieval.PairTile) {
		var row []float64
		return func(t retrieval.PairTile) {
			for i := range t.S.Rows {
				row = row[:0]
				for _, s := range t.S.Row(i)[min(t.First(i), t.S.Cols):] {
					row = append(row, 4*float64(s))
				}
				sums.add(t.From, f64.ExpSum(row, row, 4))
			}
		}
	})
	return sums.total(), err
}

// wideSum is narrowSum in float64.
func wideSum(ctx context.Context, p *retrieval.Pairs, workers int) (float64, error) {
	sums := newSums(p)
	_, gallery := p.Labels()
	err := p.Blocks(ctx, workers, func() func(from, to int) {
		var row []float64
		return func(from, to int) {
			for i := from; i < to && ctx.Err() == nil; i++ {
				row = row[:0]
				for j := i + 1; j < len(gallery); j++ {
					row = append(row, -4*p.Apart(i, j))
				}
				sums.add(from, f64.ExpSum(row, row, 0))
			}
		}
	})
	return sums.total(), err
}

// Sums are of the blocks of queries, each of which one goroutine fills in order. So
// their total does not depend on the number of goroutines.
type sums []float64

func newSums(p *retrieval.Pairs) sums {
	queries, _ := p.Labels()
	return make(sums, len(queries)/retrieval.PairBlock+1)
}

func (s sums) add(query int, v float64) { s[query/retrieval.PairBlock] += v }

func (s sums) total() float64 { return f64.Sum(s) }
