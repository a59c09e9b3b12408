package f32

// A Pair is a query and a row of the gallery.
type Pair struct{ Query, Row int32 }

// pairsAtOnce is the number of chains that are computed at a time. The processor does one
// FMA a cycle, because each loads two elements, and an FMA has a latency of four.
const pairsAtOnce = 4

// mulPairs sets sums[k] to the similarity of pairs[k], with the bits of [MulNT]. It takes
// about ten times as long per pair.
func mulPairs(sums []float32, queries, gallery Matrix, pairs []Pair) {
	for len(pairs) > 0 {
		var x, y [pairsAtOnce][]float32
		for k := range pairsAtOnce {
			p := pairs[min(k, len(pairs)-1)]
			x[k], y[k] = queries.Row(int(p.Query)), gallery.Row(int(p.Row))
		}
		all := mulRows(&x, &y)
		n := copy(sums, all[:])
		sums, pairs = sums[n:], pairs[n:]
	}
}

// mulRows returns the products of the rows of x and y, in the chunks in which a product
// adds them.
func mulRows(x, y *[pairsAtOnce][]float32) (sums [pairsAtOnce]float32) {
	for d := 0; d < len(x[0]); d += depthBlock {
		end := min(d+depthBlock, len(x[0]))
		var a, b [pairsAtOnce][]float32
		for k := range pairsAtOnce {
			a[k], b[k] = x[k][d:end], y[k][d:end]
		}

		chunk := chains(&a, &b)
		for k, s := range chunk {
			if d > 0 {
				s += sums[k]
			}
			sums[k] = s
		}
	}
	return sums
}

// FastDot returns the product of two vectors in the fastest order. Its bits are not those
// of [MulNT], and [FastWeights] bounds its rounding.
func FastDot(x, y []float32) float64 {
	checkLengths("FastDot", x, y)
	sum := 0.0
	for len(x) >= fastBlock {
		n := min(len(x)/fastBlock*fastBlock, depthBlock)
		sum += float64(fastDotBlocks(x[:n], y[:n]))
		x, y = x[n:], y[n:]
	}
	return sum + tailDot(x, y)
}

// FastDots returns [FastDot] of x with y and with z, in less time than two calls.
func FastDots(x, y, z []float32) (xy, xz float64) {
	checkLengths("FastDots", x, y)
	checkLengths("FastDots", x, z)
	for len(x) >= fastBlock {
		n := min(len(x)/fastBlock*fastBlock, depthBlock)
		a, b := fastDotsBlocks(x[:n], y[:n], z[:n])
		xy, xz = xy+float64(a), xz+float64(b)
		x, y, z = x[n:], y[n:], z[n:]
	}
	return xy + tailDot(x, y), xz + tailDot(x, z)
}

// tailDot returns the product of fewer than fastBlock elements.
func tailDot(x, y []float32) float64 {
	sum := 0.0
	for k, v := range x {
		sum += float64(v) * float64(y[k])
	}
	return sum
}

// fastBlock is the length of the blocks of the kernel, in elements.
const fastBlock = 32

// Prefetch has the processor begin to load a row that is needed soon, and does nothing
// else.
func Prefetch(row []float32) {
	if len(row) > 0 {
		prefetch(row)
	}
}
