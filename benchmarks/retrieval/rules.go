package retrieval

import (
	"fmt"
	"math"
	"slices"
)

// A Similarity is the order in which a query finds rows.
type Similarity int

// Similarities. All are compared in float32 where its error bound allows that, and
// elsewhere in float64.
const (
	Cosine    Similarity = iota
	Dot                  // the inner product: longer rows of the gallery come first
	Euclidean            // the distance, the smallest first
)

// Rules say by which similarity rows are ordered, and which of them are neither positive
// nor negative.
type Rules struct {
	Similarity Similarity

	// Groups are of the queries, and GalleryGroups of the gallery: a row whose group is
	// the query's is neither positive nor negative. Nil for no groups. Where rows search
	// each other, Groups are those of both.
	Groups, GalleryGroups []int

	// SameClassOnly leaves the negatives of the query's group among those that count, as
	// protocols of re-identification do with the rows of one camera.
	SameClassOnly bool

	// Labels and GalleryLabels are several labels a row, in place of the classes. A row
	// is positive if it shares one with the query. Nil for one class each. Where rows
	// search each other, Labels are those of both.
	Labels, GalleryLabels [][]int

	// NoCopies leaves out rows of the gallery that equal the query value for value.
	NoCopies bool

	// Reranking orders the rows anew by what is near to them.
	Reranking Reranking
}

// check refuses rules that do not fit the rows.
func (r Rules) check(q, g Vectors, self bool) error {
	gallery := func(groups int, labels int) (int, int) {
		if self {
			return len(r.Groups), len(r.Labels)
		}
		return groups, labels
	}
	groups, labels := gallery(len(r.GalleryGroups), len(r.GalleryLabels))
	switch {
	case r.Groups != nil && (len(r.Groups) != q.Rows || groups != g.Rows):
		return fmt.Errorf("retrieval: %d and %d groups for %d queries and %d rows of gallery: they must agree", len(r.Groups), groups, q.Rows, g.Rows)
	case r.Groups == nil && r.GalleryGroups != nil:
		return fmt.Errorf("retrieval: the gallery has groups, and the queries have none")
	case r.Labels != nil && (len(r.Labels) != q.Rows || labels != g.Rows):
		return fmt.Errorf("retrieval: labels of %d and %d rows for %d queries and %d rows of gallery: they must agree", len(r.Labels), labels, q.Rows, g.Rows)
	case r.Labels == nil && r.GalleryLabels != nil:
		return fmt.Errorf("retrieval: rows of the gallery have several labels, and the queries have one")
	case r.Similarity != Cosine && (q.scaled || g.scaled):
		return fmt.Errorf("retrieval: rows whose squares are beyond float64 have directions, and no inner products or distances: scale all rows by one factor")
	}
	return r.Reranking.check(r.Similarity)
}

// one returns one label a row: any, where rows have several.
func (r Rules) one(labels []int, x Vectors) []int {
	if r.Labels != nil && labels == nil {
		return make([]int, x.Rows)
	}
	return labels
}

// sides puts both sets into the order of classes and scales them for the similarity, so
// that all similarities are between −1 and 1 and the order of a query's is kept.
func (r Rules) sides(q Vectors, ql []int, g Vectors, gl []int, self bool) (queries, gallery side) {
	if r.Labels != nil {
		ql, gl = nil, nil
	}
	rows := q.Rows
	if !self {
		rows += g.Rows
	}
	hold := !windowed(rows, q.Cols)
	queries = orderedByClass(q, ql, hold)
	if self && r.Similarity == Cosine {
		return queries, queries
	}
	gallery = orderedByClass(g, gl, hold)

	longest := max(queries.longest(), gallery.longest())
	switch r.Similarity {
	case Dot: // the length of a query does not change its order
		queries.raw = true
		gallery.scale(1 / gallery.longest())
	case Euclidean:
		_, exponent := math.Frexp(longest)
		queries.scale(math.Ldexp(1, -exponent))
		gallery.scale(math.Ldexp(1, -exponent))
	}
	return queries, gallery
}

// longest returns the length of the longest row.
func (s *side) longest() float64 {
	square := 0.0
	for i := range s.given.Rows {
		square = max(square, s.given.square(i))
	}
	return math.Sqrt(square)
}

// scale multiplies all rows by one factor in place of the inverse of their lengths.
func (s *side) scale(factor float64) {
	for i := range s.inverse {
		s.inverse[i] = factor
	}
	s.raw = true
	s.round()
}

// hashed is the factor of a row before it is hashed.
func (s *side) hashed(i int) float64 {
	if s.raw {
		return 1
	}
	return s.inverse[i]
}

// halves returns half of the squared length of each scaled row.
func (s *side) halves() []float64 {
	h := make([]float64, len(s.rows))
	for i, r := range s.rows {
		h[i] = s.given.square(r) * s.inverse[i] * s.inverse[i] / 2
	}
	return h
}

// same reports whether a query and a row of the gallery are equal: their directions, or
// for another similarity than the cosine their values.
func (d *doubles) same(query, row int) bool {
	if d.kind == Dot { // the sides have other factors
		return d.q.given.equal(d.q.rows[query], d.g.given, d.g.rows[row])
	}
	return d.difference(query, row).at == 0
}

