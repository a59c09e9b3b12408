package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// halves selects the first half of a batch against the second.
type halves struct{ losses.Loss }

func (halves) SelectRows(anchors, candidates, labels []int) (a, c []int) {
	for i := range labels {
		if i < len(labels)/2 {
			anchors = append(anchors, i)
		} else {
			candidates = append(candidates, i)
		}
	}
	return anchors, candidates
}

// multiples are the rows of a family that point the same way, or the opposite way.
var multiples = []float64{1, 1, -1, 2, 3, -7, 1e-30, 1e30}

// family returns multiples of a row, then rows next to it and to its opposite at
// distances from 1e-8 to 10.
func family(rng *rand.Rand, dim int) matrix.Matrix {
	row := normal(rng, 1, dim).Row(0)
	row[rng.IntN(dim)] += 0.1 // it is not zero
	var data []float32
	like := func(scale, noise float64) {
		for _, v := range row {
			data = append(data, float32(scale*(float64(v)+noise*rng.NormFloat64())))
		}
	}

	for _, scale := range multiples {
		like(scale, 0)
	}
	for noise := 1e-8; noise < 20; noise *= 10 {
		like(1, noise)
		like(-1, noise)
	}
	return matrix.Matrix{Rows: len(data) / dim, Cols: dim, Stride: dim, Data: data}
}

// against returns, for every kind of candidates, S of the rows of x, without a head,
// against themselves, and which rows of x the anchors and the candidates are.
func against(t *testing.T, x matrix.Matrix) map[string]comparison {
	t.Helper()
	m, dim := x.Rows, x.Cols
	labels, all := make([]int, m), sequence(m)
	memory, err := newMemory(config.Memory{Size: m + 3}, m, dim)
	if err != nil {
		t.Fatal(err)
	}

	proxies := &proxies{
		labels: labels, // which are not read
		v:      x, p: matrix.New(m, dim), lengths: make([]float64, m), sims: matrix.New(m, m),
	}

	found := map[string]comparison{}
	for name, kind := range map[string]candidates{
		"batch": newInBatch(m), "memory": memory, "proxies": proxies, "selected": newSelected(halves{}, m, dim),
	} {
		e := x.Clone()
		if err := normalizeRows(e, make([]float64, m)); err != nil {
			t.Fatal(err)
		}

		s := &Step{Labels: labels, S: make([]float64, m*(m+3)), G: make([]float64, m*(m+3))}
		kind.forward(e, s)
		anchors, candidates := all, all
		if name == "selected" {
			anchors, candidates = all[:m/2], all[m/2:]
		}

		found[name] = comparison{s.S, anchors, candidates}
	}
	return found
}

type comparison struct {
	s                   []float64
	anchors, candidates []int
}

// Rows that point the same way have exactly S = 1 and opposite ones −1, whatever they are
// compared with and in any order of the columns, and no S is beyond. Others are off by
// (dim + 4)·2⁻²⁴ at most: a coordinate at length 1 is off by one rounding to float32, two
// of which stand in a product, the sum of dim products by dim, and the terms of higher
// order of so many are below the two that are left.
func TestSimilaritiesToABound(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for _, dim := range []int{1, 2, 3, 16, 37, 129, 512, 1280, 4096} {
		x := family(rng, dim)
		want := wideProducts(x)

		for range 3 {
			y, order := matrix.New(x.Rows, dim), rng.Perm(dim)
			for i := range x.Rows {
				for k, from := range order {
					y.Row(i)[k] = x.Row(i)[from]
				}
			}
			for kind, c := range against(t, y) {
				for a, i := range c.anchors {
					for b, j := range c.candidates {
						got, exact := c.s[a*len(c.candidates)+b], want[i*x.Rows+j]
						switch {
						case i < len(multiples) && j < len(multiples) && math.Abs(got) != 1, i == j && got != 1, math.Abs(got) > 1:
							t.Errorf("%s of dimension %d: S of rows %d and %d is %v", kind, dim, i, j, got)
						case math.Abs(got-exact) > float64(dim+4)*0x1p-24:
							t.Errorf("%s of dimension %d: S of rows %d and %d is %v, the cosine %v", kind, dim, i, j, got, exact)
						}
					}
				}
			}
		}
	}
}

// wideProducts is S in float64.
func wideProducts(x matrix.Matrix) []float64 {
	e := units(toFloat64(x))
	return products(e, e)
}

// The gradient of a row through its similarity to a copy is 0 but for rounding: it is a
// multiple of the row, which has no part at right angles to it.
func TestCopiesDoNotPullEachOther(t *testing.T) {
	for _, dim := range []int{2, 16, 512} {
		row := normal(rand.New(rand.NewPCG(23, 24)), 1, dim)
		rows, gradient := matrix.New(4, dim), matrix.New(4, dim)
		for i := range rows.Rows {
			copy(rows.Row(i), row.Row(0))
		}

		// L is the mean of −S of 3 positives an anchor.
		o := newTestObjective(t, contrastive, 0, []int{0, 0, 0, 0}, dim)
		loss, err := o.Eval(rows, gradient)
		if err != nil || loss != 0 || o.step.G[1] != -0.25 {
			t.Fatalf("dimension %d: loss %v, error %v, G %v", dim, loss, err, o.step.G[1])
		}

		length := math.Sqrt(f32.Dot(row.Row(0), row.Row(0)))
		for i := range rows.Rows {
			// G + Gᵀ of three pairs is 1.5 in all, of which float32 keeps 2⁻²³.
			if size := math.Sqrt(f32.Dot(gradient.Row(i), gradient.Row(i))); size > 0x1p-21/length {
				t.Errorf("dimension %d: a gradient of length %v at the length %v", dim, size, length)
			}
		}
	}
}

