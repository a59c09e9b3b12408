package f32

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// fast says that this machine runs the assembly, wide that it also has the higher tiles
// of AVX-512, and vnni that it multiplies integers of 8 and 16 bits. Tests clear them to
// compare.
var (
	fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA
	wide = fast && cpu.X86.HasAVX512F
	vnni = wide && cpu.X86.HasAVX512VNNI
)

// tileRows returns the height of the highest tile for rows of a that are apart bytes
// apart.
func tileRows(apart int) int {
	switch {
	case !wide:
		return 6
	case apart%1024 == 0:
		// The rows are 4 KB apart, so all of them are in one set of the first-level
		// cache, which usually has eight lines. Copying them takes longer than lower
		// tiles.
		return 8
	}
	return 12
}

func tile(c []float32, rowC int, a []float32, rowA int, b []float32, depth, rows int, add bool) {
	if !fast {
		tileGeneric(c, rowC, a, rowA, b, depth, rows, add)
		return
	}

	// The assembly does not check the bounds of its reads and writes.
	_ = c[(rows-1)*rowC+tileCols-1]
	_ = a[(rows-1)*rowA+depth-1]
	_ = b[depth*tileCols-1]

	if wide {
		tallTile(c, rowC, a, rowA, b, depth, rows, add)
		return
	}

	switch rows {
	case 1:
		tile1(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 2:
		tile2(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 3:
		tile3(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 4:
		tile4(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 5:
		tile5(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 6:
		tile6(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	}
}

func tallTile(c []float32, rowC int, a []float32, rowA int, b []float32, depth, rows int, add bool) {
	switch rows {
	case 1:
		tall1(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 2:
		tall2(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 3:
		tall3(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 4:
		tall4(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 5:
		tall5(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 6:
		tall6(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 7:
		tall7(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 8:
		tall8(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 9:
		tall9(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 10:
		tall10(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 11:
		tall11(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	case 12:
		tall12(&c[0], rowC, &a[0], rowA, &b[0], depth, add)
	}
}

func copyRows(dst, src []float32, stride, depth, panels int) {
	if !fast {
		copyRowsGeneric(dst, src, stride, depth, panels)
		return
	}
	_ = dst[panels*depth*tileCols-1]
	_ = src[(depth-1)*stride+panels*tileCols-1]
	copyPanels(&dst[0], &src[0], stride, depth, panels)
}

func transposeBlocks(dst []float32, strideDst int, src []float32, strideSrc, blocks int) {
	if !fast {
		transposeGeneric(dst, strideDst, src, strideSrc, 8, 8*blocks)
		return
	}
	_ = dst[(8*blocks-1)*strideDst+7]
	_ = src[7*strideSrc+8*blocks-1]
	transpose8(&dst[0], strideDst, &src[0], strideSrc, blocks)
}

func countBlocksAbove(row []float32, low, high float32) (above, reach int) {
	if !fast {
		return countAboveGeneric(row, low, high)
	}
	return countAbove8(&row[0], len(row)/8, low, high)
}

func countColumnBlock(m []float32, stride, rows int, low, high []float32, above, reach []int32) {
	if !fast {
		countColumnBlockGeneric(m, stride, rows, low, high, above, reach)
		return
	}
	_, _, _, _, _ = m[(rows-1)*stride+15], low[15], high[15], above[15], reach[15]
	countColumns16(&m[0], stride, rows, &low[0], &high[0], &above[0], &reach[0])
}

func reachingBlocks(found []uint64, row, low []float32, step int) {
	if !fast {
		reachingGeneric(found, row, low, step)
		return
	}
	blocks := len(row) / 8
	_, _ = found[(blocks-1)/8], low[(blocks-1)*step+7]
	reaching8(&row[0], &low[0], 4*step, blocks, (*uint8)(unsafe.Pointer(&found[0])))
}

func classify(x, y *quantized, i, j int, rows, cols *bounds, inspected *cells, aboveRows, aboveCols []int32, open *[2]cells) (any uint16) {
	if !vnni {
		return classifyGeneric(x, y, i, j, rows, cols, inspected, aboveRows, aboveCols, open)
	}

	a, b := x.panel(i), y.panel(j)
	_, _, _, _ = b[len(a)-1], x.offsets[i+panelRows-1], aboveRows[panelRows-1], aboveCols[panelRows-1]
	if x.bits == 8 {
		return classify8(&a[0], &b[0], x.depth, &x.offsets[i], &rows.low[0], &cols.low[0], &inspected[0], &aboveRows[0], &aboveCols[0], &open[0][0])
	}
	return classify16(&a[0], &b[0], x.depth, &x.offsets[i], &rows.low[0], &cols.low[0], &inspected[0], &aboveRows[0], &aboveCols[0], &open[0][0])
}

func chains(x, y *[pairsAtOnce][]float32) (sums [pairsAtOnce]float32) {
	if !fast {
		return chainsGeneric(x, y)
	}

	var a, b [pairsAtOnce]*float32
	for k := range a {
		a[k], b[k] = &x[k][0], &y[k][:len(x[0])][0]
	}
	chains4(&a[0], &b[0], len(x[0]), &sums[0])
	return sums
}

func fastDotBlocks(x, y []float32) float32 {
	if !fast {
		return fastDotGeneric(x, y)
	}
	_ = y[len(x)-1]
	return fastDot32(&x[0], &y[0], len(x)/fastBlock)
}

func fastDotsBlocks(x, y, z []float32) (xy, xz float32) {
	if !fast {
		return fastDotGeneric(x, y), fastDotGeneric(x, z)
	}
	_, _ = y[len(x)-1], z[len(x)-1]
	return fastDots32(&x[0], &y[0], &z[0], len(x)/fastBlock)
}

func prefetch(row []float32) { prefetchLines(&row[0], ceil(len(row), 16)) }

func dotBlocks(x, y []float32, sums *[16]float64) {
	if !fast {
		dotGeneric(x, y, sums)
		return
	}
	dot16(&x[0], &y[0], len(x)/16, &sums[0])
}

func dotWideBlocks(x []float64, y []float32, sums *[16]float64) {
	if !fast {
		dotGeneric(x, y, sums)
		return
	}
	dotWide16(&x[0], &y[0], len(x)/16, &sums[0])
}

func scaleBlocks(x []float32, by float64) {
	if !fast {
		scaleGeneric(x, by)
		return
	}
	scale8(&x[0], len(x)/8, by)
}

func rejectBlocks(x, y []float32, along, by float64) {
	if !fast {
		rejectGeneric(x, y, along, by)
		return
	}
	reject8(&x[0], &y[0], len(x)/8, along, by)
}

func adamBlocks(w, g, m, v []float32, f *adamFactors) {
	if !fast {
		adamGeneric(w, g, m, v, f)
		return
	}
	adam8(&w[0], &g[0], &m[0], &v[0], len(w)/8, &f.shrink)
}

func addTransposeBlocks(sum, mirrored []float32, rowSum int, left, across []float64, rowLeft, blocks int) {
	if !fast {
		addTransposeGeneric(sum, mirrored, rowSum, left, across, rowLeft, blocks)
		return
	}
	_, _ = sum[3*rowSum+4*blocks-1], mirrored[(4*blocks-1)*rowSum+3]
	_, _ = left[3*rowLeft+4*blocks-1], across[(4*blocks-1)*rowLeft+3]
	addTranspose4(&sum[0], &mirrored[0], rowSum, &left[0], &across[0], rowLeft, blocks)
}
