package f32

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
