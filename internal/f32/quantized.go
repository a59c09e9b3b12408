package f32

import (
	"math"
	"runtime"
	"sync"
)

// panelRows is the number of rows of a panel of words.
const panelRows = 16

// A quantized is a matrix rounded to integers, x = scale·q + r. A word of 32 bits has two
// coordinates of a row in 16 bits each, or four in 8 bits, the first in the lowest bits.
// Words are in panels: word p of row i is panels[(i/16*depth+p)*16+i%16]. Words beyond
// the matrix are zero.
type quantized struct {
	bits, depth int // depth in words
	panels      []int32
	scale, rest float64 // no r is longer than rest

	// The sums of a row start from its offset, because with 8 bits the other side is 128
	// larger.
	offsets []int32
}

// FastIntegers reports whether this machine multiplies integers of 8 and 16 bits faster
// than float32.
func FastIntegers() bool { return vnni }

// An extent bounds the rows and the coordinates of a matrix.
type extent struct {
	norm    float64 // no row is longer
	largest float64 // nor is a coordinate larger
}

// minNorm and maxNorm bound the usual lengths of the longest row. Within them products do
// not overflow, and the coarser rounding of denormal numbers is negligible.
const minNorm, maxNorm = 0x1p-50, 0x1p50

// usual is false for NaN.
func (e extent) usual() bool { return e.norm >= minNorm && e.norm <= maxNorm }

// roundingUp exceeds the rounding of float64 in a sum of squares and its root.
const roundingUp = 1 + 0x1p-20

// quantize returns x rounded to integers of 16 or 8 bits. It takes as many bits a
// coordinate.
func quantize(x Matrix, e extent, bits int) *quantized {
	perWord := 32 / bits
	w := &quantized{bits: bits, depth: ceil(x.Cols, perWord)}

	// No integer is above 2¹⁵ − 1, or 2⁷ − 1. No coordinate is rounded by more than 1/2,
	// so no row of integers is longer than 2¹⁵ − 1 plus √cols/2. Up to 700 million
	// columns its square is below 2³¹ − 1, and so, by Cauchy and Schwarz, is the product
	// of any two rows. Partial sums may wrap. Scale is a float32, so its product with an
	// integer is exact.
	scale := max(e.norm/math.MaxInt16, e.largest/float64(int(1)<<(bits-1)-1))
	w.scale = float64(math.Nextafter32(float32(scale), math.MaxFloat32))

	panels := ceil(x.Rows, panelRows)
	w.panels, w.offsets = make([]int32, panels*panelRows*w.depth), make([]int32, panels*panelRows)

	r := quantization{x: x, to: w}
	split(&r, panels, runtime.GOMAXPROCS(0))
	w.rest = math.Sqrt(r.longest) * roundingUp
	return w
}

// panel returns the panel that begins with row i.
func (w *quantized) panel(i int) []int32 {
	size := panelRows * w.depth
	return w.panels[i/panelRows*size:][:size]
}

// extentOf returns the extent of x.
func extentOf(x Matrix) extent {
	m := extentMeasurement{x: x}
	split(&m, ceil(x.Rows, panelRows), runtime.GOMAXPROCS(0))
	return extent{math.Sqrt(m.longest) * roundingUp, float64(math.Float32frombits(m.largest))}
}

// An extentMeasurement is a task that reads one panel a chunk.
type extentMeasurement struct {
	x       Matrix
	mu      sync.Mutex
	longest float64 // square of the length
	largest uint32  // bits without the sign, in the order of the numbers
}

func (m *extentMeasurement) chunk(panel int) {
	longest, largest := 0.0, uint32(0)
	for i := panel * panelRows; i < min((panel+1)*panelRows, m.x.Rows); i++ {
		row := m.x.Row(i)
		longest = max(longest, Dot(row, row)) // NaN stays NaN
		for _, v := range row {
			largest = max(largest, math.Float32bits(v)&^(1<<31))
		}
	}

	m.mu.Lock()
	m.longest, m.largest = max(m.longest, longest), max(m.largest, largest)
	m.mu.Unlock()
}

// A quantization writes the panels, one a chunk.
type quantization struct {
	x       Matrix
	to      *quantized
	mu      sync.Mutex
	longest float64 // square of the length of the remainder of a row
}

func (r *quantization) chunk(panel int) {
	first, longest := panel*panelRows, 0.0
	words := r.to.panel(first)
	for i := range min(panelRows, r.x.Rows-first) {
		rest, sum := quantizeRow(words[i:], r.x.Row(first+i), r.to.scale, r.to.bits)
		longest = max(longest, rest)
		if r.to.bits == 8 {
			r.to.offsets[first+i] = -128 * sum
		}
	}

	r.mu.Lock()
	r.longest = max(r.longest, longest)
	r.mu.Unlock()
}

// quantizeRow writes the words of a row a panel apart. It returns the squared length of
// the remainder of the row and the sum of its integers.
func quantizeRow(words []int32, row []float32, scale float64, bits int) (rest float64, sum int32) {
	each := 1 / scale
	mask := uint32(1)<<bits - 1
	for p := 0; len(row) > 0; p += panelRows {
		n := min(32/bits, len(row))
		word := uint32(0)
		for k, v := range row[:n] {
			x := float64(v)
			q := math.RoundToEven(x * each)
			word |= uint32(int32(q)) & mask << (k * bits)
			sum += int32(q)
			x -= scale * q
			rest += x * x
		}

		words[p] = int32(word)
		row = row[n:]
	}

	return rest, sum
}
