package inspect

import (
	"cmp"
	"math"
	"slices"
)

// similarities samples pairs of one class and pairs of two, and returns their cosines.
// Pairs are drawn with replacement: a row, then a partner among those of its class, or of
// the others.
func (s *Subject) similarities(seed uint64) (within, between []float64) {
	if s.X == nil || len(s.Labels) != s.X.N || len(s.stats.valid) < 2 {
		return nil, nil
	}
	var paired, rows []int // rows of classes with two rows or more; all rows, by class
	at := map[int][2]int{} // where a class lies in rows
	rows = slices.Clone(s.stats.valid)
	slices.SortStableFunc(rows, func(i, j int) int { return cmp.Compare(s.Labels[i], s.Labels[j]) })
	for from := 0; from < len(rows); {
		to := from
		for to < len(rows) && s.Labels[rows[to]] == s.Labels[rows[from]] {
			to++
		}
		at[s.Labels[rows[from]]] = [2]int{from, to}
		if to-from > 1 {
			paired = append(paired, rows[from:to]...)
		}
		from = to
	}

	r := newStream(seed, "pairs")
	if len(paired) > 0 {
		for range pairSample {
			i := paired[r.below(len(paired))]
			class := at[s.Labels[i]]
			j := rows[class[0]+r.below(class[1]-class[0]-1)]
			if j == i { // the last stands for the row itself, which is left out
				j = rows[class[1]-1]
			}
			within = append(within, s.cosine(i, j))
		}
	}
	if len(at) > 1 {
		for range pairSample {
			i := rows[r.below(len(rows))]
			class := at[s.Labels[i]]
			k := r.below(len(rows) - class[1] + class[0])
			if k >= class[0] {
				k += class[1] - class[0]
			}
			between = append(between, s.cosine(i, rows[k]))
		}
	}
	return within, between
}

func (s *Subject) cosine(i, j int) float64 {
	if s.buffers[0] == nil {
		s.buffers[0], s.buffers[1] = make([]float64, s.X.D), make([]float64, s.X.D)
	}
	x, y := s.X.row(i, s.buffers[0]), s.X.row(j, s.buffers[1])
	p, q := s.stats.norms[i], s.stats.norms[j]
	dot := 0.0
	for k := range x {
		dot += x[k] / p * (y[k] / q)
	}
	return math.Max(-1, math.Min(1, dot))
}
