package losses

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// TestMinersAgainstGoldens compares what miners keep with the output of
// pytorch-metric-learning's on batches A and B.
func TestMinersAgainstGoldens(t *testing.T) {
	bytes, err := os.ReadFile("testdata/goldens.json")
	if err != nil {
		t.Fatal(err)
	}
	var output struct {
		Miners map[string]map[string]struct{ Pos, Neg, Triplets [][]int } `json:"miners_pml_output"`
	}
	if err := json.Unmarshal(bytes, &output); err != nil {
		t.Fatal(err)
	}
	batches := readGoldens(t).Batches
	for _, c := range []struct {
		miner  Miner
		golden string
		ties   bool // ours keeps the equals of the last one kept as well
	}{
		{MultiSimilarityMiner{Eps: 0.1}, "multi_similarity_eps0.1", false},
		{BatchHardMiner{}, "batch_hard_l2", false},
		{EasyHardMiner{Positive: "hard", Negative: "hard"}, "batch_hard_l2", false},
		{EasyHardMiner{Positive: "easy", Negative: "semihard"}, "batch_easy_hard_default_l2", false},
		{PairMarginMiner{PosMargin: 0.2, NegMargin: 0.8, Metric: "distance"}, "pair_margin_l2_0.2_0.8", false},
		{PairMarginMiner{PosMargin: 0.98, NegMargin: 0.68, Metric: "cosine"}, "pair_margin_l2_0.2_0.8", false}, // 1 − d²/2
		{HardFractionMiner{Fraction: 0.5}, "hdc_0.5_l2", true},
	} {
		for _, name := range []string{"A", "B"} {
			want, ok := output.Miners[c.golden][name]
			if !ok {
				t.Fatalf("no golden %s %s", c.golden, name)
			}
			for _, triplet := range want.Triplets {
				want.Pos, want.Neg = append(want.Pos, triplet[:2]), append(want.Neg, []int{triplet[0], triplet[2]})
			}
			b, err := NewBatch(flat(batches[name].S), batches[name].Labels)
			if err != nil {
				t.Fatal(err)
			}
			pos, neg := kept(b, c.miner)
			for _, side := range []struct{ got, want [][]int }{{pos, want.Pos}, {neg, want.Neg}} {
				slices.SortFunc(side.want, slices.Compare)
				if c.ties {
					side.got = slices.DeleteFunc(side.got, func(pair []int) bool {
						mirrored := []int{pair[1], pair[0]}
						return !slices.ContainsFunc(side.want, func(w []int) bool { return slices.Equal(w, pair) }) &&
							slices.ContainsFunc(side.want, func(w []int) bool { return slices.Equal(w, mirrored) })
					})
				}
				if !slices.EqualFunc(side.got, side.want, slices.Equal) {
					t.Errorf("%T on %s keeps %v, want %v", c.miner, name, side.got, side.want)
				}
			}
		}
	}
}

// TestAngularTriplets compares the loss with the mean over the triplets that
// pytorch-metric-learning's miner of 20 degrees returns.
func TestAngularTriplets(t *testing.T) {
	bytes, err := os.ReadFile("testdata/goldens.json")
	if err != nil {
		t.Fatal(err)
	}
	var output struct {
		Miners map[string]map[string]struct{ Triplets [][]int } `json:"miners_pml_output"`
	}
	if err := json.Unmarshal(bytes, &output); err != nil {
		t.Fatal(err)
	}
	for name, want := range output.Miners["angular_20"] {
		batch := readGoldens(t).Batches[name]
		sum, active := 0.0, 0.0
		for _, k := range want.Triplets {
			d := func(i, j int) float64 { return math.Sqrt(2 - 2*batch.S[i][j]) }
			if h := d(k[0], k[1]) - d(k[0], k[2]) + 0.6; h > 0 {
				sum, active = sum+h, active+1
			}
		}
		value, _ := evaluate(t, TripletAngular{Margin: 0.6, Angle: 20}, flat(batch.S), batch.Labels)
		if len(want.Triplets) == 0 || !near(value, sum/active) {
			t.Errorf("batch %s: L = %v, over the golden's %d triplets %v", name, value, len(want.Triplets), sum/active)
		}
	}
}

