package train

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

func TestLinearApply(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	w := normal(rng, 3, 5)
	offset := []float32{1, -2, 3, 0, 5}
	for _, rows := range []int{0, 1, blockRows, 2*blockRows + 1} {
		x := normal(rng, rows, 5)

		for _, l := range []*Linear{{W: w}, {Mean: offset, W: w}} {
			want := matrix.New(rows, 3)
			for i := range rows {
				for j := range 3 {
					sum := 0.0
					for k, v := range x.Row(i) {
						d := float64(v)
						if l.Mean != nil {
							d -= float64(l.Mean[k])
						}
						sum += float64(w.Row(j)[k]) * d
					}
					want.Row(i)[j] = float32(sum)
				}
			}
			near(t, "W·(x − mean)", apply(t, l, x), want, 1e-5)
		}
	}

	_, err := (&Linear{W: w}).Apply(normal(rng, 2, 4))
	wantError(t, err, "fitted on 5 columns, applied to 4")
	_, err = (&Linear{W: w, Mean: offset[:4]}).Apply(normal(rng, 2, 5))
	wantError(t, err, "5 features has a mean of 4")
	short := matrix.Matrix{Rows: 2, Cols: 5, Stride: 5, Data: make([]float32, 9)}
	_, err = (&Linear{W: w}).Apply(short)
	wantError(t, err, "9 numbers are not 2×5")
}

// The components of independent features of different variance are the features,
// whatever their mean.
func TestPCAAxes(t *testing.T) {
	x := rowsOf([]float32{101, 0, 5}, []float32{99, 0, 5}, []float32{100, 7, 5}, []float32{100, -7, 5})
	l, err := PCA(x, 2)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "components", l.W, rowsOf([]float32{0, 1, 0}, []float32{1, 0, 0}), 1e-6)
	near(t, "mean", rowsOf(l.Mean), rowsOf([]float32{100, 0, 5}), 0)
}

func TestPCA(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := normal(rng, 600, 8) // more than two blocks
	mix := normal(rng, 8, 8)
	y := matrix.New(600, 8)
	f32.MulNN(y, x, mix)
	l, err := PCA(y, 8)
	if err != nil {
		t.Fatal(err)
	}

	for i := range 8 {
		for j := range 8 {
			want := 0.0
			if i == j {
				want = 1
			}
			if got := f32.Dot(l.W.Row(i), l.W.Row(j)); math.Abs(got-want) > 1e-6 {
				t.Errorf("components %d and %d have the product %v, want %v", i, j, got, want)
			}
		}

		largest := float32(0)
		for _, v := range l.W.Row(i) {
			if math.Abs(float64(v)) > math.Abs(float64(largest)) {
				largest = v
			}
		}

		if largest < 0 {
			t.Errorf("component %d has the largest entry %v, want it positive", i, largest)
		}
	}

	// The covariance of the projections is diagonal and descends.
	p := apply(t, l, y)
	c := covariance(p, func(int) []float64 { return make([]float64, 8) })
	for i := range 8 {
		if i > 0 && c[i][i] > c[i-1][i-1] {
			t.Errorf("variance %v of component %d is above %v of the one before", c[i][i], i, c[i-1][i-1])
		}

		for j := range i {
			if math.Abs(c[i][j]) > 1e-5*c[0][0] {
				t.Errorf("components %d and %d have the covariance %v, want 0", i, j, c[i][j])
			}
		}
	}

	few, err := PCA(y, 3)
	if err != nil {
		t.Fatal(err)
	}

	near(t, "the first 3 of 8 components", few.W, l.W.Slice(0, 3), 0)
}

func TestPCAErrors(t *testing.T) {
	x := rowsOf([]float32{1, 2, 3}, []float32{4, 5, 7}, []float32{0, 1, 1})
	for _, dim := range []int{-1, 0, 3, 4} {
		_, err := PCA(x, dim)
		wantError(t, err, "3 rows of 3 features", "take 1 to 2")
	}
	_, err := PCA(matrix.Matrix{}, 1)
	wantError(t, err, "0×0")
	_, err = PCA(rowsOf([]float32{1}, []float32{float32(math.NaN())}), 1)
	wantError(t, err, "row 1", "NaN")
}

