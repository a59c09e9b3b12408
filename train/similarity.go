package train

import (
	"math"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// refineNear replaces products sims = X·Yᵀ of unit rows by their losses.NearCosine, for
// pairs that are as near, or as nearly opposite, as the products of equal rows can be.
// Then equal rows have S = 1, opposite ones −1, and |S| is never above 1.
func refineNear(sims, x, y matrix.Matrix) {
	near := nearness(x.Cols)
	for i := range sims.Rows {
		refineRow(sims.Row(i), x.Row(i), y, near)
	}
}

func refineRow(sims, x []float32, y matrix.Matrix, near uint32) {
	for j, s := range sims {
		if math.Float32bits(s)&^signBit > near {
			sims[j] = losses.NearCosine(x, y.Row(j), s)
		}
	}
}

// refineInto is refineNear, and writes the similarities to s. A long row is read once,
// while it is in the cache.
func refineInto(s []float64, sims, x, y matrix.Matrix) {
	near := nearness(x.Cols)
	for i := range sims.Rows {
		row := sims.Row(i)
		refineRow(row, x.Row(i), y, near)
		for j, v := range row {
			s[i*len(row)+j] = float64(v)
		}
	}
}

// refineGram is refineNear of X·Xᵀ.
func refineGram(sims, x matrix.Matrix) {
	near := nearness(x.Cols)
	for i := range sims.Rows {
		row := sims.Row(i)
		row[i] = 1
		for j, s := range row[:i] {
			if math.Float32bits(s)&^signBit > near {
				s = losses.NearCosine(x.Row(i), x.Row(j), s)
				row[j], sims.Row(j)[i] = s, s
			}
		}
	}
}

// nearness returns the |S| above which the product of two unit rows of dim coordinates
// may be that of equal rows. With u = 2⁻²⁴ a sum of dim products is off by dim·u to first
// order, in any order of the terms, and the squared length of a row, whose coordinates
// are rounded, by 2u. Slightly more than twice that bound covers the terms of higher
// order up to dim = 2²²; for larger dim all pairs are near.
//
// It returns its bits. They have the order of the numbers, except for the sign, and are
// compared faster.
func nearness(dim int) uint32 {
	return math.Float32bits(float32(max(0, 1-2*float64(dim+4)*0x1p-24)))
}

const signBit = 1 << 31
