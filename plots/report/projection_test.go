package report

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
)

const (
	referenceRows, referenceDim = 80, 6
	referencePerplexity         = 12
)

// reference is what testdata/reference.py writes.
type reference struct {
	Plane           []float64
	Shares          []float64
	Divergence      float64
	Trustworthiness float64
}

func readReference(t *testing.T) (x []float64, want reference) {
	t.Helper()
	data, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	for i := range referenceRows {
		for k := range referenceDim {
			v := math.Sin(1.3 * float64(i) * float64(k+1))
			if i%4 == k {
				v += 3
			}
			x = append(x, v)
		}
	}
	return x, want
}

// The projection on two directions is that of scikit-learn, signs included.
func TestPrincipalLikeScikit(t *testing.T) {
	x, want := readReference(t)
	plane, shares, err := principal(x, referenceRows, referenceDim)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range want.Plane {
		if math.Abs(plane[k]-v) > 1e-9 {
			t.Fatalf("coordinate %d is %v, scikit-learn has %v", k, plane[k], v)
		}
	}
	for k, v := range want.Shares {
		if math.Abs(shares[k]-v) > 1e-12 {
			t.Errorf("direction %d has %v of the variance, scikit-learn has %v", k, shares[k], v)
		}
	}
}

// divergence is what t-SNE makes small, by its definition: Σ p·log(p/q).
func divergence(p, y []float64, n int) float64 {
	q := make([]float64, n*n)
	total := 0.0
	for i := range n {
		for j := range n {
			if i != j {
				q[i*n+j] = 1 / (1 + math.Pow(y[2*i]-y[2*j], 2) + math.Pow(y[2*i+1]-y[2*j+1], 2))
				total += q[i*n+j]
			}
		}
	}
	sum := 0.0
	for k, v := range p {
		if q[k] > 0 {
			sum += v * math.Log(v/(q[k]/total))
		}
	}
	return sum
}

// Near rows stay near: the divergence is as small as scikit-learn's, which takes a
// thousand steps, within a tenth, and the neighbours in the plane are as true.
func TestNeighboursLikeScikit(t *testing.T) {
	x, want := readReference(t)
	plane, _, err := principal(x, referenceRows, referenceDim)
	if err != nil {
		t.Fatal(err)
	}
	y := neighbours(x, referenceRows, referenceDim, referencePerplexity, plane)
	if d := divergence(affinities(x, referenceRows, referenceDim, referencePerplexity), y, referenceRows); d > 1.1*want.Divergence {
		t.Errorf("the divergence is %.4f, scikit-learn's %.4f", d, want.Divergence)
	}
	if v := trustworthiness(x, y, referenceRows, referenceDim, 5); v < want.Trustworthiness-0.02 {
		t.Errorf("the trustworthiness is %.4f, scikit-learn's %.4f", v, want.Trustworthiness)
	}
	again := neighbours(x, referenceRows, referenceDim, referencePerplexity, plane)
	if !slices.Equal(y, again) {
		t.Error("repeated, the places are others")
	}
}

// trustworthiness is by Venna and Kaski, 2001: 1 where the k nearest rows in the plane
// are the k nearest rows.
func trustworthiness(x, y []float64, n, d, k int) float64 {
	nearest := func(at []float64, d, i int) []int {
		var rows []int
		distance := make([]float64, n)
		for j := range n {
			for c := range d {
				distance[j] += math.Pow(at[i*d+c]-at[j*d+c], 2)
			}
			if j != i {
				rows = append(rows, j)
			}
		}
		slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(distance[a], distance[b]) })
		return rows
	}
	lost := 0
	for i := range n {
		order := nearest(x, d, i)
		for _, j := range nearest(y, 2, i)[:k] {
			lost += max(0, slices.Index(order, j)+1-k)
		}
	}
	return 1 - 2/float64(n*k*(2*n-3*k-1))*float64(lost)
}

// The gradient is that of the divergence, by differences.
func TestSlope(t *testing.T) {
	x, _ := readReference(t)
	const n = 12
	p := affinities(x, n, referenceDim, 3)
	y := make([]float64, 2*n)
	for k := range y {
		y[k] = math.Sin(float64(3*k + 1))
	}
	gradient := make([]float64, 2*n)
	slope(gradient, make([]float64, n*n), p, y, n, 1)
	for k := range y {
		const h = 1e-6
		was := y[k]
		y[k] = was + h
		up := divergence(p, y, n)
		y[k] = was - h
		down := divergence(p, y, n)
		y[k] = was
		if want := (up - down) / (2 * h); math.Abs(gradient[k]-want) > 1e-7 {
			t.Errorf("the slope in coordinate %d is %v, differences give %v", k, gradient[k], want)
		}
	}
}

// The neighbours of every row have the entropy of the perplexity, and joint probabilities
// are symmetric and sum to 1.
func TestAffinities(t *testing.T) {
	x, _ := readReference(t)
	p := make([]float64, referenceRows)
	distance := make([]float64, referenceRows)
	for i := range referenceRows {
		for j := range referenceRows {
			distance[j] = 0
			for k := range referenceDim {
				distance[j] += math.Pow(x[i*referenceDim+k]-x[j*referenceDim+k], 2)
			}
		}
		conditional(p, distance, i, math.Log(referencePerplexity))
		entropy := 0.0
		for _, v := range p {
			if v > 0 {
				entropy -= v * math.Log(v)
			}
		}
		if got := math.Exp(entropy); math.Abs(got-referencePerplexity) > 1e-3 {
			t.Fatalf("row %d has the perplexity %v, want %d", i, got, referencePerplexity)
		}
	}
	joint, sum := affinities(x, referenceRows, referenceDim, referencePerplexity), 0.0
	for i := range referenceRows {
		for j := range referenceRows {
			sum += joint[i*referenceRows+j]
			if joint[i*referenceRows+j] != joint[j*referenceRows+i] {
				t.Fatalf("pair %d, %d is not symmetric", i, j)
			}
		}
	}
	if math.Abs(sum-1) > 1e-6 {
		t.Errorf("the probabilities sum to %v", sum)
	}
}

func TestEqualRowsHaveNoMap(t *testing.T) {
	if _, _, err := principal(make([]float64, 12), 4, 3); err == nil {
		t.Error("equal rows have a map")
	}
	if _, _, err := principal([]float64{1, 2, 3, 4}, 2, 2); err == nil {
		t.Error("two rows have a map")
	}
	// Ten rows of which nine are equal stay finite.
	x := make([]float64, 10*3)
	x[0] = 1
	plane, _, err := principal(x, 10, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range neighbours(x, 10, 3, 3, plane) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatal("a place is not finite")
		}
	}
}
