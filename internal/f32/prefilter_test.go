package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// wordDims are numbers of columns: odd ones, even ones, a chunk and one beyond it.
var wordDims = []int{1, 2, 3, 17, 64, 512, 513, 1100}

// wordSets are rows of all kinds, whose lengths are usual.
func wordSets(rng *rand.Rand, rows, cols int) map[string]Matrix {
	sets := map[string]Matrix{}
	for _, name := range []string{"normal", "unit", "unequal", "one-hot", "constant", "tiny", "huge", "zeros"} {
		m := normal(rng, rows, cols)
		for i := range rows {
			row := m.Row(i)
			for k, v := range row {
				switch name {
				case "one-hot":
					row[k] = float32(min(1, (k+i)%cols)) - 1
				case "constant":
					row[k] = float32(1 - 2*(i%2))
				case "tiny":
					row[k] = v * 0x1p-40
				case "huge":
					row[k] = v * 0x1p40
				case "zeros":
					row[k] = v * float32(i%2)
				}
			}
			switch name {
			case "unit":
				Scale(row, 1/math.Sqrt(Dot(row, row)))
			case "unequal":
				Scale(row, math.Pow(10, 6*rng.Float64()-3))
			}
		}
		sets[name] = m
	}
	return sets
}

// search returns a search whose queries skip nothing.
func search(q, g Matrix) Search {
	return Search{Queries: q, Gallery: g, Lo: make([]int32, q.Rows), Hi: make([]int32, q.Rows)}
}

// integers returns the products of all rows of x with all of y, as exact as int64 is.
func integers(x, y *quantized, rows, cols int) [][]int64 {
	row := func(w *quantized, i int) []int64 {
		var q []int64
		for p := range w.depth {
			word := w.panel(i)[p*panelRows+i%panelRows]
			if w.bits == 16 {
				q = append(q, int64(int16(word)), int64(word>>16))
				continue
			}
			q = append(q, int64(int8(word)), int64(int8(word>>8)), int64(int8(word>>16)), int64(word>>24))
		}
		return q
	}
	products := make([][]int64, rows)
	for i := range products {
		products[i] = make([]int64, cols)
		a := row(x, i)
		for j := range products[i] {
			for p, v := range row(y, j) {
				products[i][j] += a[p] * v
			}
		}
	}
	return products
}

// withinSlack tests that the similarities in float32, and those in float64, are within
// the slack of the integers. It also tests that the integers fit into 32 bits.
func withinSlack(t *testing.T, what string, c *Prefilter, l *level) {
	t.Helper()
	sims := New(c.Queries.Rows, c.Gallery.Rows)
	MulNT(sims, c.Queries, c.Gallery)
	for i, row := range integers(l.queries, l.gallery, sims.Rows, sims.Cols) {
		for j, d := range row {
			if d >= unreachable || d <= -unreachable {
				t.Fatalf("%s: integer %d", what, d)
			}
			for _, s := range []float64{float64(sims.Row(i)[j]), Dot(c.Queries.Row(i), c.Gallery.Row(j))} {
				if math.Abs(s-l.unit*float64(d)) > l.slack {
					t.Fatalf("%s: similarity %v, integer at %v: further than %v", what, s, l.unit*float64(d), l.slack)
				}
			}
		}
	}
}

