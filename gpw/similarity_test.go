package gpw_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// cosine is the cosine of two rows in 300 bits.
func cosine(x, y []float64) *big.Float {
	wide := func(v float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(v) }
	dot := func(x, y []float64) *big.Float {
		sum := wide(0)
		for k, v := range x {
			sum.Add(sum, new(big.Float).Mul(wide(v), wide(y[k])))
		}
		return sum
	}
	lengths := new(big.Float).Mul(dot(x, x), dot(y, y))
	return dot(x, y).Quo(dot(x, y), lengths.Sqrt(lengths))
}

// scales are multiples of a row with which a family begins.
var scales = []float64{1, 1, -1, 2, 3, -7, 1e-160, 1e160}

// family returns a row with multiples, then rows next to it and to its opposite at
// distances from 1e-17 to 10.
func family(rng *rand.Rand, d int) (rows [][]float64) {
	row := make([]float64, d)
	for k := range row {
		row[k] = rng.NormFloat64()
	}
	row[rng.IntN(d)] += 0.1 // no row is zero
	like := func(scale, noise float64) {
		other := slices.Clone(row)
		for k := range other {
			other[k] = scale * (other[k] + noise*rng.NormFloat64())
		}
		rows = append(rows, other)
	}
	for _, scale := range scales {
		like(scale, 0)
	}
	for noise := 1e-17; noise < 20; noise *= 10 {
		like(1, noise)
		like(-1, noise)
	}
	return rows
}

// columns returns the rows one after the other with their columns in the given order.
func columns(rows [][]float64, order []int) []float64 {
	var x []float64
	for _, row := range rows {
		for _, k := range order {
			x = append(x, row[k])
		}
	}
	return x
}

// TestSimilaritiesToABound holds S against cosines in 300 bits. Rows that are equal, or
// multiples of each other, have exactly 1, opposite ones −1, in any order of the columns;
// no S is beyond. Others are off by (2d + 8)·2⁻⁵³ at most: a length is off by d/2 + 2
// roundings (the square of a quotient 3, their sum d − 1, of which the root halves all,
// and the root 1), a coordinate at length 1 by two more, and a product of two rows by d.
// The distance of a near pair is off by d + 8 roundings only, and by what rounding S once
// to 2⁻⁵⁴ makes of it.
func TestSimilaritiesToABound(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const u = 0x1p-53
	for _, d := range []int{1, 2, 3, 7, 16, 37, 129, 512} {
		for range max(1, 20/d) {
			rows := family(rng, d)
			n, bound := len(rows), float64(2*d+8)*u
			orders := make([][]float64, 4)
			for k := range orders {
				var err error
				if orders[k], err = gpw.Similarities(columns(rows, rng.Perm(d)), n, d); err != nil {
					t.Fatal(err)
				}
			}
			for i := range n {
				for j := range i + 1 {
					exact := cosine(rows[i], rows[j])
					far, _ := new(big.Float).Sub(big.NewFloat(1), exact).Float64()
					distance := math.Sqrt(max(0, 2*far))
					for _, s := range orders {
						got := s[i*n+j]
						off, _ := new(big.Float).Sub(exact, big.NewFloat(got)).Float64()
						switch {
						case i < len(scales) && math.Abs(got) != 1, math.Abs(got) > 1, got != s[j*n+i]:
							t.Errorf("d %d: S of rows %d and %d is %v, and %v turned", d, i, j, got, s[j*n+i])
						case math.Abs(off) > bound:
							t.Errorf("d %d: S of rows %d and %d is off by %v, more than %v", d, i, j, off, bound)
						case distance < 0.4 && math.Abs(off) > u/2+distance*float64(d+8)*u+bound*bound:
							t.Errorf("d %d: S of rows %d and %d at a distance of %v is off by %v", d, i, j, distance, off)
						}
					}
				}
			}
		}
	}
}

// TestSmallestRows: a length that has no more than a bit or two as a float64 is no reason
// to lose a direction: (a, a) and (a, 0) are at 45°.
func TestSmallestRows(t *testing.T) {
	for _, a := range []float64{math.SmallestNonzeroFloat64, 1, math.MaxFloat64} {
		s, err := gpw.Similarities([]float64{a, a, a, 0}, 2, 2)
		if err != nil || s[0] != 1 || s[3] != 1 || math.Abs(s[1]-math.Sqrt2/2) > 1e-15 {
			t.Errorf("a = %v: S = %v, error %v", a, s, err)
		}
	}
}

