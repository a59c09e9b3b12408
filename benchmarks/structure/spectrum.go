package structure

import (
	"cmp"
	"context"
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/mat"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/f64"
)

// SingularValues returns those of the matrix of the rows, each at length 1 and not
// centred, descending. There are as many as the smaller of its numbers of rows and
// columns. They are the roots of the eigenvalues of XᵀX, or of XXᵀ, so one of less than
// about 10⁻⁷ of the largest is lost in rounding, and is 0.
//
// It takes N·D²/2 multiplications in float64 and the decomposition of a D×D matrix,
// whose memory it needs; for N < D, N and D change places. workers is the number of
// goroutines, 0 for one a core, on which no bit depends.
func SingularValues(ctx context.Context, p *retrieval.Pairs, workers int) ([]float64, error) {
	g := newGram(p, cmp.Or(workers, runtime.GOMAXPROCS(0)))
	if err := g.add(cmp.Or(ctx, context.Background())); err != nil {
		return nil, err
	}

	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(g.n, g.sums), false) {
		return nil, errors.New("structure: the decomposition of the spectrum does not converge")
	}

	squares := eigen.Values(nil) // ascending
	values := make([]float64, g.n)
	least := float64(p.Cols()) * 0x1p-50 * squares[g.n-1]
	for k, v := range squares {
		if v > least {
			values[g.n-1-k] = math.Sqrt(v)
		}
	}
	return values, nil
}

// A gram is the sum of products of vectors that are read in chunks.
type gram struct {
	pairs   *retrieval.Pairs
	n       int       // vectors: columns, or rows if there are fewer
	sums    []float64 // n×n, of which the upper triangle is filled
	byRows  bool
	workers int
}

// chunkRows is the number of rows whose products are added at a time.
const chunkRows = 512

func newGram(p *retrieval.Pairs, workers int) *gram {
	labels, _ := p.Labels()
	n := min(len(labels), p.Cols())
	return &gram{pairs: p, n: n, sums: make([]float64, n*n), byRows: len(labels) < p.Cols(), workers: workers}
}

func (g *gram) add(ctx context.Context) error {
	labels, _ := g.pairs.Labels()
	row := make([]float64, g.pairs.Cols())
	if g.byRows {
		vectors := make([][]float64, g.n)
		for i := range vectors {
			vectors[i] = make([]float64, g.pairs.Cols())
			g.pairs.Query(i, vectors[i])
		}
		g.products(vectors)
		return ctx.Err()
	}

	all := make([]float64, g.n*chunkRows)
	vectors := make([][]float64, g.n)
	for from := 0; from < len(labels); from += chunkRows {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rows := min(chunkRows, len(labels)-from)
		for k := range vectors {
			vectors[k] = all[k*chunkRows : k*chunkRows+rows]
		}
		for i := range rows {
			g.pairs.Query(from+i, row)
			for k, v := range row {
				vectors[k][i] = v
			}
		}
		g.products(vectors)
	}
	return nil
}

// products adds the inner products of all vectors.
func (g *gram) products(vectors [][]float64) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(g.workers, g.n) {
		wg.Go(func() {
			for {
				i := int(next.Add(1) - 1)
				if i >= g.n {
					return
				}
				sums := g.sums[i*g.n : (i+1)*g.n]
				for j := i; j < g.n; j++ {
					sums[j] += f64.Dot(vectors[i], vectors[j])
				}
			}
		})
	}
	wg.Wait()
}
