package f32

import (
	"math"
	"runtime"
	"sync"
)

// panelRows is how many rows a panel of words has.
const panelRows = 16

// Words are the rows of a matrix rounded to 16-bit integers, x = scale·q + r. A word of 32 bits holds two coordinates of a row, the first in
// its lower half, and words lie in panels: word p of row i is panels[(i/16*depth+p)*16+i%16]. What is beyond the matrix is zero.
type Words struct {
	rows, cols, depth int // depth in words
	panels            []int32
	scale             float64
	norm, rest        float64 // no x is longer than norm, and no r than rest
}

// Where the longest row has a usual length, its products do not overflow, and that denormal numbers are rounded to fewer bits does not count.
const minNorm, maxNorm = 0x1p-50, 0x1p50

// upwards is more than float64 rounds in a sum of squares and its root.
const upwards = 1 + 0x1p-20

// FastWords reports whether this machine multiplies words faster than float32.
func FastWords() bool { return words }

// NewWords returns the words of x, which take 2 bytes a coordinate, or nil if the longest row of x has no usual length: 2⁻⁵⁰ to 2⁵⁰.
func NewWords(x Matrix) *Words {
	check("NewWords", true, x)
	w := &Words{rows: x.Rows, cols: x.Cols, depth: ceil(x.Cols, 2)}
	panels := ceil(x.Rows, panelRows)
	m := measuring{x: x}
	split(&m, panels, runtime.GOMAXPROCS(0))
	w.norm = math.Sqrt(m.longest) * upwards
	if !(w.norm >= minNorm && w.norm <= maxNorm) {
		return nil
	}
	// So no integer is above 2¹⁵ − 1, nor, for no coordinate is rounded by more than 1/2, a row of integers longer than that and √cols/2. Up
	// to 700 million columns its square, and by Cauchy and Schwarz the product of any two, is below 2³¹ − 1. Products on the way may wrap.
	w.scale = float64(math.Nextafter32(float32(w.norm/math.MaxInt16), math.MaxFloat32))
	w.panels = make([]int32, panels*panelRows*w.depth)
	r := rounding{x: x, w: w}
	split(&r, panels, runtime.GOMAXPROCS(0))
	w.rest = math.Sqrt(r.longest) * upwards
	return w
}

// panel returns the panel that begins with row i.
func (w *Words) panel(i int) []int32 {
	size := panelRows * w.depth
	return w.panels[i/panelRows*size:][:size]
}

// measuring looks for the longest row.
type measuring struct {
	x       Matrix
	mu      sync.Mutex
	longest float64 // square of the length
}

func (m *measuring) chunk(panel int) {
	longest := 0.0
	for i := panel * panelRows; i < min((panel+1)*panelRows, m.x.Rows); i++ {
		longest = max(longest, Dot(m.x.Row(i), m.x.Row(i))) // NaN stays
	}
	m.mu.Lock()
	m.longest = max(m.longest, longest)
	m.mu.Unlock()
}

// rounding writes the words of one panel after the other.
type rounding struct {
	x       Matrix
	w       *Words
	mu      sync.Mutex
	longest float64 // square of the length of what is left of a row
}

func (r *rounding) chunk(panel int) {
	first, longest := panel*panelRows, 0.0
	words := r.w.panel(first)
	for i := range min(panelRows, r.x.Rows-first) {
		longest = max(longest, roundRow(words[i:], r.x.Row(first+i), r.w.scale))
	}
	r.mu.Lock()
	r.longest = max(r.longest, longest)
	r.mu.Unlock()
}

// roundRow writes the words of a row a panel apart, and returns the squared length of what is left of it.
func roundRow(words []int32, row []float32, scale float64) float64 {
	per := 1 / scale // scale·q is exact, as scale is a float32
	rest := 0.0
	for p := 0; p < len(row); p += 2 {
		x, y := float64(row[p]), 0.0
		if p+1 < len(row) {
			y = float64(row[p+1])
		}
		low, high := math.RoundToEven(x*per), math.RoundToEven(y*per)
		words[p/2*panelRows] = int32(high)<<16 | int32(low)&0xffff
		x -= scale * low
		y -= scale * high
		rest += x*x + y*y
	}
	return rest
}
