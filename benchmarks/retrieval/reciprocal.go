package retrieval

import (
	"math"
	"slices"
)

// An encoder makes the k-reciprocal encodings of rows.
type encoder struct {
	Reranking
	pass
	doubles doubles
	near    [][]int32 // of each row itself and its nearest, in order
	far     []float64 // the greatest t of each row
}

// t is half of the squared distance of two rows.
func (e *encoder) t(i, j int) float64 { return max(0, e.doubles.best(i, j).at) }

// first returns a row and its k nearest.
func (e *encoder) first(row int32, k int) []int32 {
	near := e.near[row]
	return near[:min(k+1, len(near))]
}

// reciprocal appends R(p, k).
func (e *encoder) reciprocal(to []int32, p int32, k int) []int32 {
	for _, row := range e.first(p, k) {
		if slices.Contains(e.first(row, k), p) {
			to = append(to, row)
		}
	}
	return to
}

// expanded returns R(p, k1) with what joins it, ascending.
func (e *encoder) expanded(p int32) []int32 {
	own := e.reciprocal(nil, p, e.K1)
	all, of := slices.Clone(own), []int32(nil)
	half := int(math.RoundToEven(float64(e.K1) / 2))
	for _, row := range own {
		of = e.reciprocal(of[:0], row, half)
		shared := 0
		for _, r := range of {
			if slices.Contains(own, r) {
				shared++
			}
		}
		if 3*shared > 2*len(of) {
			all = append(all, of...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// encodings returns those of all rows, each with rows ascending and the sum 1.
func (e *encoder) encodings() [][]entry {
	all := make([][]entry, len(e.near))
	e.blocks(func(_ *worker, from, to int) {
		for i := from; i < to; i++ {
			rows, sum := e.expanded(int32(i)), 0.0
			all[i] = make([]entry, len(rows))
			for k, row := range rows {
				d := 0.0
				if e.far[i] > 0 {
					d = e.t(i, int(row)) / e.far[i]
				}
				all[i][k] = entry{row, math.Exp(-d)}
				sum += all[i][k].value
			}
			for k := range all[i] {
				all[i][k].value /= sum
			}
		}
	})
	return all
}

// averaged replaces each encoding with the mean of those of the row and its k2 − 1
// nearest.
func (e *encoder) averaged(all [][]entry) [][]entry {
	if e.K2 == 1 {
		return all
	}
	means := make([][]entry, len(all))
	e.blocks(func(_ *worker, from, to int) {
		sums := make([]float64, len(all))
		for i := from; i < to; i++ {
			var rows []int32
			of := e.first(int32(i), e.K2-1)
			for _, near := range of {
				for _, v := range all[near] {
					if sums[v.row] == 0 {
						rows = append(rows, v.row)
					}
					sums[v.row] += v.value
				}
			}

			slices.Sort(rows)
			means[i] = make([]entry, len(rows))
			for k, row := range rows {
				means[i][k] = entry{row, sums[row] / float64(len(of))}
				sums[row] = 0
			}
		}
	})
	return means
}
