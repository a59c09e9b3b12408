package f32

import "fmt"

// CountAbove returns the number of elements of the row that are strictly greater than
// high, and of those that reach low, which is at most high. reach − above are between the
// two. A NaN in the row is in neither count. So a candidate that is known to within a
// bound is ranked among the others without sorting them.
func CountAbove(row []float32, low, high float32) (above, reach int) {
	for len(row) >= 8 {
		blocks := min(len(row)/8, countBlocks)
		a, r := countBlocksAbove(row[:8*blocks], low, high)
		above, reach = above+a, reach+r
		row = row[8*blocks:]
	}

	a, r := countAboveGeneric(row, low, high)
	return above + a, reach + r
}

// countBlocks bounds the number of blocks in one call of the assembly, whose eight counts
// have 32 bits.
const countBlocks = 1 << 24

func countAboveGeneric(row []float32, low, high float32) (above, reach int) {
	for _, x := range row {
		if x > high {
			above++
		}
		if x >= low {
			reach++
		}
	}
	return above, reach
}

// CountAboveColumns adds to above and reach, which have an element for each column of m.
// It adds the number of elements of the column that are strictly greater than high of the
// column, and of those that reach its low. A NaN in m is in neither count.
func CountAboveColumns(m Matrix, low, high []float32, above, reach []int32) {
	if len(low) != m.Cols || len(high) != m.Cols || len(above) != m.Cols || len(reach) != m.Cols {
		panic(fmt.Sprintf("f32: %d and %d thresholds and %d and %d counts for %d columns", len(low), len(high), len(above), len(reach), m.Cols))
	}
	if m.Rows == 0 {
		return
	}

	j := 0
	for ; j+16 <= m.Cols; j += 16 {
		countColumnBlock(m.Data[j:], m.Stride, m.Rows, low[j:], high[j:], above[j:], reach[j:])
	}

	for i := range m.Rows {
		row := m.Row(i)
		for k := j; k < m.Cols; k++ {
			if row[k] > high[k] {
				above[k]++
			}
			if row[k] >= low[k] {
				reach[k]++
			}
		}
	}
}

func countColumnBlockGeneric(m []float32, stride, rows int, low, high []float32, above, reach []int32) {
	for i := range rows {
		for k, x := range m[i*stride : i*stride+16] {
			if x > high[k] {
				above[k]++
			}
			if x >= low[k] {
				reach[k]++
			}
		}
	}
}
