package retrieval

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gpwbench/matrix"
)

// collapsedSet are classes around centres that are spread·noise beside one point, their
// rows a quarter of that beside the centre. However small the spread, a row is nearer to
// its class than to any other.
func collapsedSet(rng *rand.Rand, spread float64) (rows [][]float64, labels []int) {
	const classes, perClass, dim = 20, 10, 32
	point := make([]float64, dim)
	for k := range point {
		point[k] = rng.NormFloat64()
	}
	for c := range classes {
		centre := make([]float64, dim)
		for k := range centre {
			centre[k] = rng.NormFloat64()
		}
		for range perClass {
			row := make([]float64, dim)
			for k := range row {
				row[k] = point[k] + spread*(centre[k]+rng.NormFloat64()/4)
			}
			rows, labels = append(rows, row), append(labels, c)
		}
	}
	return rows, labels
}

// The truth of collapsed sets is 100 %, by the exact quotients of integers and by
// float64; float32 alone orders hardly anything.
func TestCollapsed(t *testing.T) {
	for _, spread := range []float64{1e-3, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12} {
		rows, labels := collapsedSet(rand.New(rand.NewPCG(1, 2)), spread)
		h := hostileSet{cols: len(rows[0]), rows: rows, labels: labels}
		exact := make([]exactRow, len(rows))
		for i, row := range rows {
			exact[i] = exactly(row)
		}
		for i := 0; i < len(rows); i += 37 {
			if ap, _ := rankedTruth(truth(exact[i], labels[i], exact, labels, i), false); ap != 1 {
				t.Fatalf("spread %v: the true AP@R of row %d is %v", spread, i, ap)
			}
		}
		s, err := Evaluate(t.Context(), h.vectors(), labels, Options{Ks: []int{1}, MAPAtR: true})
		if err != nil {
			t.Fatal(err)
		}
		if ap, _ := s.MAPAtR(); s.RecallPessimistic(1) != 1 || ap.Low != 1 || s.Undecided != 0 {
			t.Errorf("spread %v: Recall@1 is at least %v, MAP@R %v, %d undecided; want 1, 1, 0", spread, s.RecallPessimistic(1), ap.Low, s.Undecided)
		}
		if remarks := s.Remarks(); len(remarks) != 1 || !strings.Contains(remarks[0], "38,000 pairs in 200 queries were decided in float64") && spread < 1e-3 {
			t.Errorf("spread %v: remarks %q", spread, remarks)
		}
	}
}

