package retrieval

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// manyDecided is the share of pairs from which a remark says that float32 could not order
// them. Ordinary embeddings stay far below.
const manyDecided = 0.01

// Remarks returns sentences on what the figures do not show. Ordinary embeddings have
// none.
func (s *Scores) Remarks() []string {
	s = s.orNone()
	var remarks []string
	remark := func(format string, args ...any) { remarks = append(remarks, fmt.Sprintf(format, args...)) }
	if float64(s.Decided) > manyDecided*float64(s.compared) {
		remark("float32 cannot order the similarities of these embeddings: %s in %s were decided in float64",
			plural(s.Decided, "pair"), plural(s.DecidedQueries, "query"))
	}
	if s.Undecided > 0 {
		remark("float64 cannot order all similarities of %s: what it leaves undecided counts as tied, and the range holds both orders", plural(s.Undecided, "query"))
	}

	if s.Copies > 0 {
		remarks = append(remarks, CopiesRemark(s.Copies, s.Queries))
	}
	if s.Negatives == 0 {
		remark("every figure of retrieval is 100 %% for any embeddings: no query has a negative in the gallery")
	}

	for _, k := range s.Ks {
		if s.Negatives > 0 && k > s.Negatives {
			remark("Recall@%d is 100 %% for any embeddings: no query has more than %s in the gallery", k, plural(s.Negatives, "negative"))
		}
	}

	if s.NoClustering != "" {
		remark("NMI and AMI are undefined: %s", s.NoClustering)
	}
	return remarks
}

// UndecidedRemark says that lists of neighbours contain rows that float64 cannot order.
// It is empty if none does.
func UndecidedRemark(undecided int) string {
	if undecided == 0 {
		return ""
	}
	return fmt.Sprintf("float64 cannot order all neighbours of %s: those too close to tell stand in the order of their rows", plural(undecided, "query"))
}

// CopiesRemark says what copies of queries in the gallery mean. It is empty without
// copies.
func CopiesRemark(copies, queries int) string {
	if copies == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %s are in the gallery too, value for value, and find themselves: without a gallery each row searches the others and leaves itself out",
		copies, plural(queries, "query"))
}

// Suspicions returns sentences on a set-up that is rarely meant: queries search the
// gallery, or each other if g is nil, and the K are those of metrics of the first K rows.
// Copies of queries in a gallery are in [Scores.Remarks].
func Suspicions(q Vectors, g *Vectors, similarity Similarity, ks []int) []string {
	rows, others, what := q, q.Rows-1, "each query searches"
	if g != nil {
		rows, others, what = *g, g.Rows, "the gallery has"
	}

	var said []string
	if k := slices.Max(append(ks, 0)); k > others {
		said = append(said, fmt.Sprintf("K = %d is more than there are rows to find: %s %s", k, what, plural(others, "row")))
	}
	if n := duplicates(rows); n > 0 {
		said = append(said, fmt.Sprintf("%s equal to an earlier one, value for value: %d of %d", map[bool]string{true: "rows of the gallery", false: "rows"}[g != nil], n, rows.Rows))
	}
	if longest := (&side{given: rows}).longest(); similarity == Dot && longest > 1+1e-5 {
		said = append(said, fmt.Sprintf("rows have lengths up to %.4g, so inner products are above 1 and longer rows come first: normalise the rows, or search by cosine, unless this is meant", longest))
	}
	return said
}

// duplicates counts the rows that equal an earlier one.
func duplicates(v Vectors) int {
	s := side{given: v, rows: make([]int, v.Rows), raw: true}
	first := make(map[uint64][]int, v.Rows)
	n := 0
	for i := range s.rows {
		s.rows[i] = i
		h := s.hash(i)
		if slices.ContainsFunc(first[h], func(j int) bool { return v.equal(i, v, j) }) {
			n++
			continue
		}
		first[h] = append(first[h], i)
	}
	return n
}

// plural writes a number of things, with the digits in groups of three.
func plural(n int, thing string) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}

	switch {
	case n == 1:
		return digits + " " + thing
	case strings.HasSuffix(thing, "y"):
		return digits + " " + strings.TrimSuffix(thing, "y") + "ies"
	}

	return digits + " " + thing + "s"
}

// copies counts the queries whose direction is, to the bit, that of a gallery row; for
// another similarity than the cosine, whose values are.
func (d *doubles) copies() int {
	where := make(map[uint64]int, len(d.g.rows))
	for i := range d.g.rows {
		where[d.g.hash(i)] = i
	}

	n := 0
	for i := range d.q.rows {
		if j, found := where[d.q.hash(i)]; found && d.same(i, j) {
			n++
		}
	}

	return n
}

// hash returns a hash of the direction of a row in float64.
func (s *side) hash(i int) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a, one coordinate at a time
	h := uint64(offset)

	add := func(x float64) {
		bits := math.Float64bits(x*s.hashed(i) + 0) // −0 is 0
		h = (h ^ bits ^ bits>>32) * prime
	}

	if s.given.wide != nil {
		for _, x := range s.given.wideRow(s.rows[i]) {
			add(x)
		}
		return h
	}

	for _, x := range s.given.narrow.Row(s.rows[i]) {
		add(float64(x))
	}
	return h
}
