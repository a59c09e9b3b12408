package retrieval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// prefilterSets are embeddings of many kinds whose ranks depend on the last bit. They
// have the same classes.
var prefilterSets = map[string]func(rng *rand.Rand, x matrix.Matrix, labels []int){
	"clusters": func(*rand.Rand, matrix.Matrix, []int) {},
	"near ties": func(rng *rand.Rand, x matrix.Matrix, labels []int) { // copies of rows of other classes, but for one ulp
		for i := 1; i < x.Rows; i += 2 {
			row := x.Row(i)
			copy(row, x.Row(rng.IntN(i)))
			k := rng.IntN(x.Cols)
			row[k] = math.Nextafter32(row[k], float32(rng.IntN(3)-1))
		}
	},
	"duplicates": func(rng *rand.Rand, x matrix.Matrix, labels []int) { // of rows of their own classes and of others
		for i := 1; i < x.Rows; i += 3 {
			copy(x.Row(i), x.Row(rng.IntN(i)))
		}
	},
	"equal": func(rng *rand.Rand, x matrix.Matrix, labels []int) {
		for i := range x.Rows {
			copy(x.Row(i), x.Row(0))
		}
	},
	"half equal": func(rng *rand.Rand, x matrix.Matrix, labels []int) {
		for i := range x.Rows / 2 {
			copy(x.Row(i), x.Row(0))
		}
	},
	"lonely": func(rng *rand.Rand, x matrix.Matrix, labels []int) {
		for i := range labels {
			if rng.IntN(3) > 0 {
				labels[i] = 1000 + i
			}
		}
	},
	"not normalised": func(rng *rand.Rand, x matrix.Matrix, labels []int) {
		for i := range x.Rows {
			f32.Scale(x.Row(i), math.Pow(10, 6*rng.Float64()-3))
		}
	},
	"one-hot": func(rng *rand.Rand, x matrix.Matrix, labels []int) {
		for i := range x.Rows / 2 {
			clear(x.Row(i))
			x.Row(i)[labels[i]%x.Cols] = 1
		}
	},
}

// prefilterSet returns n unit vectors, each a centre plus noise of the same length, whose
// classes are not in order.
func prefilterSet(rng *rand.Rand, n, d, classes int) (matrix.Matrix, []int) {
	centres := matrix.New(classes, d)
	for i := range centres.Data {
		centres.Data[i] = float32(rng.NormFloat64())
	}
	x, labels := matrix.New(n, d), make([]int, n)
	for i := range n {
		labels[i] = rng.IntN(classes)
		for k, c := range centres.Row(labels[i]) {
			x.Row(i)[k] = c + float32(rng.NormFloat64())
		}
		f32.Scale(x.Row(i), 1/math.Sqrt(f32.Dot(x.Row(i), x.Row(i))))
	}
	return x, labels
}

// By integers, or similarities only: the ranks are the same, with and without MAP@R, and
// so are the nearest rows, of a set that searches itself and of a gallery.
func TestIntegersDoNotMatter(t *testing.T) {
	for name, change := range prefilterSets {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(11, 12))
			for _, d := range []int{1, 3, 17, 128, 513, 2048} {
				rows := 333
				if d > 128 { // the integers' portable code is slow; edges of tiles are those of fewer dimensions
					rows = 67
				}
				x, labels := prefilterSet(rng, rows, d, 40)
				change(rng, x, labels)
				sameRanks(t, fmt.Sprintf("%d dimensions", d), inClassOrder(Float32(x), labels), inClassOrder(Float32(x), labels), true)
				q, ql := prefilterSet(rng, 77, d, 40)
				change(rng, q, ql)
				for i := range 20 { // some queries are in the gallery too
					copy(q.Row(i), x.Row(i))
				}
				sameRanks(t, fmt.Sprintf("%d dimensions, a gallery", d), inClassOrder(Float32(q), ql), inClassOrder(Float32(x), labels), false)
			}
		})
	}
}

func sameRanks(t *testing.T, what string, q, g side, self bool) {
	t.Helper()
	type result struct {
		scores   *Scores
		profiles map[int]string
		lists    *Lists
	}
	of := func(o Options, tl tiling) (r result) {
		r.profiles = map[int]string{}
		if o.tiers() {
			o.Profile = func(query int, p *Profile) { r.profiles[query] = fmt.Sprint(*p) }
		}
		var err error
		if r.scores, err = evaluate(t.Context(), q, g, self, o, tl); err != nil {
			t.Fatal(err)
		}
		if !o.tiers() {
			r.lists = listsOf(t, q, g, self, 7, tl)
		}
		return r
	}
	for _, o := range []Options{{Ks: []int{1}}, {Ks: []int{1}, MAPAtR: true, Depth: 25}} {
		if o.tiers() && q.x.Cols > 513 {
			continue // the same code, and slow
		}
		want := of(o, tiling{rows: 256, cols: 512, workers: 1})
		for _, tl := range []tiling{{rows: 256, cols: 512, workers: 1, integers: 1}, {rows: 32, cols: 64, workers: 3, integers: 1}} {
			if got := of(o, tl); !reflect.DeepEqual(got.scores, want.scores) || !reflect.DeepEqual(got.lists, want.lists) || len(got.profiles) != len(want.profiles) {
				t.Errorf("%s, tiles of %d×%d, %+v: other ranks by integers", what, tl.rows, tl.cols, o)
			}
		}
	}
}

func listsOf(t *testing.T, q, g side, self bool, k int, tl tiling) *Lists {
	t.Helper()
	l := listsIn(t.Context(), q, g, self, k, tl)
	all, err := l.all()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Where the gallery is small, where a machine is no faster in integers, and where rules
// leave single rows out, there are no integers.
func TestWhereIntegersCount(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	x, labels := prefilterSet(rng, 60, 20, 4)
	s := inClassOrder(Float32(x), labels)
	for _, c := range []struct {
		o    Options
		t    tiling
		want bool
	}{
		{Options{}, tiling{rows: 16, cols: 16, integers: 60}, true},
		{Options{}, tiling{rows: 16, cols: 16, integers: 61}, false},
		{Options{}, tiling{rows: 16, cols: 16}, false},
		{Options{MAPAtR: true}, tiling{rows: 16, cols: 16, integers: 1}, true},
		{Options{Rules: Rules{Groups: labels}}, tiling{rows: 16, cols: 16, integers: 1}, false},
	} {
		r := newRanking(t.Context(), s, s, true, c.o, c.t)
		if err := r.apply(c.o.Rules); err != nil {
			t.Fatal(err)
		}
		r.positives()
		if got := r.prefilter() != nil; got != c.want {
			t.Errorf("%+v, %+v: by integers %v, want %v", c.o, c.t, got, c.want)
		}
	}
	if (tiles.integers > 0) != f32.FastIntegers() {
		t.Errorf("this machine is fast in integers: %v; from %d rows on", f32.FastIntegers(), tiles.integers)
	}
}
