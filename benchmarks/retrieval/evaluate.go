package retrieval

import (
	"cmp"
	"context"
	"fmt"
)

// Evaluate lets every row of x search all others: the protocol of CUB, Cars and SOP.
// Similarity is the cosine. What float32 cannot order within a proved bound is ordered
// in float64 from the rows as given, and what float64 cannot order counts as a tie.
// Results are the same to the bit for any number of cores.
//
// S is symmetric, so half of it is computed, a tile at a time: a tile counts for its
// rows and for its columns. Beside x that takes its directions in float32, 65 bytes a
// row, and for each core a tile of 256×512 similarities (512 KB); with MAP@R another
// such tile and 32 bytes for every ordered pair of one class. So 60,502 rows need no
// 60,502² matrix.
//
// Without MAP@R, a machine that multiplies integers faster than float32 (AVX512-VNNI)
// decides most pairs in 8 bits, or in 16 where those are too few, and the results are
// the same to the bit. That takes up to 3 bytes a coordinate and 25 bytes a row more.
//
// When ctx ends, Evaluate returns its error within a tile or so. A nil ctx never ends.
func Evaluate(ctx context.Context, x Vectors, labels []int, o Options) (*Scores, error) {
	if err := checkSide("embeddings", x, labels); err != nil {
		return nil, err
	}
	s := inClassOrder(x, labels)
	return evaluate(cmp.Or(ctx, context.Background()), s, s, true, o, tiles)
}

// EvaluateGallery lets every row of q search the rows of g, the protocol of In-Shop.
// Otherwise it is as Evaluate.
func EvaluateGallery(ctx context.Context, q Vectors, ql []int, g Vectors, gl []int, o Options) (*Scores, error) {
	if err := checkSide("queries", q, ql); err != nil {
		return nil, err
	}
	if err := checkSide("gallery", g, gl); err != nil {
		return nil, err
	}
	if q.Cols != g.Cols {
		return nil, fmt.Errorf("retrieval: queries have %d dimensions, the gallery %d: they must come from one model", q.Cols, g.Cols)
	}

	queries, gallery := inClassOrder(q, ql), inClassOrder(g, gl)
	s, err := evaluate(cmp.Or(ctx, context.Background()), queries, gallery, false, o, tiles)
	if err == nil {
		s.Copies = copies(queries, gallery)
	}

	return s, err
}

func checkSide(what string, x Vectors, labels []int) error {
	if x.Rows < 1 {
		return fmt.Errorf("retrieval: no %s: there is nothing to retrieve", what)
	}
	if x.Rows != len(labels) {
		return fmt.Errorf("retrieval: %s: %d rows, but %d labels: they must agree", what, x.Rows, len(labels))
	}
	return x.Check(what) // NaN is above nothing and would score 100 %
}