// TestCopiesInAnyOrder weighs a batch with copies within a class, across classes and
// filling a class by every preset: the order of the columns, which rounds other
// similarities another way, changes L and G by rounding and no pair that takes part.
func TestCopiesInAnyOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	const d = 16
	images := make([][]float64, 5)
	for i := range images {
		for range d {
			images[i] = append(images[i], rng.NormFloat64())
		}
	}
	var rows [][]float64
	for _, image := range []int{0, 0, 1, 2, 2, 2, 3, 0, 4, 4} {
		rows = append(rows, images[image])
	}
	labels := []int{0, 0, 0, 1, 1, 1, 2, 2, 3, 3}
	presets := 0
	for _, spec := range losses.Catalogue {
		for _, p := range spec.Presets {
			choice, err := losses.Choose(losses.Catalogue, spec.Name+"."+p.Name)
			if err != nil {
				t.Fatal(err)
			}
			if choice.Traits()&losses.Random != 0 {
				continue // it draws other pairs whenever S changes
			}
			presets++
			var first *gpw.Weights
			for range 20 {
				b, err := gpw.Batch(columns(rows, rng.Perm(d)), len(rows), d, labels)
				if err != nil {
					t.Fatal(err)
				}
				loss, err := choice.Loss()
				if err != nil {
					t.Fatal(err)
				}
				w := gpw.Weigh(loss, b)
				if first == nil {
					first = w
				}
				wantSame(t, choice.Name(), w, first)
			}
		}
	}
	if presets < 70 {
		t.Errorf("%d presets", presets)
	}
}

// wantSame fails unless two readings of a batch agree up to rounding, and in which pairs
// have weight.
func wantSame(t *testing.T, name string, w, want *gpw.Weights) {
	t.Helper()
	if math.Abs(w.Loss-want.Loss) > 1e-12*max(1, math.Abs(want.Loss)) {
		t.Errorf("%s: L is %v, and %v in another order", name, w.Loss, want.Loss)
	}
	largest := 0.0
	for _, p := range want.Pairs {
		largest = max(largest, p.Weight())
	}
	if largest > 1e3 {
		t.Errorf("%s: a weight of %v", name, largest)
	}
	for k, p := range w.Pairs {
		q := want.Pairs[k]
		if math.Abs(p.G-q.G) > 1e-10*largest || (p.G == 0) != (q.G == 0) || (p.S == 1) != (q.S == 1) {
			t.Errorf("%s: pair (%d, %d) has S %v and G %v, and %v and %v in another order", name, p.Anchor, p.Candidate, p.S, p.G, q.S, q.G)
		}
	}
}

// TestCopyIsNoActivePair holds the mean over active pairs against its definition on
// coordinates: the distances of a copy are 0, of whatever order the columns are, so that
// the pair neither counts nor weighs.
func TestCopyIsNoActivePair(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	choice, err := losses.Choose(losses.Catalogue, "contrastive.pml") // mean of positive d > 0, and of 1 − d > 0
	if err != nil {
		t.Fatal(err)
	}
	loss, err := choice.Loss()
	if err != nil {
		t.Fatal(err)
	}
	labels := []int{0, 0, 1, 1}
	for range 50 {
		const d = 16
		rows := make([][]float64, len(labels))
		for i := range rows {
			for range d {
				rows[i] = append(rows[i], rng.NormFloat64()+0.5)
			}
		}
		rows[1] = rows[0]
		b, err := gpw.Batch(columns(rows, rng.Perm(d)), len(rows), d, labels)
		if err != nil {
			t.Fatal(err)
		}
		w := gpw.Weigh(loss, b)
		if want := contrastiveOf(rows, labels); math.Abs(w.Loss-want) > 1e-12 {
			t.Errorf("L = %v, want %v", w.Loss, want)
		}
		if w.Pairs[0].G != 0 || w.Pairs[0].S != 1 {
			t.Errorf("a row and its copy have S %v and G %v", w.Pairs[0].S, w.Pairs[0].G)
		}
	}
}

// contrastiveOf is the mean of the positive distances d > 0 and that of the negatives' 1
// − d > 0, from the coordinates.
func contrastiveOf(rows [][]float64, labels []int) float64 {
	length := func(x []float64) float64 {
		sum := 0.0
		for _, v := range x {
			sum += v * v
		}
		return math.Sqrt(sum)
	}
	var sums, active [2]float64
	for i, x := range rows {
		for j, y := range rows {
			apart := make([]float64, len(x))
			for k := range x {
				apart[k] = x[k]/length(x) - y[k]/length(y)
			}
			side, term := 0, length(apart)
			if labels[i] != labels[j] {
				side, term = 1, 1-term
			}
			if term > 0 { // not of a row with itself
				sums[side], active[side] = sums[side]+term, active[side]+1
			}
		}
	}
	return sums[0]/max(1, active[0]) + sums[1]/max(1, active[1])
}
