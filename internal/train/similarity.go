package train

import (
	"gpwbench/internal/f32"
	"gpwbench/losses"
)

// settleNear replaces, in the products sims = X·Yᵀ of unit rows, those of pairs that are as near, or as nearly opposite, as the products of equal
// rows can be: by losses.NearCosine, rounded to float32. Then equal rows have S = 1, opposite ones −1, and no S is beyond.
func settleNear(sims, x, y f32.Matrix) {
	near := nearness(x.Cols)
	for i := range sims.Rows {
		row := sims.Row(i)
		for j, s := range row {
			if s > near || s < -near {
				row[j] = losses.NearCosine(x.Row(i), y.Row(j), s)
			}
		}
	}
}

// nearness is the |S| above which the product of two unit rows of so many coordinates may be that of equal rows. With u = 2⁻²⁴ a sum of dim
// products is off by dim·u to first order, in whatever order it is taken, and the squared length of a row, whose coordinates are rounded, by
// 2u. Twice that bound, and a little, covers the terms of higher order up to dim = 2²², and above that all pairs are near.
func nearness(dim int) float32 {
	return float32(max(0, 1-2*float64(dim+4)*0x1p-24))
}