// TestDistanceWeightedDraws compares how often each negative is drawn first, over many
// seeds, with the golden's probabilities.
func TestDistanceWeightedDraws(t *testing.T) {
	bytes, err := os.ReadFile("testdata/goldens.json")
	if err != nil {
		t.Fatal(err)
	}
	var output struct {
		Rows struct{ A, B [][]float64 } `json:"distance_weighted_sampling_row_probs"`
	}
	if err := json.Unmarshal(bytes, &output); err != nil {
		t.Fatal(err)
	}
	const seeds = 4000
	for name, rows := range map[string][][]float64{"A": output.Rows.A, "B": output.Rows.B} {
		batch := readGoldens(t).Batches[name]
		for i, want := range rows {
			// One positive, so that one negative is drawn; the others of the anchor's
			// class are left out.
			var s []float64
			var columns []int
			classes := []int{batch.Labels[i]}
			for j, y := range batch.Labels {
				if y != batch.Labels[i] {
					s, columns, classes = append(s, batch.S[i][j]), append(columns, j), append(classes, y)
				}
			}
			b, err := NewCross(append([]float64{0.5}, s...), []int{batch.Labels[i]}, classes, nil)
			if err != nil {
				t.Fatal(err)
			}
			drawn := make([]float64, len(want))
			for seed := range seeds {
				_, neg := kept(b, DistanceWeightedMiner{Dim: 4, Cutoff: 0.5, Nonzero: 1.4, Seed: seed})
				if len(neg) > 1 {
					t.Fatalf("%d negatives drawn for one positive", len(neg))
				}
				for _, pair := range neg {
					drawn[columns[pair[1]-1]]++
				}
			}
			for j, p := range want {
				if sd := math.Sqrt(p*(1-p)/seeds) + 1e-9; math.Abs(drawn[j]/seeds-p) > 5*sd {
					t.Errorf("batch %s, anchor %d: negative %d is drawn in %v of the draws, its chance is %v", name, i, j, drawn[j]/seeds, p)
				}
			}
		}
	}
}

// TestDistanceWeightedCounts: as many negatives as positives, the same again, others
// with another seed.
func TestDistanceWeightedCounts(t *testing.T) {
	batch := readGoldens(t).Batches["B"]
	b, err := NewBatch(flat(batch.S), batch.Labels)
	if err != nil {
		t.Fatal(err)
	}
	m := DistanceWeightedMiner{Dim: 4, Cutoff: 0.5, Nonzero: 2}
	pos, neg := kept(b, m)
	count := map[int]int{}
	for _, pair := range pos {
		count[pair[0]]++
	}
	for _, pair := range neg {
		count[pair[0]]--
	}
	for i, n := range count {
		if n != 0 {
			t.Errorf("anchor %d: %d more positives than negatives", i, n)
		}
	}
	_, again := kept(b, m)
	m.Seed = 1
	_, other := kept(b, m)
	if !slices.EqualFunc(neg, again, slices.Equal) || slices.EqualFunc(neg, other, slices.Equal) {
		t.Errorf("seed 0 draws %v and %v, seed 1 %v", neg, again, other)
	}
}

// kept returns the ordered pairs that the miner keeps, positives and negatives, sorted.
func kept(b *Batch, m Miner) (pos, neg [][]int) {
	if over, ok := m.(BatchMiner); ok {
		m = over.ForBatch(b)
	}
	for i := range b.m {
		a := b.Anchor(i)
		p, n := make([]bool, len(a.Pos)), make([]bool, len(a.Neg))
		m.Keep(a, p, n)
		g := make([]float64, b.m*b.n)
		for k := range p {
			a.GPos[k] = map[bool]float64{true: 1}[p[k]]
		}
		for k := range n {
			a.GNeg[k] = map[bool]float64{true: 1}[n[k]]
		}
		b.Store(a, g)
		for j := range b.n {
			switch {
			case g[i*b.n+j] == 0:
			case b.IsPositive(i, j):
				pos = append(pos, []int{i, j})
			default:
				neg = append(neg, []int{i, j})
			}
		}
	}
	return pos, neg
}

// TestHardFractionCounts: at least ⌈f·count⌉ of either side are kept, none easier than
// one left out, and all with f = 1.
func TestHardFractionCounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 50 {
		m := 2 + rng.IntN(10)
		labels, s := make([]int, m), make([]float64, m*m)
		for i := range labels {
			labels[i] = rng.IntN(3)
		}
		for k := range s {
			s[k] = 2*rng.Float64() - 1 // not symmetric: no ties
		}
		b, err := NewBatch(s, labels)
		if err != nil {
			t.Fatal(err)
		}
		f := 1 - rng.Float64()
		pos, neg := kept(b, HardFractionMiner{Fraction: f})
		allPos, allNeg := kept(b, HardFractionMiner{Fraction: 1})
		for _, side := range []struct {
			got, all [][]int
			sign     float64
		}{{pos, allPos, -1}, {neg, allNeg, 1}} {
			if len(side.got) != int(math.Ceil(f*float64(len(side.all)))) {
				t.Fatalf("f = %v keeps %d of %d", f, len(side.got), len(side.all))
			}
			easiest, hardest := math.Inf(1), math.Inf(-1)
			for _, pair := range side.all {
				v := side.sign * b.S(pair[0], pair[1])
				if slices.ContainsFunc(side.got, func(p []int) bool { return slices.Equal(p, pair) }) {
					easiest = min(easiest, v)
				} else {
					hardest = max(hardest, v)
				}
			}
			if easiest < hardest {
				t.Fatalf("a pair of hardness %v is kept and one of %v is not", easiest, hardest)
			}
		}
		if len(allPos)+len(allNeg) != m*m-m {
			t.Fatalf("f = 1 keeps %d pairs of %d", len(allPos)+len(allNeg), m*m-m)
		}
	}
}
