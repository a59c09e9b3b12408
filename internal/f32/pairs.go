package f32

import "fmt"

// A Pair is a row of one matrix and a row of another.
type Pair struct{ A, B int32 }

// pairsAtOnce is how many chains the processor works on at a time: one FMA a cycle, for which it loads two elements, of a latency of four.
const pairsAtOnce = 4

// MulPairs sets sums[k] to the product of row pairs[k].A of a and row pairs[k].B of b, to the bit as [MulNT] does. It takes some ten times
// as long a pair, and so is for few of many.
func MulPairs(sums []float32, a, b Matrix, pairs []Pair) {
	check("MulPairs", a.Cols == b.Cols, a, b)
	if len(sums) != len(pairs) {
		panic(fmt.Sprintf("f32: MulPairs: %d sums for %d pairs", len(sums), len(pairs)))
	}
	clear(sums)
	for len(pairs) > 0 && a.Cols > 0 {
		var x, y [pairsAtOnce][]float32
		for k := range pairsAtOnce {
			p := pairs[min(k, len(pairs)-1)]
			x[k], y[k] = a.Row(int(p.A)), b.Row(int(p.B))
		}
		all := mulRows(&x, &y)
		n := copy(sums, all[:])
		sums, pairs = sums[n:], pairs[min(n, len(pairs)):]
	}
}

// mulRows returns the products of the rows of x and y, chunk by chunk as a product adds them.
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
