package verification

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

// clouds returns rows around a centre for each class, the wider the harder.
func clouds(rows, classes, cols int, spread float64) (matrix.Matrix, []int) {
	r := rand.New(rand.NewPCG(7, 8))
	centres := matrix.New(classes, cols)
	for k := range centres.Data {
		centres.Data[k] = float32(r.NormFloat64())
	}
	x, labels := matrix.New(rows, cols), make([]int, rows)
	for i := range labels {
		labels[i] = r.IntN(classes)
		for k := range cols {
			x.Row(i)[k] = centres.Row(labels[i])[k] + float32(spread*r.NormFloat64())
		}
	}
	return x, labels
}

func pairsOf(t *testing.T, x matrix.Matrix, labels []int) *retrieval.Pairs {
	p, err := retrieval.PairsOf(retrieval.Float32(x), labels)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Brute force: all similarities in float64, sorted, and the figures at every threshold.
type brute struct{ positives, negatives []float64 }

func bruteForce(x matrix.Matrix, labels []int) brute {
	var b brute
	units := make([][]float64, x.Rows)
	for i := range units {
		square := 0.0
		for _, v := range x.Row(i) {
			square += float64(v) * float64(v)
		}
		for _, v := range x.Row(i) {
			units[i] = append(units[i], float64(v)/math.Sqrt(square))
		}
	}
	for i := range units {
		for j := range i {
			s := 0.0
			for k, v := range units[i] {
				s += v * units[j][k]
			}
			if labels[i] == labels[j] {
				b.positives = append(b.positives, s)
			} else {
				b.negatives = append(b.negatives, s)
			}
		}
	}
	slices.Sort(b.positives)
	slices.Sort(b.negatives)
	return b
}

// reject returns how many of ascending values are below a threshold.
func reject(values []float64, threshold float64) float64 {
	k, _ := slices.BinarySearch(values, threshold)
	return float64(k)
}

func (b brute) auc() float64 {
	sum := 0.0
	for _, p := range b.positives {
		sum += reject(b.negatives, p)
	}
	return sum / float64(len(b.positives)) / float64(len(b.negatives))
}

// tar returns the greatest true accept rate with no more than k false accepts.
func (b brute) tar(k int) float64 {
	if k >= len(b.negatives) {
		return 1
	}
	bound := b.negatives[len(b.negatives)-1-k]
	return 1 - reject(b.positives, math.Nextafter(bound, 2))/float64(len(b.positives))
}

func (b brute) best(value func(tar, far float64) float64) float64 {
	most := value(0, 0)
	for _, p := range b.positives {
		most = max(most, value(1-reject(b.positives, p)/float64(len(b.positives)), 1-reject(b.negatives, p)/float64(len(b.negatives))))
	}
	return most
}

// Two passes in float32 give the operating points of float64, and a range that holds
// the area, on embeddings of hundreds of dimensions and thousands of open pairs.
func TestTwoPassesAreExact(t *testing.T) {
	x, labels := clouds(600, 12, 200, 3)
	b := bruteForce(x, labels)
	far := []float64{0, 1e-4, 1e-3, 0.01, 0.3}
	s, err := evaluate(t.Context(), pairsOf(t, x, labels), Options{FARs: far, force: narrow})
	if err != nil {
		t.Fatal(err)
	}

	if s.Direct || s.Decided == 0 {
		t.Errorf("direct %v, %d decided: there is nothing to test", s.Direct, s.Decided)
	}
	if want := b.auc(); s.AUC.Low > want || s.AUC.High < want || s.AUC.High-s.AUC.Low > 2*tolerance || math.Abs(s.AUC.Value-want) > 1e-6 {
		t.Errorf("AUC %+v, want %v", s.AUC, want)
	}

	for k, p := range s.AtFAR {
		allowed := int(far[k] * float64(len(b.negatives)))
		if want := b.tar(allowed); math.Abs(p.Value-want) > 1e-12 || !p.Exact() {
			t.Errorf("TAR at FAR %v: %+v, want %v", far[k], p, want)
		}
		if want := 1 - reject(b.negatives, p.Threshold-1e-12)/float64(len(b.negatives)); math.Abs(p.FAR-want) > 1e-12 {
			t.Errorf("FAR at the threshold %v: %v, want %v", p.Threshold, p.FAR, want)
		}
	}

	all := float64(len(b.positives) + len(b.negatives))
	accuracy := b.best(func(tar, far float64) float64 {
		return (tar*float64(len(b.positives)) + (1-far)*float64(len(b.negatives))) / all
	})
	balanced := b.best(func(tar, far float64) float64 { return (tar + 1 - far) / 2 })
	if math.Abs(s.Accuracy.Value-accuracy) > 1e-12 || math.Abs(s.Balanced.Value-balanced) > 1e-12 || !s.Accuracy.Exact() || !s.Balanced.Exact() {
		t.Errorf("accuracy %+v, balanced %+v; want %v, %v", s.Accuracy, s.Balanced, accuracy, balanced)
	}

	direct, err := evaluate(t.Context(), pairsOf(t, x, labels), Options{FARs: far, force: directly})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(direct.AUC.Value-b.auc()) > 1e-12 {
		t.Errorf("AUC %v in float64, want %v", direct.AUC.Value, b.auc())
	}
	direct.AUC, direct.Direct, direct.Decided = s.AUC, s.Direct, s.Decided
	if !reflect.DeepEqual(s, direct) {
		t.Errorf("two passes %+v\nfloat64 %+v", s, direct)
	}
}

// Where float32 puts pairs on the wrong side of each other, the second pass puts them
// right.
func TestSecondPassDecides(t *testing.T) {
	x, labels := clouds(500, 6, 48, 2)
	for k := range x.Data {
		x.Data[k] = 40 + x.Data[k] // so that cosines are close together
	}
	far := []float64{1e-4, 1e-3, 0.01, 0.1, 0.3, 0.6}
	s, err := evaluate(t.Context(), pairsOf(t, x, labels), Options{FARs: far, force: narrow, open: 1})
	if err != nil {
		t.Fatal(err)
	}
	direct, err := evaluate(t.Context(), pairsOf(t, x, labels), Options{FARs: far, force: directly})
	if err != nil {
		t.Fatal(err)
	}
	if s.Direct || s.Decided == 0 || s.AUC.Low > direct.AUC.Value || s.AUC.High < direct.AUC.Value || s.AUC.Exact() {
		t.Errorf("direct %v, %d decided, AUC %+v, want %v in it", s.Direct, s.Decided, s.AUC, direct.AUC.Value)
	}
	direct.AUC, direct.Direct, direct.Decided = s.AUC, false, s.Decided
	if !reflect.DeepEqual(s, direct) {
		t.Errorf("two passes %+v\nfloat64 %+v", s, direct)
	}
}

// The lines of the ROC curve meet before a group, or across it, and the threshold is
// that of the last group that is accepted there.
func TestEqualErrorRate(t *testing.T) {
	for _, test := range []struct{ tied, eer, threshold float64 }{{0, 0.5, 0.9}, {1, 1. / 3, 0.5}} {
		c := &curve{positives: 2, negatives: 4, groups: []group{
			{low: 0.1, high: 0.1, positives: 1, recalled: 1},
			{low: 0.5, high: 0.5, positives: 1, recalled: 2, accepted: 2, tied: int64(test.tied)},
		}}
		if p := c.eer(); math.Abs(p.Value-test.eer) > 1e-15 || p.Threshold != test.threshold || !p.Exact() {
			t.Errorf("%v tied: %+v, want %v at %v", test.tied, p, test.eer, test.threshold)
		}
	}
}

// Positives that are counted in bins leave a range, which holds the figures.
func TestBinnedPositives(t *testing.T) {
	x, labels := clouds(500, 3, 40, 3)
	for _, force := range []precision{narrow, directly} {
		exact, err := evaluate(t.Context(), pairsOf(t, x, labels), Options{FARs: []float64{0.01}, force: directly})
		if err != nil {
			t.Fatal(err)
		}
		s, err := evaluate(t.Context(), pairsOf(t, x, labels), Options{FARs: []float64{0.01}, force: force, kept: 10})
		if err != nil {
			t.Fatal(err)
		}

		for what, figures := range map[string][2]Figure{
			"AUC": {s.AUC, exact.AUC}, "EER": {s.EER.Figure, exact.EER.Figure}, "TAR": {s.AtFAR[0].Figure, exact.AtFAR[0].Figure},
			"accuracy": {s.Accuracy.Figure, exact.Accuracy.Figure}, "balanced": {s.Balanced.Figure, exact.Balanced.Figure},
		} {
			got, want := figures[0], figures[1].Value
			if got.Low > want || got.High < want || got.Exact() || got.High-got.Low > 0.005 || math.Abs(got.Value-want) > 0.002 {
				t.Errorf("%s %+v, want a small range with %v", what, got, want)
			}
		}
	}
}

// The bits do not depend on the number of workers.
func TestWorkers(t *testing.T) {
	x, labels := clouds(700, 20, 16, 1.5)
	var first *Scores
	for _, workers := range []int{1, 2, 5} {
		for _, force := range []precision{narrow, directly} {
			s, err := evaluate(t.Context(), pairsOf(t, x, labels), Options{FARs: []float64{0.001}, OPIS: true, workers: workers, force: force})
			if err != nil {
				t.Fatal(err)
			}
			if force == directly {
				continue
			}
			if first == nil {
				first = s
			}
			if !reflect.DeepEqual(s, first) {
				t.Errorf("%d workers: %+v, want %+v", workers, s, first)
			}
		}
	}
	if first.OPIS == nil || first.OPIS.Score <= 0 || first.OPIS.From >= first.OPIS.To {
		t.Errorf("OPIS %+v", first.OPIS)
	}
}

// A row and its copies of other classes are tied, and collapsed embeddings are told
// apart in float64.
func TestTiesAndCollapse(t *testing.T) {
	equal := matrix.New(6, 3)
	for i := range 6 {
		copy(equal.Row(i), []float32{0.3, -1, 2})
	}
	for _, force := range []precision{narrow, directly} {
		s, err := evaluate(t.Context(), pairsOf(t, equal, []int{0, 0, 1, 1, 2, 2}), Options{FARs: []float64{0.1}, OPIS: true, force: force})
		if err != nil {
			t.Fatal(err)
		}
		if s.AUC.Value != 0.5 || s.EER.Value != 0.5 || s.AtFAR[0].Value != 0 || !s.AtFAR[0].None || s.Balanced.Value != 0.5 || !s.Direct {
			t.Errorf("equal rows: %+v", s)
		}
		if s.OPIS != nil || !strings.Contains(s.NoOPIS, "too close") {
			t.Errorf("equal rows: OPIS %+v, %q", s.OPIS, s.NoOPIS)
		}
	}

	x, labels := clouds(200, 5, 8, 0.5)
	collapsed := make([]float64, 200*8)
	for i := range 200 {
		for k, v := range x.Row(i) {
			collapsed[i*8+k] = 1 + 1e-6*float64(v)
		}
	}
	v, err := retrieval.Float64(200, 8, collapsed)
	if err != nil {
		t.Fatal(err)
	}
	p, err := retrieval.PairsOf(v, labels)
	if err != nil {
		t.Fatal(err)
	}
	s, err := evaluate(t.Context(), p, Options{force: narrow})
	if err != nil || !s.Direct || !(s.AUC.Value > 0.9) || s.AUC.Value == 1 {
		t.Errorf("collapsed: %+v, %v", s, err)
	}
}

func TestNothingToVerify(t *testing.T) {
	x, _ := clouds(4, 2, 3, 1)
	v := retrieval.Float32(x)
	for _, test := range []struct {
		labels  []int
		options Options
		want    string
	}{
		{[]int{1, 1, 1, 1}, Options{}, "no negative pair"},
		{[]int{1, 2, 3, 4}, Options{}, "no positive pair"},
		{[]int{1, 2, 3}, Options{}, "4 rows, but 3 labels"},
		{[]int{1, 1, 2, 2}, Options{FARs: []float64{1.5}}, "between 0 and 1"},
		{[]int{1, 1, 2, 2}, Options{FARs: []float64{math.NaN()}}, "between 0 and 1"},
		{[]int{1, 1, 2, 2}, Options{Sample: -1}, "at least 1"},
	} {
		if s, err := Evaluate(t.Context(), v, test.labels, test.options); err == nil || s != nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, %+v: %v, want %q", test.labels, test.options, err, test.want)
		}
	}
	if _, err := EvaluateGallery(t.Context(), v, []int{1, 2, 3, 4}, v, []int{5, 6, 7, 8}, Options{}); err == nil || !strings.Contains(err.Error(), "queries and gallery") {
		t.Errorf("%v", err)
	}
}

