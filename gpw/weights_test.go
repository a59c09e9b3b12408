package gpw_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// Three samples by hand: 0 and 1 of one class, 2 of another.
//
//	S = 1   0.8  0.3        contrastive at λ = 0.5: every positive −1/3, the negatives above 0.5 +1/3
//	    0.8 1    0.6
//	    0.3 0.6  1
func Example() {
	b, err := losses.NewBatch([]float64{1, 0.8, 0.3, 0.8, 1, 0.6, 0.3, 0.6, 1}, []int{0, 0, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := gpw.Weigh(losses.Mean(losses.Contrastive{Lambda: 0.5}), b)
	for _, p := range w.Pairs {
		fmt.Printf("%d %d %-5v S %.1f N %.1f P %.1f w %.3f\n", p.Anchor, p.Candidate, p.Positive, p.S, p.N, p.P, p.Weight())
	}
	// Output:
	// 0 1 true  S 0.8 N 0.5 P NaN w 0.333
	// 0 2 false S 0.3 N NaN P -0.5 w 0.000
	// 1 0 true  S 0.8 N 0.2 P NaN w 0.333
	// 1 2 false S 0.6 N NaN P -0.2 w 0.333
	// 2 0 false S 0.3 N -0.3 P NaN w 0.000
	// 2 1 false S 0.6 N 0.3 P NaN w 0.333
}

// draw is a random batch of unit vectors with its similarities.
func draw(t *rapid.T) (x []float64, m, d int, labels []int, s []float64) {
	m, d = rapid.IntRange(0, 12).Draw(t, "m"), 4
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	x = make([]float64, m*d)
	for k := range x {
		x[k] = r.NormFloat64()
	}
	labels = make([]int, m)
	for i := range labels {
		labels[i] = r.IntN(4)
	}
	s, err := gpw.Similarities(x, m, d)
	if err != nil {
		t.Fatal(err)
	}
	return x, m, d, labels, s
}

// N and P are what they are said to be, by the slow way over all triples.
func TestSimilaritiesOfPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, m, _, labels, s := draw(t)
		b, err := losses.NewBatch(s, labels)
		if err != nil {
			t.Fatal(err)
		}
		w := gpw.Weigh(losses.Mean(losses.MultiSimilarity{Alpha: 2, Beta: 40, Lambda: 0.5}), b)
		if len(w.Pairs) != m*(m-1) && m > 0 {
			t.Fatalf("%d pairs of %d samples", len(w.Pairs), m)
		}
		for _, p := range w.Pairs {
			mean := func(positive bool) float64 {
				sum, n := 0.0, 0.0
				for k := range m {
					if k != p.Anchor && k != p.Candidate && (labels[k] == labels[p.Anchor]) == positive {
						sum, n = sum+s[p.Anchor*m+k], n+1
					}
				}
				return p.S - sum/n
			}
			if !close(p.N, mean(false)) || !close(p.P, mean(true)) || p.S != s[p.Anchor*m+p.Candidate] {
				t.Fatalf("pair %+v, want N %v and P %v", p, mean(false), mean(true))
			}
			if p.Positive != (labels[p.Anchor] == labels[p.Candidate]) {
				t.Fatalf("pair %+v of labels %v", p, labels)
			}
		}
	})
}

func close(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-12
}