// few returns 8 classes of which 4 have two rows only, so that a batch of 4 rows a class
// is filled with copies.
func few(dim int) (matrix.Matrix, []int) {
	var labels []int
	for class := range 8 {
		labels = append(labels, slices.Repeat([]int{class}, 2+4*(class%2))...)
	}
	x := normal(rand.New(rand.NewPCG(25, 26)), len(labels), dim)
	for i, class := range labels {
		x.Row(i)[class] += 2
	}
	return x, labels
}

// Copies that fill a class neither count nor weigh where a loss is one of distances: L is
// that from the coordinates in float64, where the distance of a copy is 0 and so has no
// slope. The columns in another order give the same within rounding, and the same pairs
// with weight.
func TestCopiesOfSmallClasses(t *testing.T) {
	const dim = 24
	x, labels := few(dim)
	y, order := matrix.New(x.Rows, dim), rand.New(rand.NewPCG(27, 28)).Perm(dim)
	for i := range x.Rows {
		for k, from := range order {
			y.Row(i)[k] = x.Row(i)[from]
		}
	}

	for _, kind := range []struct {
		head   config.Head
		memory config.Memory
	}{
		{config.Head{Name: "none"}, config.Memory{}},
		// Without a head, rows in memory are copies too.
		{config.Head{Name: "none"}, config.Memory{Name: "xbm", Size: 40}},
		{config.Head{Name: "linear", Init: "identity"}, config.Memory{}},
	} {
		c := settings(8, 4)
		c.Head, c.Memory, c.Optimizer = kind.head, kind.memory, config.Optimizer{Name: "sgd", LR: 0.1}
		one, other := newTrainer(t, c, x, labels, activePairs(t)), newTrainer(t, c, y, labels, activePairs(t))
		ring, next := make([]int, max(kind.memory.Size, 32)), 0 // rows of the candidates

		for step := range 3 {
			e := units(toFloat64(x))
			if kind.head.Name == "linear" {
				e = embedUnits(x, toFloat64(one.Weights().W), sequence(x.Rows))
			}
			s, turned := mustStep(t, one), mustStep(t, other)
			for _, row := range s.Rows {
				ring[next] = row
				next = (next + 1) % len(ring)
			}
			want := activeOf(e, s, ring[:len(s.Candidates)])
			for name, s := range map[string]Step{"as they are": s, "in another order": turned} {
				if math.Abs(s.Loss-want) > 1e-6 {
					t.Errorf("head %s, memory %q, step %d, columns %s: L = %v, want %v", kind.head.Name, kind.memory.Name, step, name, s.Loss, want)
				}
			}
			copies := 0
			for k, v := range s.S {
				if s.Rows[k/len(s.Candidates)] == ring[k%len(s.Candidates)] {
					copies++
					if v != 1 || s.G[k] != 0 {
						t.Fatalf("a copy has S %v and G %v", v, s.G[k])
					}
				}
				if math.Abs(v-turned.S[k]) > 1e-6 || math.Abs(s.G[k]-turned.G[k]) > 1e-6 || (s.G[k] == 0) != (turned.G[k] == 0) {
					t.Fatalf("S %v and G %v, and %v and %v with the columns in another order", v, s.G[k], turned.S[k], turned.G[k])
				}
			}
			if copies < 32+4*4 {
				t.Errorf("%d pairs of a row and itself or a copy, 32 with itself", copies)
			}
		}
	}
}

// activePairs is the mean over positive pairs of d > 0 and over negatives of 1 − d > 0.
func activePairs(t *testing.T) losses.Loss {
	t.Helper()
	choice, err := losses.Choose(losses.Catalogue, "contrastive.pml")
	if err != nil {
		t.Fatal(err)
	}
	loss, err := choice.Loss()
	if err != nil {
		t.Fatal(err)
	}
	return loss
}

// activeOf is that mean from the coordinates of all embeddings, of which the candidates
// are in the order of s.
func activeOf(e [][]float64, s Step, candidates []int) float64 {
	var sums, active [2]float64
	for a, i := range s.Rows {
		for b, j := range candidates {
			square := 0.0
			for k, v := range e[i] {
				square += (v - e[j][k]) * (v - e[j][k])
			}
			side, term := 0, math.Sqrt(square)
			if s.Anchors[a] != s.Candidates[b] {
				side, term = 1, 1-term
			}
			if term > 0 {
				sums[side], active[side] = sums[side]+term, active[side]+1
			}
		}
	}
	return sums[0]/max(1, active[0]) + sums[1]/max(1, active[1])
}
