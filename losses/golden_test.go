package losses

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// goldens is testdata/goldens.json; testdata/README.md says where it comes from.
type goldens struct {
	Batches map[string]struct {
		S      [][]float64
		Labels []int
	}
	Losses map[string]struct {
		A, B struct {
			Value float64
			G     [][]float64
		}
		Degenerate map[string]struct {
			Value float64
			GMax  float64 `json:"G_max_abs_offdiag"`
		}
	}
	DegenerateBatches map[string]struct {
		X      [][]float64
		Labels []int
	} `json:"degenerate_batches"`
}

// goldenOf says which golden each preset must equal, with the parameters to change where the golden has others.
var goldenOf = []struct {
	choice string
	miner  Miner // with which the golden was made, when the preset has none
	change map[string]any
	golden string
}{
	{choice: "contrastive.gpw", golden: "contrastive_cos"},
	{choice: "triplet.gpw", golden: "triplet_cos_meanall"},
	{choice: "lifted_structure.gpw", golden: "lifted_gpw"},
	{choice: "lifted_structure.star", golden: "lifted_star"},
	{choice: "lifted_structure.star", miner: MultiSimilarityMiner{0.1}, golden: "lifted_star_msmined"},
	{choice: "npairs.all_pairs", golden: "npair_allpairs"},
	{choice: "nca.log", golden: "nca"},
	{choice: "histogram.bins100", golden: "histogram_100"},
	{choice: "histogram.bins100", change: map[string]any{"bins": 10}, golden: "histogram_10"},
	{choice: "binomial_deviance.gpw", golden: "binomial_deviance"},
	{choice: "binomial_deviance.scaled", miner: MultiSimilarityMiner{0.1}, golden: "binomial_msmined"},
	{choice: "binlifted.half", golden: "binlifted_half"},
	{choice: "multi_similarity.official", golden: "ms_official_40"},
	{choice: "multi_similarity.paper", golden: "ms_paper_lam1"},
	{choice: "multi_similarity.pml", golden: "ms_pml_mined"},
	{choice: "multi_similarity.weighting", change: map[string]any{"beta": 50}, golden: "ms_pml_noMining"},
	{choice: "multi_similarity.mining_only", golden: "ms_mining_only"},
}

func TestGoldens(t *testing.T) {
	all := readGoldens(t)
	checked := map[string]bool{}
	for _, c := range goldenOf {
		t.Run(fmt.Sprintf("%s=%s", c.choice, c.golden), func(t *testing.T) {
			want, ok := all.Losses[c.golden]
			if !ok {
				t.Fatalf("no golden %q", c.golden)
			}
			checked[c.choice] = true
			loss := lossOf(t, c.choice, c.miner, c.change)
			for name, w := range map[string]struct {
				Value float64
				G     [][]float64
			}{"A": want.A, "B": want.B} {
				b := all.Batches[name]
				value, g := evaluate(t, loss, flat(b.S), b.Labels)
				if !near(value, w.Value) {
					t.Errorf("batch %s: L = %.15g, want %.15g", name, value, w.Value)
				}
				// Unordered formulations may put a pair's gradient in either row: only G + Gᵀ counts.
				m := len(b.Labels)
				for i := range m {
					for j := range i {
						got, want := g[i*m+j]+g[j*m+i], w.G[i][j]+w.G[j][i]
						if !near(got, want) {
							t.Errorf("batch %s: G+Gᵀ at %d, %d is %.15g, want %.15g", name, i, j, got, want)
						}
					}
				}
			}
			for name, w := range want.Degenerate {
				b := all.DegenerateBatches[name]
				value, g := evaluate(t, loss, gram(b.X), b.Labels)
				if !near(value, w.Value) {
					t.Errorf("batch %s: L = %.15g, want %.15g", name, value, w.Value)
				}
				largest := 0.0
				for _, v := range g {
					largest = max(largest, math.Abs(v))
				}
				// The golden of 10 bins puts S = 1 beyond the last bin by rounding; that of 100 bins, on its edge, as here.
				if edge := c.golden == "histogram_10" && name == "collapsed"; !near(largest, w.GMax) && !edge {
					t.Errorf("batch %s: largest |G| = %.15g, want %.15g", name, largest, w.GMax)
				}
			}
			if len(want.Degenerate) != 5 {
				t.Errorf("%d degenerate batches, want 5", len(want.Degenerate))
			}
		})
	}
	for _, spec := range Catalogue {
		for _, p := range spec.Presets {
			if name := spec.Name + "." + p.Name; !checked[name] {
				t.Errorf("%s is held against no golden", name)
			}
		}
	}
}

func readGoldens(t *testing.T) goldens {
	t.Helper()
	bytes, err := os.ReadFile("testdata/goldens.json")
	if err != nil {
		t.Fatal(err)
	}
	var all goldens
	if err := json.Unmarshal(bytes, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func near(got, want float64) bool { return math.Abs(got-want) <= 1e-12*max(1, math.Abs(want)) }

func lossOf(t *testing.T, name string, miner Miner, change map[string]any) Loss {
	t.Helper()
	c, err := Choose(Catalogue, name)
	if err != nil {
		t.Fatal(err)
	}
	if miner != nil {
		c.Miner = miner
	}
	for k, v := range change {
		if c.Value, err = With(c.Value, k, v); err != nil {
			t.Fatal(err)
		}
	}
	l, err := c.Loss()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func evaluate(t *testing.T, l Loss, s []float64, labels []int) (float64, []float64) {
	t.Helper()
	b, err := NewBatch(s, labels)
	if err != nil {
		t.Fatal(err)
	}
	g := make([]float64, len(s))
	for k := range g {
		g[k] = math.NaN() // Eval must overwrite all of it
	}
	return l.Eval(b, g), g
}

func flat(rows [][]float64) []float64 {
	var s []float64
	for _, r := range rows {
		s = append(s, r...)
	}
	return s
}

func gram(x [][]float64) []float64 {
	var s []float64
	for _, a := range x {
		for _, b := range x {
			dot := 0.0
			for k := range a {
				dot += a[k] * b[k]
			}
			s = append(s, dot)
		}
	}
	return s
}
