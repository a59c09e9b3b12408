package losses

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// surveyOf returns the statistics of vectors, by their definition.
func surveyOf(x [][]float64, labels []int) (c ClassMeans) {
	c.Labels = slices.Compact(slices.Sorted(slices.Values(labels)))
	for _, class := range c.Labels {
		mean, n := make([]float64, len(x[0])), 0
		for i, v := range x {
			if labels[i] == class {
				n++
				for k := range mean {
					mean[k] += v[k]
				}
			}
		}
		for k := range mean {
			mean[k] /= float64(n)
		}
		c.Sizes, c.Means = append(c.Sizes, n), append(c.Means, mean)
	}
	return c
}

// TestClasses: the mean d² from the means of classes is that over all pairs of rows.
func TestClasses(t *testing.T) {
	x, labels := overlapping()
	x, labels = append(x, unit([]float64{1, 2, 0, 0, -1, 3})), append(labels, 40) // a class of one
	c := surveyOf(x, labels)
	for p, class := range c.Labels {
		for q, other := range c.Labels {
			sum, n := 0.0, 0.0
			for i := range x {
				for j := range x {
					if i != j && labels[i] == class && labels[j] == other {
						for k := range x[i] {
							sum += (x[i][k] - x[j][k]) * (x[i][k] - x[j][k])
						}
						n++
					}
				}
			}
			got := c.Within(p)
			if p != q {
				got = c.Between(p, q)
			}
			if want := sum / max(1, n); math.Abs(got-want) > 1e-12 {
				t.Errorf("classes %d and %d: mean d² %v, want %v", class, other, got, want)
			}
		}
	}
}

// TestSurveyOfTheBatch: with a batch for the training set, the tree of the training set
// is that of the batch, whatever was observed before.
func TestSurveyOfTheBatch(t *testing.T) {
	x, labels := overlapping()
	rng := rand.New(rand.NewPCG(19, 20))
	loss := made(HierarchicalTripletTree{Beta: 0.1, Levels: 16}.New(nil)).(*observingTriplet)
	for range 10 {
		for i := range x {
			for k := range x[i] {
				x[i][k] += 0.3 * rng.NormFloat64()
			}
			unit(x[i])
		}
		rng.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
		want, wantG := evaluate(t, HierarchicalTriplet{Beta: 0.1, Levels: 16}, gram(x), labels)
		loss.ObserveClasses(surveyOf(x, labels))
		value, g := evaluate(t, loss, gram(x), labels)
		if math.Abs(value-want) > 1e-12 {
			t.Errorf("L = %v, with the tree of the batch %v", value, want)
		}
		for k := range g {
			if math.Abs(g[k]-wantG[k]) > 1e-12 {
				t.Fatalf("G = %v at %d, with the tree of the batch %v", g[k], k, wantG[k])
			}
		}
	}
}

// TestTreeByHand: classes 2 and 9 are at a mean d² of 2, and class 5, which is in no
// batch, is at 0.5 of both. All have one row, so s and d_0 are 0 and d_l = l/4: with 5
// to link them they are one at the first level above 0.5, the third, where d is 0.75;
// without it at the ninth, at 2.25.
func TestTreeByHand(t *testing.T) {
	// The mean of 5 is no unit vector, as means of classes are not: its product with
	// both others is ¾, and d² = 2 − 2·¾.
	first, link, last := []float64{1, 0}, []float64{0.75, 0.75}, []float64{0, 1}
	classes := ClassMeans{Labels: []int{2, 5, 9}, Sizes: []int{1, 1, 1}, Means: [][]float64{first, link, last}}
	for _, c := range []struct {
		classes ClassMeans
		want    float64
	}{{classes, 0.75}, {ClassMeans{Labels: []int{2, 9}, Sizes: []int{1, 1}, Means: [][]float64{first, last}}, 2.25}} {
		tree := newClassTree(c.classes, 16)
		if got := tree.margin(0, len(c.classes.Labels)-1); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%d classes: d_H = %v, want %v", len(c.classes.Labels), got, c.want)
		}
	}
}

// TestUnobservedClass: a class that is not among the class means is the caller's bug, and is
// named.
func TestUnobservedClass(t *testing.T) {
	loss := made(HierarchicalTripletTree{Beta: 0.1, Levels: 16}.New(nil)).(*observingTriplet)
	x := [][]float64{{1, 0}, {0.6, 0.8}, {0, 1}}
	loss.ObserveClasses(surveyOf(x, []int{3, 3, 4}))
	defer func() {
		const want = "losses: class 7 is in the batch of the hierarchical triplet loss, and was not among the class means of the training set"
		if r := recover(); r != want {
			t.Errorf("panic %v, want %s", r, want)
		}
	}()
	evaluate(t, loss, gram(x), []int{3, 3, 7})
}
