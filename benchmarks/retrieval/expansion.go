package retrieval

import (
	"context"
	"fmt"
	"math"
)

// An Expansion searches a second time, with each query moved towards what it found first.
// The new query is q + Σ s_j^α·x_j over the K rows x_j that are most similar to q, all at
// length 1, with s_j the cosine of q and x_j. This is α-weighted query expansion
// (Radenović et al., Fine-Tuning CNN Image Retrieval with No Human Annotation, TPAMI
// 41(7), 2019). With α = 0 all rows weigh as the query does, which is the average query
// expansion of Chum et al., Total Recall, ICCV 2007, without its spatial verification.
// Otherwise a row of negative similarity has the weight 0.
//
// K is 1 or more, and Alpha 0 or more. The zero Expansion expands nothing.
type Expansion struct {
	K     int
	Alpha float64
}

// Expand returns the expanded queries in float64. They search g, or each other if it is
// nil, and then no row is among its own K. It takes the memory of [Neighbours] and of the
// result. The error is of K and Alpha, of rows without a direction, of a query that its
// rows cancel out, or of ctx.
func (e Expansion) Expand(ctx context.Context, q Vectors, g *Vectors) (Vectors, error) {
	if e.K < 1 || !(e.Alpha >= 0) || math.IsInf(e.Alpha, 1) {
		return Vectors{}, fmt.Errorf("retrieval: query expansion by %d rows with α = %v: give 1 row at least, and a finite α that is not negative", e.K, e.Alpha)
	}

	rows := q
	var found *Lists
	var err error
	if g == nil {
		found, err = Neighbours(ctx, q, e.K)
	} else {
		rows = *g
		found, err = NeighboursIn(ctx, q, *g, e.K)
	}
	if err != nil {
		return Vectors{}, err
	}

	of, among := orderedByClass(q, nil, false), orderedByClass(rows, nil, false) // without labels, the order given
	data := make([]float64, q.Rows*q.Cols)
	given, near := make([]float64, q.Cols), make([]float64, q.Cols)
	for i, list := range found.Of {
		of.direction(i, given)
		sum := data[i*q.Cols : (i+1)*q.Cols]
		copy(sum, given)
		for _, n := range list {
			among.direction(n.Row, near)
			w := e.weight(dot64(given, near))
			for k, v := range near {
				sum[k] += w * v
			}
		}
		if dot64(sum, sum) < 0x1p-90 {
			return Vectors{}, fmt.Errorf("retrieval: query %d and the %d rows that it found cancel out, so its expansion has no direction: give an α above 0", i, len(list))
		}
	}
	return Float64(q.Rows, q.Cols, data)
}

func (e Expansion) weight(similarity float64) float64 {
	if e.Alpha == 0 {
		return 1
	}
	return math.Pow(max(0, similarity), e.Alpha)
}