// W·C'·Wᵀ = I, with C' computed entry by entry from its definition.
func TestWhitening(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 3))
	const d = 6
	x, mix := matrix.New(560, d), normal(rng, d, d)
	f32.MulNN(x, normal(rng, 560, d), mix)
	labels := make([]int, x.Rows)

	for i := range labels {
		labels[i] = i * i % 7
		// Differences between classes must not count.
		x.Row(i)[0] += float32(100 * labels[i])
	}

	c := covariance(x, func(i int) []float64 { return mean(x, func(j int) bool { return labels[j] == labels[i] }) })
	trace := 0.0
	for k := range d {
		trace += c[k][k]
	}

	for _, shrink := range []float64{0, 0.5, 1} {
		l, err := Whitening(x, labels, shrink)
		if err != nil {
			t.Fatal(err)
		}

		for i := range d {
			for j := range d {
				got, want := 0.0, 0.0
				for a := range d {
					for b := range d {
						v := (1 - shrink) * c[a][b] * d / trace
						if a == b {
							v += shrink
						}
						got += float64(l.W.Row(i)[a]) * v * float64(l.W.Row(j)[b])
					}
				}
				if i == j {
					want = 1
				}
				// The covariance is near 1e-6, and the least eigenvalue some hundredths.
				if math.Abs(got-want) > 1e-4 {
					t.Errorf("shrink %v: (W·C'·Wᵀ)(%d, %d) = %v, want %v", shrink, i, j, got, want)
				}
			}
		}

		near(t, "mean", rowsOf(l.Mean), rowsOf(f32.Narrow(mean(x, func(int) bool { return true }))), 1e-4)
		if shrink == 1 {
			identity := matrix.New(d, d)
			for k := range d {
				identity.Row(k)[k] = 1
			}
			near(t, "W at shrink 1", l.W, identity, 1e-6)
		}
	}
}

// The map of a whitening after a PCA is that of the two applied one after the other; in
// the subspace the within-class covariance is the identity where nothing is shrunk.
// Preprocessing that is fitted on numbered rows, and passes them one by one, is that of
// their copies to the bit.
func TestPreprocessOfNumberedRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	x, steps := normal(rng, 90, 6), []string{"center", "scale", "l2"}
	rows := rng.Perm(90)[:40]
	taken := matrix.New(len(rows), x.Cols)
	f32.Gather(taken, x, rows)

	want, err := FitPreprocess(steps, taken)
	if err != nil {
		t.Fatal(err)
	}
	got, err := FitPreprocessRows(steps, x, rows)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Steps(), want.Steps()) {
		t.Errorf("steps %v, want %v", got.Steps(), want.Steps())
	}

	changed, err := want.Apply(taken)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	err = got.Each(x, rows, func(place int, row []float32) {
		if place != passed || !slices.Equal(row, changed.Row(place)) {
			t.Errorf("row %d is passed as row %d, or is another", passed, place)
		}
		passed++
	})
	if err != nil || passed != len(rows) {
		t.Errorf("%d rows of %d, error %v", passed, len(rows), err)
	}

	nothing := func(int, []float32) { t.Error("a row is passed") }
	if err := got.Each(x, nil, nothing); err != nil {
		t.Errorf("without rows: %v", err)
	}
	wantError(t, got.Each(x, []int{90}, nothing), "there are rows 0 to 89, and no row 90")
	_, err = FitPreprocessRows(steps, x, []int{-1})
	wantError(t, err, "no row -1")
	_, err = FitPreprocessRows(steps, x, nil)
	wantError(t, err, "nothing to learn from")
	x.Row(7)[3] = float32(math.NaN())
	_, err = FitPreprocessRows(steps, x, []int{2, 7})
	wantError(t, err, "row 1 of the training features holds NaN in column 3")
}

