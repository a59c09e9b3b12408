package f32

import "fmt"

// Reaching sets bit k%64 of found[k/64] for every element k of the row that is at least
// low, and clears the other bits of these words. A NaN in the row reaches nothing. So the
// few similarities of a tile that matter are found without a branch for each of the
// others. found has a word for every 64 elements.
func Reaching(found []uint64, row []float32, low float32) {
	checkFound("Reaching", found, row)
	reaching(found, row, []float32{low, low, low, low, low, low, low, low}, 0)
}

// ReachingEach is [Reaching] with a bound of its own for each element.
func ReachingEach(found []uint64, row, low []float32) {
	checkFound("ReachingEach", found, row)
	checkLengths("ReachingEach", row, low)
	reaching(found, row, low, 8)
}

func checkFound(name string, found []uint64, row []float32) {
	if len(found) < ceil(len(row), 64) {
		panic(fmt.Sprintf("f32: %s: %d words for %d elements", name, len(found), len(row)))
	}
}

// reaching compares block i of eight elements with the bounds from low[i*step] on.
func reaching(found []uint64, row, low []float32, step int) {
	clear(found[:ceil(len(row), 64)])
	whole := len(row) &^ 7
	if whole > 0 {
		reachingBlocks(found, row[:whole], low, step)
	}

	for k := whole; k < len(row); k++ {
		if row[k] >= low[whole/8*step+k-whole] {
			found[k/64] |= 1 << (k % 64)
		}
	}
}

func reachingGeneric(found []uint64, row, low []float32, step int) {
	for k, x := range row {
		if x >= low[k/8*step+k%8] {
			found[k/64] |= 1 << (k % 64)
		}
	}
}
