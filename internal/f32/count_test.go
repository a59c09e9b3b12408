package f32

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestCountAbove(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	values := []float32{-inf, -1, float32(math.Copysign(0, -1)), 0, 0.5, math.Nextafter32(0.5, 1), 1, inf, nan}
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		for n := range 70 {
			row := make([]float32, n+3)
			for i := range row {
				row[i] = values[rng.IntN(len(values))]
			}
			row = row[3:] // no alignment
			for _, low := range values[:8] {
				for _, high := range values[:8] {
					above, reach := 0, 0
					for _, x := range row {
						if !math.IsNaN(float64(x)) && !(x <= high) {
							above++
						}
						if !math.IsNaN(float64(x)) && !(x < low) {
							reach++
						}
					}
					if a, r := CountAbove(row, low, high); a != above || r != reach {
						t.Fatalf("CountAbove(%v, %v, %v) = %d, %d, want %d, %d", row, low, high, a, r, above, reach)
					}
				}
			}
		}
	})
}

// Every column counts as its own row would, on top of what was counted before. There are
// strides, and columns that do not fill a block.
func TestCountAboveColumns(t *testing.T) {
	nan := float32(math.NaN())
	values := []float32{-1, 0, float32(math.Copysign(0, -1)), 0.5, math.Nextafter32(0.5, 1), float32(math.Inf(1)), nan}
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(5, 6))
		for _, shape := range [][2]int{{0, 20}, {1, 16}, {3, 15}, {40, 33}, {17, 64}, {2, 0}} {
			rows, cols := shape[0], shape[1]
			m := New(rows, cols+3).Columns(1, cols+1)
			for i := range rows {
				for j := range m.Row(i) {
					m.Row(i)[j] = values[rng.IntN(len(values))]
				}
			}
			low, high := make([]float32, cols), make([]float32, cols)
			above, reach := make([]int32, cols), make([]int32, cols)
			for j := range low {
				low[j], high[j] = values[rng.IntN(6)], values[rng.IntN(6)]
				above[j], reach[j] = int32(j), 7
			}
			CountAboveColumns(m, low, high, above, reach)
			column := make([]float32, rows)
			for j := range cols {
				for i := range rows {
					column[i] = m.Row(i)[j]
				}
				a, r := CountAbove(column, low[j], high[j])
				if int(above[j]) != j+a || int(reach[j]) != 7+r {
					t.Errorf("%d×%d: column %d counts %d and %d, want %d and %d", rows, cols, j, above[j], reach[j], j+a, 7+r)
				}
			}
		}
		wantPanic(t, "thresholds", func() {
			CountAboveColumns(New(2, 3), make([]float32, 2), make([]float32, 3), make([]int32, 3), make([]int32, 3))
		})
	})
}

// Exactly the elements that reach their bounds are found, in words that held something
// else before. There are lengths that fill neither a block nor a word.
func TestReaching(t *testing.T) {
	nan := float32(math.NaN())
	values := []float32{-1, 0, float32(math.Copysign(0, -1)), 0.5, math.Nextafter32(0.5, 1), float32(math.Inf(1)), nan}
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 8))
		for n := range 150 {
			row, low := make([]float32, n+3)[3:], make([]float32, n+1)[1:] // no alignment
			for k := range row {
				row[k], low[k] = values[rng.IntN(len(values))], values[rng.IntN(6)]
			}
			found, each := []uint64{7, 1 << 63, 5, 9}, []uint64{7, 1 << 63, 5, 9}
			Reaching(found, row, 0.5)
			ReachingEach(each, row, low)
			for k, x := range row {
				if got, want := found[k/64]>>(k%64)&1 == 1, x == x && !(x < 0.5); got != want {
					t.Fatalf("%d elements: %v at %d reaches 0.5: %v, want %v", n, x, k, got, want)
				}
				if got, want := each[k/64]>>(k%64)&1 == 1, x == x && !(x < low[k]); got != want {
					t.Fatalf("%d elements: %v at %d reaches %v: %v, want %v", n, x, k, low[k], got, want)
				}
			}
			if last := n % 64; last > 0 && (found[n/64]>>last != 0 || each[n/64]>>last != 0) {
				t.Fatalf("%d elements: bits beyond them are set", n)
			}
			if found[3] != 9 || each[3] != 9 {
				t.Fatalf("%d elements: a word that has none is changed", n)
			}
		}
		wantPanic(t, "1 words for 65 elements", func() { Reaching(make([]uint64, 1), make([]float32, 65), 0) })
		wantPanic(t, "ReachingEach", func() { ReachingEach(make([]uint64, 1), make([]float32, 3), make([]float32, 2)) })
	})
}

func TestTranspose(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 8))
		for _, shape := range [][2]int{{0, 3}, {1, 1}, {8, 8}, {9, 17}, {31, 8}, {64, 5}} {
			src, dst := New(shape[0], shape[1]+2).Columns(1, shape[1]+1), New(shape[1], shape[0])
			for i := range src.Rows {
				for j := range src.Row(i) {
					src.Row(i)[j] = rng.Float32()
				}
			}
			Transpose(dst, src)
			for i := range src.Rows {
				for j, v := range src.Row(i) {
					if dst.Row(j)[i] != v {
						t.Fatalf("%v: element (%d, %d) is %v, want %v", shape, j, i, dst.Row(j)[i], v)
					}
				}
			}
		}
		wantPanic(t, "shapes do not fit", func() { Transpose(New(2, 3), New(2, 3)) })
	})
}
