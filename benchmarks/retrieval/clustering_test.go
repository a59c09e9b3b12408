package retrieval

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gpwbench/matrix"
)

// The expectation of the mutual information, against the mean over all orders of the
// clusters, of which every way to put the rows into clusters of these sizes is equally
// many.
func TestExpectedInformation(t *testing.T) {
	for _, test := range [][2][]int{
		{{0, 0, 1, 1, 2}, {0, 1, 1, 2, 2}},
		{{0, 0, 0, 1, 1, 2}, {0, 0, 1, 1, 1, 1}},
		{{0, 1, 2, 3}, {0, 1, 2, 3}},
		{{0, 0, 0, 0, 1, 1, 1}, {0, 1, 0, 1, 0, 1, 2}},
	} {
		classes, clusters := test[0], slices.Clone(test[1])
		sum, orders := 0.0, 0.0
		permute(clusters, len(clusters), func() {
			sum += newContingency(classes, clusters).information()
			orders++
		})
		if got, want := newContingency(classes, test[1]).expectedInformation(), sum/orders; math.Abs(got-want) > 1e-12 {
			t.Errorf("classes %v, clusters %v: expected information %v, want %v", classes, test[1], got, want)
		}
	}
}

func permute(x []int, n int, f func()) {
	if n <= 1 {
		f()
		return
	}
	for i := range n {
		x[i], x[n-1] = x[n-1], x[i]
		permute(x, n-1, f)
		x[i], x[n-1] = x[n-1], x[i]
	}
}

// Values of scikit-learn 1.9.1's normalized_mutual_info_score and
// adjusted_mutual_info_score.
func TestMutualInformation(t *testing.T) {
	for _, test := range []struct {
		classes, clusters []int
		nmi, ami          float64
	}{
		{[]int{0, 0, 1, 1}, []int{1, 1, 0, 0}, 1, 1},
		{[]int{0, 0, 0, 1, 1, 1}, []int{0, 0, 1, 1, 2, 2}, 0.5158037429793889, 0.2987924581708901},
		{[]int{0, 0, 1, 1}, []int{0, 0, 0, 0}, 0, 0},
		{[]int{0, 0, 0, 0, 1, 1, 1, 2, 2, 3}, []int{0, 0, 1, 1, 2, 2, 3, 3, 0, 1}, 0.5739323787756516, 0.2385839100723495},
		{[]int{0, 1, 2, 3}, []int{3, 1, 0, 2}, 1, 1},
	} {
		c := newContingency(test.classes, test.clusters)
		if nmi, ami := c.normalized(), c.adjusted(); math.Abs(nmi-test.nmi) > 1e-12 || math.Abs(ami-test.ami) > 1e-12 {
			t.Errorf("%v, %v: NMI %v, AMI %v; want %v, %v", test.classes, test.clusters, nmi, ami, test.nmi, test.ami)
		}
	}
}

// Classes that lie far apart are found as they are, in whatever order the rows come.
func TestClusterFindsSeparateClasses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x, labels := matrix.New(120, 8), make([]int, 120)
	for i := range labels {
		labels[i] = 7 * (i % 6)
		row := x.Row(i)
		row[i%6] = 1
		for k := range row {
			row[k] += 0.05 * float32(r.NormFloat64())
		}
	}
	c, err := clusterScores(t.Context(), x, labels, Starts)
	if err != nil || c != (Clustering{Spread{1, 1, 1, 1}, Spread{1, 1, 1, 1}, Spread{1, 1, 1, 1}, Starts}) {
		t.Errorf("%+v, %v; want 1 and 1", c, err)
	}
	r.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	if c, err = clusterScores(t.Context(), x, labels, Starts); err != nil || math.Abs(c.AMI.Mean) > 0.1 || c.AMI.Low >= c.AMI.Mean || c.AMI.Mean >= c.AMI.High {
		t.Errorf("of labels by chance: %+v, %v; want an AMI near 0", c, err)
	}
	again, err := clusterScores(t.Context(), x, labels, Starts)
	if err != nil || again != c {
		t.Errorf("again: %+v, want %+v", again, c)
	}
}

// At the end every row is with the nearest centre, and every centre is the mean of its
// rows.
func TestKMeansIsAtRest(t *testing.T) {
	x, _ := randomSet(rand.New(rand.NewPCG(3, 4)), 300, 5, 4)
	const k = 7
	clusters, _ := kMeans(t.Context(), x, k, rand.New(rand.NewPCG(1, 0)))
	means, sizes := make([][]float64, k), make([]float64, k)
	for c := range means {
		means[c] = make([]float64, x.Cols)
	}
	for i, c := range clusters {
		sizes[c]++
		for d, v := range x.Row(i) {
			means[c][d] += float64(v)
		}
	}
	distance := func(i, c int) float64 {
		sum := 0.0
		for d, v := range x.Row(i) {
			sum += (float64(v) - means[c][d]/sizes[c]) * (float64(v) - means[c][d]/sizes[c])
		}
		return sum
	}
	for i, c := range clusters {
		for other := range k {
			if distance(i, other) < distance(i, c)-1e-4 {
				t.Errorf("row %d is in cluster %d at %v, and at %v from cluster %d", i, c, distance(i, c), distance(i, other), other)
			}
		}
	}
}

func TestClusterOfOddSets(t *testing.T) {
	same := matrix.New(6, 2)
	for i := range 6 {
		same.Row(i)[0] = 1
	}
	c, err := clusterScores(t.Context(), same, []int{0, 0, 1, 1, 2, 2}, Starts) // fewer distinct rows than classes
	if err != nil || math.IsNaN(c.NMI.Mean) || math.IsNaN(c.AMI.Mean) || c.NMI.High > 0.6 {
		t.Errorf("equal rows: %+v, %v", c, err)
	}
	if c, err = clusterScores(t.Context(), same.Slice(0, 1), []int{3}, Starts); err == nil || !strings.Contains(err.Error(), "nothing to cluster") {
		t.Errorf("one row: %+v, %v", c, err)
	}
	if _, err = clusterScores(t.Context(), same, []int{0, 1}, Starts); err == nil || !strings.Contains(err.Error(), "must agree") {
		t.Errorf("too few labels: %v", err)
	}
	same.Row(2)[1] = float32(math.NaN())
	if _, err = clusterScores(t.Context(), same, []int{0, 0, 1, 1, 2, 2}, Starts); err == nil {
		t.Error("no error of NaN")
	}
}