// equal reports whether two rows have the same values.
func (v Vectors) equal(i int, w Vectors, j int) bool {
	for k := range v.Cols {
		if v.at(i, k) != w.at(j, k) {
			return false
		}
	}
	return true
}

func (v Vectors) at(i, k int) float64 {
	if v.wide != nil {
		return v.wide[i*v.Cols+k]
	}
	return float64(v.narrow.Row(i)[k])
}

// A relation is what rules say of the pairs of a ranking, in class order.
type relation struct {
	Rules
	groups [2][]int                  // of queries and gallery
	labels [2][][]int                // sorted
	copies [][]int32                 // rows of the gallery that equal a query, ascending
	is     func(query, row int) bool // a query is the row
}

// apply sets the rules of a ranking. The error is of an ended context.
func (r *ranking) apply(rules Rules) error {
	r.doubles.kind = rules.Similarity
	if rules.Reranking.On() {
		if err := r.rerank(rules.Reranking); err != nil {
			return err
		}
	}
	if rules.Similarity == Euclidean {
		r.halves = [2][]float64{r.queries.halves(), r.gallery.halves()}
		r.error32 += 0x1p-24 // a similarity is rounded once more
	}
	if rules.Similarity == Cosine && rules.Groups == nil && rules.Labels == nil && !rules.NoCopies {
		return nil
	}

	if r.self || r.own != nil {
		rules.GalleryGroups, rules.GalleryLabels = rules.Groups, rules.Labels
	}
	rel := &relation{Rules: rules, is: r.is}
	sides := [2]side{r.queries, r.gallery}
	for k, groups := range [][]int{rules.Groups, rules.GalleryGroups} {
		if groups != nil {
			rel.groups[k] = inOrder(groups, sides[k].rows)
		}
	}
	for k, labels := range [][][]int{rules.Labels, rules.GalleryLabels} {
		if labels != nil {
			rel.labels[k] = inOrder(labels, sides[k].rows)
			for i, set := range rel.labels[k] {
				rel.labels[k][i] = slices.Sorted(slices.Values(set))
			}
		}
	}
	if rules.NoCopies {
		rel.copies = r.doubles.copiesOf()
	}
	r.rules = rel
	return nil
}

func inOrder[T any](values []T, rows []int) []T {
	ordered := make([]T, len(rows))
	for i, row := range rows {
		ordered[i] = values[row]
	}
	return ordered
}

// copiesOf returns the rows of the gallery that equal each query.
func (d *doubles) copiesOf() [][]int32 {
	where := make(map[uint64][]int32, len(d.g.rows))
	for j := range d.g.rows {
		h := d.g.hash(j)
		where[h] = append(where[h], int32(j))
	}
	all := make([][]int32, len(d.q.rows))
	for i := range d.q.rows {
		for _, j := range where[d.q.hash(i)] {
			if d.same(i, int(j)) {
				all[i] = append(all[i], j)
			}
		}
	}
	return all
}

// counts reports whether a row is positive or negative at all, which a query itself is
// not.
func (l *relation) counts(query, row int) bool {
	if l.is(query, row) {
		return false
	}
	if l.copies != nil {
		if _, found := slices.BinarySearch(l.copies[query], int32(row)); found {
			return false
		}
	}
	return true
}

func (l *relation) sameGroup(query, row int) bool {
	return l.groups[0] != nil && l.groups[0][query] == l.groups[1][row]
}

// shares reports whether a row has a label of the query.
func (l *relation) shares(query, row int) bool {
	a, b := l.labels[0][query], l.labels[1][row]
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			return true
		case a[0] < b[0]:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return false
}

// positive reports whether a row between lo and hi of a query is a positive.
func (l *relation) positive(query, row int) bool {
	return l.counts(query, row) && !l.sameGroup(query, row) && (l.labels[0] == nil || l.shares(query, row))
}

// negative reports whether a row is a negative. It lies between lo and hi or not.
func (l *relation) negative(query, row int, within bool) bool {
	if within && (l.labels[0] == nil || l.shares(query, row)) {
		return false
	}
	return l.counts(query, row) && (l.SameClassOnly || !l.sameGroup(query, row))
}

// countRuled counts the negatives among the similarities of a query with gallery rows
// start and following, run by run.
func (r *ranking) countRuled(w *worker, query, start int, row []float32) {
	lo, hi := int(r.lo[query]), int(r.hi[query])
	for j := 0; j < len(row); {
		from := j
		for j < len(row) && r.rules.negative(query, start+j, start+j >= lo && start+j < hi) {
			j++
		}
		if j > from {
			r.counted[query] += int32(j - from)
			r.countRow(w, query, start+from, row[from:j])
			continue
		}
		j++
	}
}

// negativesOf returns the number of negatives of a query.
func (r *ranking) negativesOf(query int) int {
	if r.rules != nil {
		return int(r.counted[query])
	}
	return len(r.gallery.rows) - int(r.hi[query]-r.lo[query])
}
