package benchmarks

import (
	"cmp"
	"fmt"
	"slices"

	"gpwbench/internal/f32"
)

// Evaluate lets every row of x search all others: the protocol of CUB, Cars and SOP. The rows should be L2-normalised (see
// [Normalize]), as the inner product is the similarity. Results are the same to the bit for any number of cores.
//
// S is symmetric, so half of it is computed, a tile at a time: a tile counts for its rows and for its columns. Beside x that takes a
// copy of x in class order, if its rows are not, 40 bytes a row, and for each core a tile of 256×512 similarities (512 KB); with MAP@R
// another such tile and a level of 16 bytes for every ordered pair of one class. So 60,502 rows need no 60,502² matrix.
//
// Without MAP@R, a machine that multiplies integers faster than float32 (AVX512-VNNI) decides most pairs in 8 bits, or in 16 where those
// are too few, and the results are the same to the bit. That takes up to 3 bytes a coordinate and 25 bytes a row more.
func Evaluate(x f32.Matrix, labels []int, o Options) (*Scores, error) {
	if err := checkSide("embeddings", x, labels); err != nil {
		return nil, err
	}
	s := inClassOrder(x, labels)
	return evaluate(s, s, true, o, tiles)
}

// EvaluateGallery lets every row of q search the rows of g, the protocol of In-Shop. Otherwise it is as Evaluate.
func EvaluateGallery(q f32.Matrix, ql []int, g f32.Matrix, gl []int, o Options) (*Scores, error) {
	if err := checkSide("queries", q, ql); err != nil {
		return nil, err
	}
	if err := checkSide("gallery", g, gl); err != nil {
		return nil, err
	}
	if q.Cols != g.Cols {
		return nil, fmt.Errorf("benchmarks: queries have %d dimensions, the gallery %d: they must come from one model", q.Cols, g.Cols)
	}
	return evaluate(inClassOrder(q, ql), inClassOrder(g, gl), false, o, tiles)
}

func checkSide(what string, x f32.Matrix, labels []int) error {
	if x.Rows == 0 {
		return fmt.Errorf("benchmarks: no %s: there is nothing to retrieve", what)
	}
	if x.Rows != len(labels) {
		return fmt.Errorf("benchmarks: %s: %d rows, but %d labels: they must agree", what, x.Rows, len(labels))
	}
	return checkFinite(what, x) // NaN is above nothing and would score 100 %
}

// A side is one set of embeddings with its rows in class order, so that the positives of a query are one segment of the gallery
// and its negatives the two segments around it.
type side struct {
	x      f32.Matrix
	labels []int
	rows   []int // the caller's row of each
}

func inClassOrder(x f32.Matrix, labels []int) side {
	rows := make([]int, len(labels))
	for i := range rows {
		rows[i] = i
	}
	if slices.IsSorted(labels) {
		return side{x, labels, rows}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(labels[a], labels[b]) })
	s := side{f32.New(x.Rows, x.Cols), make([]int, len(labels)), rows}
	f32.Gather(s.x, x, rows)
	for i, r := range rows {
		s.labels[i] = labels[r]
	}
	return s
}
