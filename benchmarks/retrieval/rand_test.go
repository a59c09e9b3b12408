package retrieval

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"gpwbench/matrix"
)

// The adjusted Rand index of random divisions is scikit-learn's, and that of counting
// pairs of rows one by one.
func TestAdjustedRand(t *testing.T) {
	data, err := os.ReadFile("testdata/rand_index.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Classes, Clusters []int
			ARI               float64
		}
	}
	if err := json.Unmarshal(data, &file); err != nil || len(file.Cases) == 0 {
		t.Fatal(len(file.Cases), err)
	}

	for _, c := range file.Cases {
		got := newContingency(c.Classes, c.Clusters).adjustedRand()
		if math.Abs(got-c.ARI) > 1e-12 {
			t.Errorf("%v, %v: ARI %v, want %v", c.Classes, c.Clusters, got, c.ARI)
		}
		if want := randByPairs(c.Classes, c.Clusters); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v, %v: ARI %v, want %v of pairs", c.Classes, c.Clusters, got, want)
		}
	}
}

// randByPairs is 2(ad − bc)/((a+b)(b+d) + (a+c)(c+d)) with the pairs that both
// divisions keep together, one of them does, and none does (Steinley, Psychological
// Methods 9, 2004).
func randByPairs(classes, clusters []int) float64 {
	var a, b, c, d float64
	for i := range classes {
		for j := range i {
			switch same, together := classes[i] == classes[j], clusters[i] == clusters[j]; {
			case same && together:
				a++
			case same:
				b++
			case together:
				c++
			default:
				d++
			}
		}
	}
	if b == 0 && c == 0 {
		return 1
	}
	return 2 * (a*d - b*c) / ((a+b)*(b+d) + (a+c)*(c+d))
}

// The best start is the one whose clusters are tightest, and a number of starts begins
// with the starts of a smaller one.
func TestStarts(t *testing.T) {
	x, labels := rowsAround(150, 9)
	var best float64
	least := math.Inf(1)
	for start := range 4 {
		clusters, inertia := kMeans(t.Context(), x, 9, seeded(start))
		if sum := scatter(x, clusters, 9); math.Abs(sum-inertia) > 1e-3*sum {
			t.Errorf("start %d: inertia %v, want %v", start, inertia, sum)
		}
		if inertia < least {
			best, least = newContingency(labels, clusters).adjustedRand(), inertia
		}
	}

	c, err := clusterScores(t.Context(), x, labels, 4)
	if err != nil || c.Starts != 4 || c.ARI.Best != best || c.ARI.Low == c.ARI.High {
		t.Errorf("%+v, %v; want the best %v", c, err, best)
	}
	if _, err := clusterScores(t.Context(), x, labels, -1); err == nil {
		t.Error("-1 starts are accepted")
	}
}

// rowsAround returns rows around overlapping centres.
func rowsAround(rows, classes int) (matrix.Matrix, []int) {
	r := rand.New(rand.NewPCG(5, 6))
	centres := matrix.New(classes, 4)
	for k := range centres.Data {
		centres.Data[k] = float32(r.NormFloat64())
	}
	x, labels := matrix.New(rows, 4), make([]int, rows)
	for i := range labels {
		labels[i] = i % classes
		for k := range 4 {
			x.Row(i)[k] = centres.Row(labels[i])[k] + 0.5*float32(r.NormFloat64())
		}
	}
	return x, labels
}

func seeded(start int) *rand.Rand { return rand.New(rand.NewPCG(1, uint64(start))) }

// scatter is the sum of the squared distances of the rows from the means of their
// clusters.
func scatter(x matrix.Matrix, clusters []int, k int) float64 {
	sum := 0.0
	for c := range k {
		mean, n := make([]float64, x.Cols), 0.0
		for i, cluster := range clusters {
			if cluster == c {
				n++
				for d, v := range x.Row(i) {
					mean[d] += float64(v)
				}
			}
		}
		for i, cluster := range clusters {
			if cluster == c {
				for d, v := range x.Row(i) {
					sum += (float64(v) - mean[d]/n) * (float64(v) - mean[d]/n)
				}
			}
		}
	}
	return sum
}