// The slack holds on every path and for rows of every kind, and is small enough to be of
// use.
func TestSlack(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for _, cols := range wordDims {
			queries, gallery := wordSets(rng, 19, cols), wordSets(rng, 21, cols)
			for name, q := range queries {
				for _, g := range []Matrix{gallery[name], gallery["unequal"]} {
					what := fmt.Sprintf("%s, %d columns", name, cols)
					c := NewPrefilter(search(q, g))
					if c == nil {
						t.Fatalf("%s: lengths are not usual", what)
					}
					withinSlack(t, what, c, c.in8)
					withinSlack(t, what, c, c.in16())
					if most := 1e-4 * math.Sqrt(float64(cols)) * c.extents[0].norm * c.extents[1].norm; c.in16().slack > most {
						t.Errorf("%s: slack %v in words, want at most %v", what, c.in16().slack, most)
					}
					reach := c.extents[0].largest*c.extents[1].norm + c.extents[0].norm*c.extents[1].largest
					if most := 1e-2 * math.Sqrt(float64(cols)) * reach; c.in8.slack > most {
						t.Errorf("%s: slack %v in bytes, want at most %v", what, c.in8.slack, most)
					}
				}
			}
		}
	})
}

// Rows that are nearly integers leave only the rounding of sums, which goes one way in
// sums of equal products.
func TestSlackOfSums(t *testing.T) {
	x := New(21, 512)
	x.Row(0)[0] = 1
	scale := quantize(x, extentOf(x), 16).scale
	for i := 1; i < x.Rows; i++ {
		for k := range x.Row(i) {
			x.Row(i)[k] = float32(scale * float64(1300+7*i))
		}
	}
	onEveryPath(t, func(t *testing.T) {
		c := NewPrefilter(search(x, x))
		withinSlack(t, "nearly integers", c, c.in16())
	})
}

// An integer beyond the bounds decides even at the end of the slack, and the bounds are
// not much wider than the slack.
func TestAround(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	c := NewPrefilter(search(normal(rng, 5, 40), normal(rng, 7, 40)))
	for _, l := range []*level{c.in8, c.in16()} {
		for range 1000 {
			lower := l.unit * unreachable * (2*rng.Float64() - 1)
			higher := lower + l.unit*unreachable*0.1*rng.Float64()
			low, high := l.around(lower, higher)
			if at := l.unit * float64(high); high < unreachable && !(at-l.slack > higher && at-4*l.unit-l.slack < higher) {
				t.Fatalf("threshold %v: %d, at %v, is not above, or four less too, with slack %v", higher, high, at, l.slack)
			}
			if at := l.unit * float64(low); low > -unreachable && !(at+l.slack < lower && at+4*l.unit+l.slack > lower) {
				t.Fatalf("threshold %v: %d, at %v, is not below, or four more too, with slack %v", lower, low, at, l.slack)
			}
		}
		for threshold, want := range map[float64][2]int32{math.Inf(1): {unreachable, unreachable}, 1e30: {unreachable, unreachable}, -1e30: {-unreachable, -unreachable}} {
			if low, high := l.around(threshold, threshold); low != want[0] || high != want[1] {
				t.Errorf("threshold %v: bounds %d and %d, want %v", threshold, low, high, want)
			}
		}
	}
}

// Lengths that are not usual are refused, on either side.
func TestLengthsNotUsual(t *testing.T) {
	one := Matrix{Rows: 1, Cols: 2, Stride: 2, Data: []float32{1, 0}}
	for name, x := range map[string]Matrix{
		"no rows": New(0, 2), "zeros": New(2, 2),
		"NaN":       {Rows: 1, Cols: 2, Stride: 2, Data: []float32{1, float32(math.NaN())}},
		"too short": {Rows: 1, Cols: 2, Stride: 2, Data: []float32{0x1p-51, 0}},
		"too long":  {Rows: 2, Cols: 2, Stride: 2, Data: []float32{1, 0, 0x1p51, 0}},
	} {
		if NewPrefilter(search(x, one)) != nil || NewPrefilter(search(one, x)) != nil {
			t.Errorf("%s: not refused", name)
		}
	}
	if NewPrefilter(search(New(3, 0), New(2, 0))) != nil {
		t.Error("no columns: not refused")
	}
	wantPanic(t, "they do not fit", func() { NewPrefilter(Search{Queries: one, Gallery: one}) })
	wantPanic(t, "shapes do not fit", func() { NewPrefilter(search(one, New(1, 3))) })
}
