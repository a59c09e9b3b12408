package inspect

import (
	"math"
	"slices"
)

// An index finds rows by their values. It holds a hash of each row, and compares values
// where hashes are equal.
type index struct {
	x       *Rows
	rows    map[uint64][]int32 // first rows of their values, by hash
	buffers [2][]float64
}

// newIndex indexes rows, and returns for each of them the first row of the same values,
// itself in most cases.
func newIndex(x *Rows, rows []int) (ix *index, first []int) {
	ix = &index{x: x, rows: make(map[uint64][]int32, len(rows))}
	ix.buffers[0], ix.buffers[1] = make([]float64, x.D), make([]float64, x.D)
	first = make([]int, len(rows))
	for k, i := range rows {
		row := x.row(i, ix.buffers[0])
		h := hash(row)
		if first[k] = ix.find(h, row); first[k] < 0 {
			first[k] = i
			ix.rows[h] = append(ix.rows[h], int32(i))
		}
	}
	return ix, first
}

// find returns the indexed row of the same values, or -1.
func (ix *index) find(h uint64, row []float64) int {
	for _, i := range ix.rows[h] {
		if slices.Equal(row, ix.x.row(int(i), ix.buffers[1])) {
			return int(i)
		}
	}
	return -1
}

// hash is over the values, so that 0 and −0 have the same.
func hash(row []float64) uint64 {
	h := uint64(len(row))
	for _, v := range row {
		if v == 0 {
			v = 0
		}
		h = (h ^ math.Float64bits(v)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h
}

// A copied is a row that has the values of an earlier one.
type copied struct{ row, first int }

// copiesIn returns the rows that have the values of an earlier row, ascending.
func (x *Rows) copiesIn(rows []int) (*index, []copied) {
	ix, first := newIndex(x, rows)
	var all []copied
	for k, i := range rows {
		if first[k] != i {
			all = append(all, copied{i, first[k]})
		}
	}
	return ix, all
}
