package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// ErrNoPositives is the error of an evaluation in which no query has a positive.
var ErrNoPositives = errors.New("retrieval: no query has a positive in the gallery: are these the labels of these embeddings?")

// Evaluate searches with every row of x among all others, as the protocols of CUB, Cars
// and SOP do. Similarity is the cosine. Pairs that float32 cannot order within a proved
// bound are ordered in float64 from the rows as given. Pairs that float64 cannot order
// count as ties. Results are the same to the bit for any number of cores.
//
// S is symmetric, so half of it is computed, one tile at a time, and each tile is counted
// for its rows and for its columns. The memory beside x is its directions in float32, or
// 64 MiB of them at a time where all are more than 256 MiB, 65 bytes a row, and for each
// core a tile of 256×512 similarities (512 KB). MAP@R takes another 32 bytes for every
// ordered pair of one class. No N×N matrix is stored.
//
// With [Options.Only] or [Options.Keeper] the queries are ranked block by block, each
// with the whole gallery: all of S is computed, for these queries, and MAP@R takes memory
// for those of a block. The results of a query are the same to the bit.
//
// A machine that multiplies integers faster than float32 (AVX512-VNNI) decides most pairs
// in 8 bits, or in 16 where 8 decide too few. The results are the same to the bit. This
// takes up to 3 bytes a coordinate and 25 bytes a row more.
//
// When ctx ends, Evaluate returns its error after about one more tile. A nil ctx never
// ends.
func Evaluate(ctx context.Context, x Vectors, labels []int, o Options) (*Scores, error) {
	if err := Check(x, labels, nil, nil, o.Rules); err != nil {
		return nil, err
	}
	q, g := o.Rules.sides(x, labels, x, labels, true)
	return evaluate(cmp.Or(ctx, context.Background()), q, g, true, o, tiles)
}

// EvaluateGallery searches with every row of q among the rows of g, as the protocol of
// In-Shop does. Otherwise it is the same as [Evaluate].
func EvaluateGallery(ctx context.Context, q Vectors, ql []int, g Vectors, gl []int, o Options) (*Scores, error) {
	if err := Check(q, ql, &g, gl, o.Rules); err != nil {
		return nil, err
	}
	queries, gallery := o.Rules.sides(q, ql, g, gl, false)
	s, err := evaluate(cmp.Or(ctx, context.Background()), queries, gallery, false, o, tiles)
	if err == nil {
		if o.Only != nil {
			queries = queries.take(placesOf(queries, o.Only))
		}
		d := newDoubles(queries, gallery)
		d.kind = o.Rules.Similarity
		s.Copies = d.copies()
	}

	return s, err
}

// Check refuses what [Evaluate] refuses, or [EvaluateGallery] if there is a gallery:
// rows without a direction or a label, sides of unequal width, and rules that do not fit
// them. g and gl are nil where the queries search each other.
func Check(q Vectors, ql []int, g *Vectors, gl []int, r Rules) error {
	if g == nil {
		if err := checkSide("embeddings", q, r.one(ql, q)); err != nil {
			return err
		}
		return r.check(q, q, true)
	}

	if err := checkSide("queries", q, r.one(ql, q)); err != nil {
		return err
	}
	if err := checkSide("gallery", *g, r.one(gl, *g)); err != nil {
		return err
	}
	if q.Cols != g.Cols {
		return fmt.Errorf("retrieval: queries have %d dimensions, the gallery %d: they must come from one model", q.Cols, g.Cols)
	}
	return r.check(q, *g, false)
}

func checkSide(what string, x Vectors, labels []int) error {
	if x.Rows < 1 {
		return fmt.Errorf("retrieval: no %s: there is nothing to retrieve", what)
	}
	if x.Rows != len(labels) {
		return fmt.Errorf("retrieval: %s: %d rows, but %d labels: they must agree", what, x.Rows, len(labels))
	}
	return x.Check(what) // comparisons with NaN are false, which would score 100 %
}
