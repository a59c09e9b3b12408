package retrieval

import (
	"math"
	"slices"
)

// A contingency has the number of rows of each class, of each cluster, and of each pair
// of them.
type contingency struct {
	rows              float64
	classes, clusters []int
	cells             []cell // pairs with rows
}

type cell struct{ class, cluster, rows int }

func newContingency(classes, clusters []int) contingency {
	t := contingency{rows: float64(len(classes))}
	t.classes = make([]int, slices.Max(classes)+1)
	t.clusters = make([]int, slices.Max(clusters)+1)
	keys := make([]int, len(classes))

	for i, class := range classes {
		t.classes[class]++
		t.clusters[clusters[i]]++
		keys[i] = class*len(t.clusters) + clusters[i]
	}

	slices.Sort(keys)
	for i, key := range keys {
		if i == 0 || key != keys[i-1] {
			t.cells = append(t.cells, cell{class: key / len(t.clusters), cluster: key % len(t.clusters)})
		}
		t.cells[len(t.cells)-1].rows++
	}

	return t
}

// information returns the mutual information of classes and clusters, in nats.
func (t contingency) information() float64 {
	sum := 0.0
	for _, c := range t.cells {
		both := float64(c.rows)
		sum += both / t.rows * math.Log(both*t.rows/(float64(t.classes[c.class])*float64(t.clusters[c.cluster])))
	}
	return max(0, sum)
}

// entropy returns that of a division of n rows into groups of these sizes, in nats.
func entropy(sizes []int, n float64) float64 {
	sum := 0.0
	for _, size := range sizes {
		if size > 0 {
			sum -= float64(size) / n * math.Log(float64(size)/n)
		}
	}
	return sum
}

// perfect reports whether the clusters are the classes. Information and entropies are
// then the same sums up to rounding.
func (t contingency) perfect() bool {
	return len(t.cells) == occupied(t.classes) && len(t.cells) == occupied(t.clusters)
}

func occupied(sizes []int) int {
	n := 0
	for _, size := range sizes {
		if size > 0 {
			n++
		}
	}
	return n
}

// normalized returns the mutual information over the mean of the two entropies, between 0
// and 1. The entropy of the classes is not 0.
func (t contingency) normalized() float64 {
	if t.perfect() {
		return 1
	}
	return min(t.information()/t.meanEntropy(), 1)
}

func (t contingency) meanEntropy() float64 {
	return (entropy(t.classes, t.rows) + entropy(t.clusters, t.rows)) / 2
}

// adjusted is 0 in expectation for clusters that are independent of the classes, and 1
// for those that are the classes (Vinh, Epps and Bailey, Information Theoretic Measures
// for Clusterings Comparison, JMLR 11, 2010):
//
//	AMI = (I − E[I]) / (mean entropy − E[I])
//
// It is at most 1. If the mean entropy is the expectation, as when every row is a cluster
// of its own, it is 0, or 1 for a perfect division. A difference from the expectation
// within rounding is 0 too.
func (t contingency) adjusted() float64 {
	if t.perfect() {
		return 1
	}
	expected := t.expectedInformation()
	above, room := t.information()-expected, t.meanEntropy()-expected
	const rounding = 1e-12
	if room < rounding || math.Abs(above) < rounding {
		return 0
	}
	return min(above/room, 1)
}

// expectedInformation returns the mean of the mutual information over all assignments of
// the rows to clusters of these sizes. The number of rows in common of a class of a rows
// and a cluster of b is hypergeometric. Sizes repeat, so each pair of sizes is summed
// once.
func (t contingency) expectedInformation() float64 {
	n := int(t.rows)
	logFactorial := make([]float64, n+1)
	for i := 2; i <= n; i++ {
		logFactorial[i] = logFactorial[i-1] + math.Log(float64(i))
	}

	sum := 0.0
	for _, as := range runs(t.classes) {
		for _, bs := range runs(t.clusters) {
			a, b := as.size, bs.size
			one := 0.0
			for both := max(1, a+b-n); both <= min(a, b); both++ {
				chance := math.Exp(logFactorial[a] + logFactorial[b] + logFactorial[n-a] + logFactorial[n-b] -
					logFactorial[n] - logFactorial[both] - logFactorial[a-both] - logFactorial[b-both] - logFactorial[n-a-b+both])
				x := float64(both)
				one += x / t.rows * math.Log(x*t.rows/(float64(a)*float64(b))) * chance
			}

			sum += float64(as.count) * float64(bs.count) * one
		}
	}

	return sum
}

type run struct{ size, count int }

// runs returns the distinct sizes, ascending, with how often each occurs.
func runs(sizes []int) []run {
	sorted := slices.Clone(sizes)
	slices.Sort(sorted)
	var rs []run
	for i, size := range sorted {
		if i == 0 || size != sorted[i-1] {
			rs = append(rs, run{size: size})
		}
		rs[len(rs)-1].count++
	}
	return rs
}