// Intervals of random pairs hold the figures of all pairs about as often as they say,
// and follow from the seed.
func TestSample(t *testing.T) {
	x, labels := clouds(300, 8, 10, 2)
	o := Options{FARs: []float64{0.05}}
	exact, err := evaluate(t.Context(), pairsOf(t, x, labels), o)
	if err != nil {
		t.Fatal(err)
	}

	for _, sample := range []int{2000, 12000} { // fewer pairs than there are positives, and more
		held := map[string]int{"AUC": 0, "EER": 0, "TAR": 0, "balanced": 0, "accuracy": 0}
		const runs = 40
		for seed := range uint64(runs) {
			o.Sample, o.Seed = sample, seed
			s, err := evaluate(t.Context(), pairsOf(t, x, labels), o)
			if err != nil {
				t.Fatal(err)
			}
			for what, figures := range map[string][2]Figure{
				"AUC": {s.AUC, exact.AUC}, "EER": {s.EER.Figure, exact.EER.Figure}, "TAR": {s.AtFAR[0].Figure, exact.AtFAR[0].Figure},
				"balanced": {s.Balanced.Figure, exact.Balanced.Figure}, "accuracy": {s.Accuracy.Figure, exact.Accuracy.Figure},
			} {
				if figures[0].Low <= figures[1].Value && figures[1].Value <= figures[0].High {
					held[what]++
				}
				if figures[0].High-figures[0].Low > 0.15 || figures[0].Exact() {
					t.Errorf("sample %d: %s %+v", sample, what, figures[0])
				}
			}
			if seed == 0 {
				if again, _ := evaluate(t.Context(), pairsOf(t, x, labels), o); !reflect.DeepEqual(s, again) {
					t.Errorf("the same seed gives %+v and %+v", s, again)
				}
			}
		}
		for what, n := range held {
			if n < runs*85/100 {
				t.Errorf("sample %d: %d of %d intervals hold the %s", sample, n, runs, what)
			}
		}
	}
}

// A pair is drawn as often as any other of its kind.
func TestDraw(t *testing.T) {
	x, _ := clouds(7, 2, 3, 1)
	labels := []int{0, 0, 0, 1, 1, 2, 5}
	p := pairsOf(t, x, labels)
	d, r := newDraw(p), rand.New(rand.NewPCG(1, 2))
	positive, negative := map[[2]int]int{}, map[[2]int]int{}
	const times = 4000
	for range 8 * times {
		i, j := d.positive(r)
		positive[[2]int{i, j}]++
	}
	for range 34 * times {
		i, j := d.negative(r)
		negative[[2]int{i, j}]++
	}

	for i := range labels {
		for j := range labels {
			n, m := positive[[2]int{i, j}], negative[[2]int{i, j}]
			wantN, wantM := 0, 0
			if labels[i] != labels[j] {
				wantM = times
			} else if i != j {
				wantN = times
			}
			if math.Abs(float64(n-wantN)) > 300 || math.Abs(float64(m-wantM)) > 300 || n*wantM > 0 || m*wantN > 0 {
				t.Errorf("pair %d, %d: drawn %d times as a positive, %d as a negative", i, j, n, m)
			}
		}
	}
}
