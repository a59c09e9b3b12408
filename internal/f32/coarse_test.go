package f32

import (
	"math"
	"math/rand/v2"
	"testing"
)

// wordDims are odd, even, a chunk and beyond one.
var wordDims = []int{1, 2, 3, 17, 64, 512, 513, 1100}

// wordSets are rows of all kinds, whose lengths NewWords takes.
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

// integers returns the products of all rows of x with all of y, as exact as int64 is.
func integers(x, y *Words) [][]int64 {
	row := func(w *Words, i int) []int64 {
		var q []int64
		for p := range w.depth {
			word := w.panel(i)[p*panelRows+i%panelRows]
			q = append(q, int64(int16(word)), int64(word>>16))
		}
		return q
	}
	products := make([][]int64, x.rows)
	for i := range products {
		products[i] = make([]int64, y.rows)
		a := row(x, i)
		for j := range products[i] {
			for p, v := range row(y, j) {
				products[i][j] += a[p] * v
			}
		}
	}
	return products
}

// The similarity in float32 of every path, and in float64, is within the slack of the integer, which has 32 bits; and the slack is of use.
func TestSlack(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for _, cols := range wordDims {
			queries, gallery := wordSets(rng, 19, cols), wordSets(rng, 21, cols)
			for name, q := range queries {
				for _, g := range []Matrix{gallery[name], gallery["unequal"]} {
					x, y := NewWords(q), NewWords(g)
					if x == nil || y == nil {
						t.Fatalf("%s, %d columns: no words", name, cols)
					}
					c := New(q.Rows, g.Rows)
					MulNT(c, q, g)
					most := slack(x, y)
					if most > 1e-4*math.Sqrt(float64(cols))*x.norm*y.norm {
						t.Errorf("%s, %d columns: slack %v for rows of length %v and %v", name, cols, most, x.norm, y.norm)
					}
					for i, row := range integers(x, y) {
						for j, d := range row {
							if d >= never || d <= -never {
								t.Fatalf("%s, %d columns: integer %d", name, cols, d)
							}
							at := x.scale * y.scale * float64(d)
							for _, s := range []float64{float64(c.Row(i)[j]), Dot(q.Row(i), g.Row(j))} {
								if math.Abs(s-at) > most {
									t.Fatalf("%s, %d columns: similarity %v, integer at %v: further than %v", name, cols, s, at, most)
								}
							}
						}
					}
				}
			}
		}
	})
}

// Rows that are nearly integers leave the rounding of sums alone, which in sums of equal products goes one way.
func TestSlackOfSums(t *testing.T) {
	x := New(21, 512)
	x.Row(0)[0] = 1
	scale := NewWords(x).scale
	for i := 1; i < x.Rows; i++ {
		for k := range x.Row(i) {
			x.Row(i)[k] = float32(scale * float64(1300+7*i))
		}
	}
	onEveryPath(t, func(t *testing.T) {
		w, c := NewWords(x), New(x.Rows, x.Rows)
		MulNT(c, x, x)
		for i, row := range integers(w, w) {
			for j, d := range row {
				if s, at := float64(c.Row(i)[j]), w.scale*w.scale*float64(d); math.Abs(s-at) > slack(w, w) {
					t.Fatalf("similarity %v, integer at %v: further than %v", s, at, slack(w, w))
				}
			}
		}
	})
}

// An integer beyond the bounds decides even at the end of the slack, and bounds are not much wider than that.
func TestAround(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	w := NewWords(normal(rng, 5, 40))
	c := NewCoarse(w, w, make([]float32, 5), make([]int32, 5), make([]int32, 5))
	for range 1000 {
		threshold := c.unit * never * (2*rng.Float64() - 1)
		low, high := c.around(threshold)
		if at := c.unit * float64(high); high < never && !(at-c.slack > threshold && at-4*c.unit-c.slack < threshold) {
			t.Fatalf("threshold %v: %d, at %v, is not above, or four less too, with slack %v", threshold, high, at, c.slack)
		}
		if at := c.unit * float64(low); low > -never && !(at+c.slack < threshold && at+4*c.unit+c.slack > threshold) {
			t.Fatalf("threshold %v: %d, at %v, is not below, or four more too, with slack %v", threshold, low, at, c.slack)
		}
	}
	for threshold, want := range map[float64][2]int32{math.Inf(1): {never, never}, 1e30: {never, never}, -1e30: {-never, -never}} {
		if low, high := c.around(threshold); low != want[0] || high != want[1] {
			t.Errorf("threshold %v: bounds %d and %d, want %v", threshold, low, high, want)
		}
	}
}

// Lengths that are not usual are refused.
func TestNoWords(t *testing.T) {
	for name, x := range map[string]Matrix{
		"no rows": New(0, 3), "no columns": New(3, 0), "zeros": New(2, 2),
		"NaN":       {Rows: 1, Cols: 2, Stride: 2, Data: []float32{1, float32(math.NaN())}},
		"too short": {Rows: 1, Cols: 2, Stride: 2, Data: []float32{0x1p-51, 0}},
		"too long":  {Rows: 2, Cols: 1, Stride: 1, Data: []float32{1, 0x1p51}},
	} {
		if NewWords(x) != nil {
			t.Errorf("%s: got words", name)
		}
	}
}
