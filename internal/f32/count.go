package f32

import "fmt"

// CountAbove returns how many elements of the row are strictly greater than t, and how many equal it. A NaN, in the row or as t, is
// neither. These counts rank a candidate of similarity t among the others without sorting them.
func CountAbove(row []float32, t float32) (greater, equal int) {
	for len(row) >= 8 {
		blocks := min(len(row)/8, countBlocks)
		g, e := countBlocksAbove(row[:8*blocks], t)
		greater, equal = greater+g, equal+e
		row = row[8*blocks:]
	}
	g, e := countAboveGo(row, t)
	return greater + g, equal + e
}

// countBlocks bounds what the assembly counts at a time: it keeps eight counts of 32 bits.
const countBlocks = 1 << 24

func countAboveGo(row []float32, t float32) (greater, equal int) {
	for _, x := range row {
		if x > t {
			greater++
		}
		if x == t {
			equal++
		}
	}
	return greater, equal
}

// CountAboveColumns adds to greater and equal, which have an element for each column of m, how many elements of the column are strictly
// greater than t of the column, and how many equal it. A NaN, in m or in t, is neither.
func CountAboveColumns(m Matrix, t []float32, greater, equal []int32) {
	if len(t) != m.Cols || len(greater) != m.Cols || len(equal) != m.Cols {
		panic(fmt.Sprintf("f32: %d thresholds and %d and %d counts for %d columns", len(t), len(greater), len(equal), m.Cols))
	}
	if m.Rows == 0 {
		return
	}
	j := 0
	for ; j+16 <= m.Cols; j += 16 {
		countColumnBlock(m.Data[j:], m.Stride, m.Rows, t[j:], greater[j:], equal[j:])
	}
	for i := range m.Rows {
		row := m.Row(i)
		for k := j; k < m.Cols; k++ {
			if row[k] > t[k] {
				greater[k]++
			}
			if row[k] == t[k] {
				equal[k]++
			}
		}
	}
}

func countColumnBlockGo(m []float32, stride, rows int, t []float32, greater, equal []int32) {
	for i := range rows {
		for k, x := range m[i*stride : i*stride+16] {
			if x > t[k] {
				greater[k]++
			}
			if x == t[k] {
				equal[k]++
			}
		}
	}
}