// The mean of a class is that of its rows in their order, to the bit, wherever they lie.
// Classes that lie together are in memory one at a time.
func TestClassMeans(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	const rows, classes = 600, 40
	x := normal(rng, rows, 7)
	together, apart := make([]int, rows), make([]int, rows)
	for i := range rows {
		together[i] = -i * classes / rows // labels may be negative
		apart[i] = rng.IntN(classes)
	}

	for name, labels := range map[string][]int{"together": together, "apart": apart} {
		sums, counts := map[int][]float64{}, map[int]float64{}
		for i, label := range labels {
			if sums[label] == nil {
				sums[label] = make([]float64, x.Cols)
			}
			for k, v := range x.Row(i) {
				sums[label][k] += float64(v)
			}
			counts[label]++
		}

		means := newClassMeans(x, labels)
		for i, label := range labels {
			for k, v := range means.of(i) {
				if want := sums[label][k] / counts[label]; v != want {
					t.Fatalf("%s: row %d, column %d: a mean of %v, want %v", name, i, k, v, want)
				}
			}
		}
		if held := len(means.free); len(means.means) > 0 || name == "together" && held != 1 || held > classes {
			t.Errorf("%s: %d means were in memory at a time, and %d stay", name, held, len(means.means))
		}
	}
}

func TestWhitenedPCA(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 3))
	const d, dim = 6, 4
	x := matrix.New(300, d)
	f32.MulNN(x, normal(rng, 300, d), normal(rng, d, d))
	labels := make([]int, x.Rows)
	for i := range labels {
		labels[i] = i % 7
		x.Row(i)[1] += float32(labels[i])
	}

	l, err := WhitenedPCA(x, labels, dim, 0)
	if err != nil {
		t.Fatal(err)
	}
	y, err := l.Apply(x)
	if err != nil {
		t.Fatal(err)
	}

	components, err := PCA(x, dim)
	if err != nil {
		t.Fatal(err)
	}
	projected, err := components.Apply(x)
	if err != nil {
		t.Fatal(err)
	}
	whitening, err := Whitening(projected, labels, 0)
	if err != nil {
		t.Fatal(err)
	}
	want, err := whitening.Apply(projected)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "embeddings", y, want, 1e-4)

	c := covariance(y, func(i int) []float64 { return mean(y, func(j int) bool { return labels[j] == labels[i] }) })
	for i := range dim {
		for j := range dim {
			unit := 0.0
			if i == j {
				unit = c[0][0] // a multiple of the identity
			}
			if math.Abs(c[i][j]-unit) > 1e-4*c[0][0] {
				t.Errorf("the covariance within classes is %v", c)
			}
		}
	}

	if _, err := WhitenedPCA(x, labels, d+1, 0.5); err == nil {
		t.Error("more dimensions than features are taken")
	}
	if _, err := WhitenedPCA(x, sequence(x.Rows), dim, 0.5); err == nil {
		t.Error("classes of one row are taken")
	}
}

func TestWhiteningErrors(t *testing.T) {
	x := rowsOf([]float32{1, 2}, []float32{3, 4}, []float32{5, 6})
	for _, c := range []struct {
		name   string
		labels []int
		shrink float64
		want   []string
	}{
		{"singletons", []int{1, 2, 3}, 0.5, []string{"no class", "two different rows"}},
		{"singular", []int{1, 1, 2}, 0, []string{"singular", "shrinkage above 0"}},
		{"shrink", []int{1, 1, 2}, 1.5, []string{"shrinkage of 1.5", "0 to 1"}},
		{"NaN shrink", []int{1, 1, 2}, math.NaN(), []string{"shrinkage of NaN"}},
		{"labels", []int{1, 1}, 0.5, []string{"3 rows", "2 labels"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Whitening(x, c.labels, c.shrink)
			wantError(t, err, c.want...)
		})
	}

	_, err := Whitening(matrix.Matrix{}, nil, 0.5)
	wantError(t, err, "0×0")
}
