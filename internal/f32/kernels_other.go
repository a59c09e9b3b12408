//go:build !amd64

package f32

// vnni says that this machine multiplies integers faster than float32.
const vnni = false

// tileRows returns the height of the highest tile on rows of a so far apart.
func tileRows(apart int) int { return 6 }

func tile(c []float32, rowC int, a []float32, rowA int, b []float32, depth, rows int, add bool) {
	tileGeneric(c, rowC, a, rowA, b, depth, rows, add)
}

func copyRows(dst, src []float32, stride, depth, panels int) {
	copyRowsGeneric(dst, src, stride, depth, panels)
}

func transposeBlocks(dst []float32, strideDst int, src []float32, strideSrc, blocks int) {
	transposeGeneric(dst, strideDst, src, strideSrc, 8, 8*blocks)
}

func countBlocksAbove(row []float32, low, high float32) (above, reach int) {
	return countAboveGeneric(row, low, high)
}

func countColumnBlock(m []float32, stride, rows int, low, high []float32, above, reach []int32) {
	countColumnBlockGeneric(m, stride, rows, low, high, above, reach)
}

func reachingBlocks(found []uint64, row, low []float32, step int) {
	reachingGeneric(found, row, low, step)
}

func classify(x, y *quantized, i, j int, rows, cols *bounds, inspected *cells, aboveRows, aboveCols []int32, open *[2]cells) (any uint16) {
	return classifyGeneric(x, y, i, j, rows, cols, inspected, aboveRows, aboveCols, open)
}

func chains(x, y *[pairsAtOnce][]float32) [pairsAtOnce]float32 { return chainsGeneric(x, y) }

func fastDotBlocks(x, y []float32) float32 { return fastDotGeneric(x, y) }

func fastDotsBlocks(x, y, z []float32) (xy, xz float32) {
	return fastDotGeneric(x, y), fastDotGeneric(x, z)
}

func prefetch([]float32) {}

func dotWideBlocks(x []float64, y []float32, sums *[16]float64) { dotGeneric(x, y, sums) }

func dotBlocks(x, y []float32, sums *[16]float64) { dotGeneric(x, y, sums) }

func scaleBlocks(x []float32, by float64) { scaleGeneric(x, by) }

func rejectBlocks(x, y []float32, along, by float64) { rejectGeneric(x, y, along, by) }

func adamBlocks(w, g, m, v []float32, f *adamFactors) { adamGeneric(w, g, m, v, f) }

func addTransposeBlocks(sum, mirrored []float32, rowSum int, left, across []float64, rowLeft, blocks int) {
	addTransposeGeneric(sum, mirrored, rowSum, left, across, rowLeft, blocks)
}