// Below what float64 resolves, nothing is told apart: ranges hold everything, and a
// sentence says so.
func TestCollapsedBeyondFloat64(t *testing.T) {
	rows, labels := collapsedSet(rand.New(rand.NewPCG(1, 2)), 1e-15)
	h := hostileSet{cols: len(rows[0]), rows: rows, labels: labels}
	s, err := Evaluate(t.Context(), h.vectors(), labels, Options{Ks: []int{1}, MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	if ap, _ := s.MAPAtR(); s.Undecided != 200 || s.RecallPessimistic(1) != 0 || s.Recall(1) != 1 || ap.Low != 0 || ap.High != 1 {
		t.Errorf("Recall@1 %v to %v, MAP@R %v to %v, %d undecided; want all from 0 to 1, and 200",
			s.RecallPessimistic(1), s.Recall(1), ap.Low, ap.High, s.Undecided)
	}
	if remarks := strings.Join(s.Remarks(), "\n"); !strings.Contains(remarks, "float64 cannot order all similarities of 200 queries") {
		t.Errorf("remarks %q", remarks)
	}
}

// A row times any number has the same direction, also where float32 has no such number:
// no figure changes.
func TestScaleDoesNotMatter(t *testing.T) {
	x, labels := prefilterSet(rand.New(rand.NewPCG(5, 6)), 60, 3, 10)
	figures := func(by float64) *Scores {
		h := hostileSet{cols: x.Cols, labels: labels}
		for i := range x.Rows {
			scaled := make([]float64, x.Cols)
			for k, v := range x.Row(i) {
				scaled[k] = float64(v) * by
			}
			h.rows = append(h.rows, scaled)
		}
		s, err := Evaluate(t.Context(), h.vectors(), labels, Options{Ks: []int{1, 2}, MAPAtR: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	want := figures(1)
	ap, _ := want.MAPAtR()
	rp, _ := want.RPrecision()
	if want.Recall(1) == 1 || ap.Expected == 1 {
		t.Fatal("a set without errors shows nothing")
	}
	for _, by := range []float64{1e-300, 1e-50, 1e-44, 1e44, 1e200} {
		got := figures(by)
		gotAP, _ := got.MAPAtR()
		gotRP, _ := got.RPrecision()
		if got.Recall(1) != want.Recall(1) || gotAP != ap || gotRP != rp {
			t.Errorf("times %v: Recall@1 %v, MAP@R %v; want %v, %v", by, got.Recall(1), gotAP, want.Recall(1), ap)
		}
	}
}

// Ordinary embeddings need no remark, though some pairs are decided in float64.
func TestOrdinaryEmbeddingsHaveNoRemark(t *testing.T) {
	x, labels := prefilterSet(rand.New(rand.NewPCG(7, 8)), 3000, 16, 1500)
	s, err := Evaluate(t.Context(), Float32(x), labels, Options{Ks: []int{1, 8}, MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	if s.Decided == 0 || len(s.Remarks()) > 0 {
		t.Errorf("%d pairs decided in float64, remarks %q; want some, and none", s.Decided, s.Remarks())
	}
}

// What a figure does not show is said: copies of queries in the gallery, K beyond the
// negatives, classes that cannot be clustered.
func TestRemarks(t *testing.T) {
	x := Float32(rowsOf([]float32{1, 0}, []float32{3, 4}, []float32{5, 1}, []float32{-1, 1}))
	labels := []int{0, 0, 1, 1}
	s, err := EvaluateGallery(t.Context(), x, labels, Float32(rowsOf([]float32{1, 0}, []float32{0, 1}, []float32{5, 1})), []int{0, 1, 1}, Options{Ks: []int{1, 2, 3}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2 of 4 queries are in the gallery too, value for value, and find themselves: without a gallery each row searches the others and leaves itself out",
		"Recall@3 is 100 % for any embeddings: no query has more than 2 negatives in the gallery",
	}
	if got := s.Remarks(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	s, err = EvaluateGallery(t.Context(), x, []int{1, 1, 1, 1}, Float32(rowsOf([]float32{1, 3}, []float32{0, 1})), []int{0, 1}, Options{Clustering: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Remarks(); s.Clustering != nil || len(got) != 1 || got[0] != "NMI and AMI are undefined: all 4 queries are of one class" || s.Recall(1) != 0.25 { // (−1, 1) alone is nearer to (0, 1) than to (1, 3)
		t.Errorf("clustering %v, Recall@1 %v, remarks %q", s.Clustering, s.Recall(1), got)
	}
	x = Float32(rowsOf([]float32{1, 1}))
	if lists, err := NeighboursIn(t.Context(), x, x, 1); err != nil || lists.Copies != 1 || CopiesRemark(1, 1) == "" || CopiesRemark(0, 1) != "" {
		t.Errorf("%+v, %v", lists, err)
	}
}

// Rows that are the same bits are 1 similar, and no similarity is beyond ±1.
func TestNeighboursOfCopies(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for _, dim := range []int{3, 29, 129} {
		x := matrix.New(200, dim)
		for i := range x.Rows {
			for k := range x.Row(i) {
				x.Row(i)[k] = float32(rng.NormFloat64())
			}
			if i >= 100 {
				copy(x.Row(i), x.Row(i-100))
			}
		}
		lists, err := Neighbours(t.Context(), Float32(x), 199)
		if err != nil {
			t.Fatal(err)
		}
		for i, list := range lists.Of {
			if want := (Neighbour{(i + 100) % 200, 1}); list[0] != want {
				t.Errorf("%d dimensions: the nearest of row %d is %+v, want %+v", dim, i, list[0], want)
			}
			for _, n := range list {
				if n.Similarity > 1 || n.Similarity < -1 || n.Similarity == 1 && n != list[0] {
					t.Errorf("%d dimensions: row %d has %+v", dim, i, n)
				}
			}
		}
	}
}

// An evaluation that would take minutes ends with its context.
func TestEvaluateStops(t *testing.T) {
	x, labels := prefilterSet(rand.New(rand.NewPCG(11, 12)), 10000, 64, 1000)
	for name, run := range map[string]func(ctx context.Context) error{
		"evaluate": func(ctx context.Context) error {
			_, err := Evaluate(ctx, Float32(x), labels, Options{MAPAtR: true})
			return err
		},
		"neighbours": func(ctx context.Context) error {
			_, err := Neighbours(ctx, Float32(x), 5)
			return err
		},
		"cluster": func(ctx context.Context) error {
			_, err := clusterScores(ctx, x, labels, Starts)
			return err
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Millisecond, cancel)
		if err := run(ctx); err != context.Canceled {
			t.Errorf("%s: error %v, want that of the context", name, err)
		}
	}
}

// NMI and AMI of random divisions are in their range, and 1 if and only if the division
// is perfect.
func TestInformationKeepsItsRange(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for range 20000 {
		n := 2 + rng.IntN(30)
		classes, clusters := make([]int, n), make([]int, n)
		for i := range n {
			classes[i] = rng.IntN(6)
		}
		classes[0], classes[1] = 0, 1
		names := rng.Perm(7)
		perfect := true
		for i := range n {
			clusters[i] = names[classes[i]]
			if rng.IntN(40) == 0 {
				clusters[i] = rng.IntN(7)
			}
		}
		for i := range n {
			for j := range i {
				perfect = perfect && (classes[i] == classes[j]) == (clusters[i] == clusters[j])
			}
		}
		c := newContingency(dense(classes), dense(clusters))
		nmi, ami := c.normalized(), c.adjusted()
		if !(nmi >= 0 && nmi <= 1) || !(ami <= 1) || math.IsInf(ami, -1) || (nmi == 1) != perfect || (ami == 1) != perfect {
			t.Fatalf("%v, %v: NMI %v, AMI %v, perfect %v", classes, clusters, nmi, ami, perfect)
		}
	}
}

// Equal embeddings are called collapsed, with what their Recall@1 is worth; embeddings
// with one pair in order are not, and neither are those without a negative.
func TestCollapsedIsSaid(t *testing.T) {
	equal, other := []float32{0.3, 0.3}, []float32{0.3, 0.2}
	for _, c := range []struct {
		rows   [][]float32
		labels []int
		want   bool
	}{
		{[][]float32{equal, equal, equal, equal}, []int{0, 0, 1, 1}, true},
		{[][]float32{equal, {0.6, 0.6}, equal, equal}, []int{0, 0, 1, 1}, true},
		{[][]float32{equal, equal, equal, other}, []int{0, 0, 1, 1}, false},
		{[][]float32{equal, equal, equal}, []int{0, 0, 0}, false},
		{[][]float32{equal, equal, equal}, []int{0, 0, 1}, true},
	} {
		s, err := Evaluate(t.Context(), Float32(rowsOf(c.rows...)), c.labels, Options{Ks: []int{1}})
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Contains(strings.Join(s.Remarks(), "\n"), "the embeddings are collapsed: ")
		if s.Collapsed() != c.want || said != c.want {
			t.Errorf("%v: collapsed %v, said %v, want %v", c.rows, s.Collapsed(), said, c.want)
		}
		if c.want && (s.Recall(1) != 1 || s.RecallPessimistic(1) != 0) {
			t.Errorf("%v: Recall@1 %v to %v", c.rows, s.RecallPessimistic(1), s.Recall(1))
		}
	}
}