// Eq. 2: F = Σ G·S with G frozen has the gradient of L in the embeddings. Both by central differences, for every loss whose G is the
// derivative of its value.
func TestFrozenSumHasTheGradientOfTheLoss(t *testing.T) {
	const m, d, h = 8, 5, 1e-6
	r := rand.New(rand.NewPCG(3, 3))
	x := make([]float64, m*d)
	for k := range x {
		x[k] = r.NormFloat64()
	}
	labels := []int{0, 0, 0, 1, 1, 2, 2, 2}
	batch := func(x []float64) *losses.Batch {
		s, err := gpw.Similarities(x, m, d)
		if err != nil {
			t.Fatal(err)
		}
		b, err := losses.NewBatch(s, labels)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, l := range []losses.Loss{
		losses.Mean(losses.MultiSimilarity{Alpha: 2, Beta: 10, Lambda: 0.5}),
		losses.Mean(losses.NCA{Scale: 1}),
		losses.Mean(losses.BinomialDeviance{Alpha: 2, Beta: 10, Lambda: 0.5}),
	} {
		frozen := gpw.Weigh(l, batch(x))
		value := func(x []float64) float64 { return gpw.Weigh(l, batch(x)).Loss }
		sum := func(x []float64) float64 {
			total := 0.0
			for k, p := range gpw.Weigh(l, batch(x)).Pairs {
				total += frozen.Pairs[k].G * p.S
			}
			return total
		}
		for k := range x {
			slope := func(f func([]float64) float64) float64 {
				up, down := append([]float64{}, x...), append([]float64{}, x...)
				up[k] += h
				down[k] -= h
				return (f(up) - f(down)) / (2 * h)
			}
			if a, b := slope(value), slope(sum); math.Abs(a-b) > 1e-7 {
				t.Errorf("%T: slope of L %v, of F %v", l, a, b)
			}
		}
	}
}

// A gradient with the sign that eq. 3 excludes is counted, and its weight is still |G|.
func TestViolations(t *testing.T) {
	b, err := losses.NewBatch([]float64{1, 0.5, 0.2, 0.5, 1, 0.1, 0.2, 0.1, 1}, []int{0, 0, 1})
	if err != nil {
		t.Fatal(err)
	}
	w := gpw.FromGradient(b, []float64{9, 0.5, 0.1, -0.2, 9, -0.3, 0, 0, 9})
	if w.Violations != 2 {
		t.Errorf("%d violations, want 2: a positive of +0.5 and a negative of −0.3", w.Violations)
	}
	if p := w.Pairs[3]; p.G != -0.3 || p.Weight() != 0.3 {
		t.Errorf("pair %+v, want G −0.3 and weight 0.3", p)
	}
}

func TestSimilarities(t *testing.T) {
	s, err := gpw.Similarities([]float64{3, 4, 0, 2e200, -3e-200, -4e-200}, 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{1, 0.8, -1, 0.8, 1, -0.8, -1, -0.8, 1}
	for k := range want {
		if math.Abs(s[k]-want[k]) > 1e-15 {
			t.Errorf("S[%d] = %v, want %v", k, s[k], want[k])
		}
	}
	for _, test := range []struct {
		row  [2]float64
		what string
	}{{[2]float64{0, 0}, "zero"}, {[2]float64{math.NaN(), 1}, "not finite"}, {[2]float64{math.Inf(1), 1}, "not finite"}} {
		_, err := gpw.Similarities([]float64{1, 0, test.row[0], test.row[1]}, 2, 2)
		if want := "row 1 is " + test.what + ", so it has no cosine similarity; remove it"; err == nil || err.Error() != want {
			t.Errorf("the row %v: error %v, want %s", test.row, err, want)
		}
	}
	if _, err := gpw.Similarities([]float64{1, 2, 3}, 2, 2); err == nil {
		t.Error("3 values for 2 rows of 2: no error")
	}
	if s, err := gpw.Similarities(nil, 0, 2); err != nil || len(s) != 0 {
		t.Errorf("no rows: %v, %v", s, err)
	}
}

func TestSnapshotWeights(t *testing.T) {
	snapshot := gpw.Snapshot{Step: 3, Loss: 0.5, Labels: []int{0, 0}, S: []float64{1, 0.5, 0.5, 1}, G: []float64{0, -0.5, -0.5, 0}}
	w, err := snapshot.Weights()
	if err != nil || w.Loss != 0.5 || len(w.Pairs) != 2 || w.Pairs[1].Weight() != 0.5 {
		t.Errorf("weights %+v, error %v", w, err)
	}
	snapshot.S = snapshot.S[:3]
	if _, err := snapshot.Weights(); err == nil {
		t.Error("a snapshot of three similarities for two labels: no error")
	}
}
