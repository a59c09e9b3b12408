package losses

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestBatchPairs compares positives, negatives, and what Anchor loads and Put stores,
// with the definitions, for random labels: square and rectangular, sorted and not, with
// labels that occur on one side only.
func TestBatchPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var reused Batch // Reset must leave nothing behind
	for trial := range 300 {
		m, n := rng.IntN(9), rng.IntN(9)
		square := trial%3 == 0
		if square {
			n = m
		}
		anchors, candidates := draw(rng, m), draw(rng, n)
		self := make([]int, m)
		for i := range self {
			self[i] = -1
			if j := rng.IntN(n + 1); j < n {
				self[i], candidates[j] = j, anchors[i]
			}
		}
		for i, j := range self { // a later anchor may have changed the class of an earlier one's column
			if j >= 0 && candidates[j] != anchors[i] {
				self[i] = -1
			}
		}
		s := make([]float64, m*n)
		for k := range s {
			s[k] = float64(k) + 0.5
		}
		var err error
		if square {
			candidates = anchors
			for i := range self {
				self[i] = i
			}
			err = reused.Reset(s, anchors)
		} else {
			if trial%3 == 1 {
				for i := range self {
					self[i] = -1
				}
				err = reused.ResetCross(s, anchors, candidates, nil)
			} else {
				err = reused.ResetCross(s, anchors, candidates, self)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		b := &reused
		if b.Anchors() != m || b.Candidates() != n {
			t.Fatalf("%d×%d, want %d×%d", b.Anchors(), b.Candidates(), m, n)
		}
		g := make([]float64, m*n)
		for k := range g {
			g[k] = math.NaN()
		}
		for i := range m {
			var pos, neg []float64
			for j := range n {
				v := s[i*n+j]
				positive := candidates[j] == anchors[i] && j != self[i]
				negative := candidates[j] != anchors[i]
				if b.IsPositive(i, j) != positive || b.IsNegative(i, j) != negative || b.S(i, j) != v {
					t.Fatalf("anchor %d, candidate %d of %v, %v, self %v: positive %v, negative %v, S %v", i, j, anchors, candidates, self,
						b.IsPositive(i, j), b.IsNegative(i, j), b.S(i, j))
				}
				if positive {
					pos = append(pos, v)
				}
				if negative {
					neg = append(neg, v)
				}
			}
			a := b.Anchor(i)
			gotPos, gotNeg := slices.Sorted(slices.Values(a.Pos)), slices.Sorted(slices.Values(a.Neg))
			if !slices.Equal(gotPos, pos) || !slices.Equal(gotNeg, neg) {
				t.Fatalf("anchor %d: positives %v and negatives %v, want %v and %v", i, gotPos, gotNeg, pos, neg)
			}
			copy(a.GPos, a.Pos) // a gradient that says where it came from
			copy(a.GNeg, a.Neg)
			b.Store(a, g)
		}
		for k, v := range g {
			want := s[k]
			if self[k/n] == k%n {
				want = 0
			}
			if v != want {
				t.Fatalf("Put wrote %v at %d, %d, want %v", v, k/n, k%n, want)
			}
		}
	}
}

func draw(rng *rand.Rand, n int) []int {
	labels := make([]int, n)
	for i := range labels {
		labels[i] = rng.IntN(4) - 1
	}
	if rng.IntN(2) == 0 {
		slices.Sort(labels)
	}
	return labels
}

func TestIsSquare(t *testing.T) {
	s := []float64{1, 0, 0, 1}
	for _, c := range []struct {
		name string
		self []int
		want bool
	}{{"all are their column", []int{0, 1}, true}, {"exchanged", []int{1, 0}, false}, {"one is elsewhere", []int{0, -1}, false}, {"none", nil, false}} {
		b, err := NewCross(s, []int{5, 5}, []int{5, 5}, c.self)
		if err != nil {
			t.Fatal(err)
		}
		if b.IsSquare() != c.want {
			t.Errorf("%s: square %v, want %v", c.name, b.IsSquare(), c.want)
		}
	}
	if b, err := NewBatch(s, []int{0, 1}); err != nil || !b.IsSquare() {
		t.Errorf("NewBatch is not square (%v)", err)
	}
}

func TestBatchErrors(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name                string
		s                   []float64
		anchors, candidates []int // candidates nil for a square batch
		self                []int
		want                string
	}{
		{"too few similarities", []float64{1}, []int{0, 1}, nil, nil, "1 similarities for 2 anchors and 2 candidates, want 4"},
		{"too many", []float64{1, 0}, []int{0}, nil, nil, "2 similarities for 1 anchors and 1 candidates, want 1"},
		{"NaN", []float64{1, 0, nan, 1}, []int{0, 1}, nil, nil, "the similarity of anchor 1 and candidate 0 is NaN"},
		{"infinite", []float64{1, math.Inf(1), 0, 1}, []int{0, 1}, nil, nil, "the similarity of anchor 0 and candidate 1 is +Inf"},
		{"self too short", []float64{1, 0}, []int{0, 1}, []int{0}, []int{0}, "1 self columns for 2 anchors"},
		{"self outside", []float64{1}, []int{0}, []int{0}, []int{1}, "anchor 0 names column 1 as itself"},
		{"self below −1", []float64{1}, []int{0}, []int{0}, []int{-2}, "anchor 0 names column -2 as itself"},
		{"self of another class", []float64{1}, []int{0}, []int{1}, []int{0}, "which is not a candidate of its class"},
	} {
		var err error
		if c.candidates == nil {
			_, err = NewBatch(c.s, c.anchors)
		} else {
			_, err = NewCross(c.s, c.anchors, c.candidates, c.self)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want …%s…", c.name, err, c.want)
		}
	}
}

func TestEvalWantsTheLength(t *testing.T) {
	b, err := NewBatch([]float64{1, 0, 0, 1}, []int{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range Catalogue {
		loss := lossOf(t, spec.Name, nil, nil)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s takes a gradient of the wrong length", spec.Name)
				}
			}()
			loss.Eval(b, make([]float64, 3))
		}()
	}
}

func TestScratch(t *testing.T) {
	a := new(Anchor)
	one := a.Scratch(3)
	copy(one, []float64{1, 2, 3})
	two := a.Scratch(100) // more than there is: a new array
	for k := range two {
		two[k] = 9
	}
	three := a.Scratch(5)
	three = append(three, 8) // must not run into a neighbour
	four := a.Scratch(1)
	four[0] = 7
	if !slices.Equal(one, []float64{1, 2, 3}) || two[99] != 9 || three[5] != 8 || four[0] != 7 {
		t.Errorf("pieces of scratch overlap: %v, %v, %v, %v", one, two[99], three, four)
	}
}
