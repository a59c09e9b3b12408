package losses

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// goldens is testdata/goldens.json; testdata/README.md says where it comes from.
type goldens struct {
	Batches map[string]struct {
		Raw    [][]float64
		X      [][]float64
		S      [][]float64
		Labels []int
	}
	Losses map[string]struct {
		A, B struct {
			Value   float64
			G       [][]float64
			GradRaw [][]float64 `json:"grad_raw"`
		}
		Degenerate map[string]struct {
			Value float64
			GMax  float64 `json:"G_max_abs_offdiag"`
		}
	}
	Proxies struct {
		Raw     [][]float64 `json:"proxies_raw"`
		Centers [][]float64 `json:"softtriple_centers_raw_class_major"` // two of a class
		Losses  map[string]struct {
			Value float64
			G     [][]float64 `json:"dL_dC"`
		}
	} `json:"proxy_losses"`
	XBM struct {
		Similarities [][]float64 `json:"S_rect"`
		Labels       []int       `json:"memory_labels"`
		Losses       map[string]struct {
			Value float64
			G     [][]float64 `json:"G_rect"`
		}
	}
	DegenerateBatches map[string]struct {
		X      [][]float64
		Labels []int
	} `json:"degenerate_batches"`
}

// A comparison says that a preset, with parameters and miner changed, equals a golden,
// or differs from it.
type comparison struct {
	choice string
	miner  Miner
	change map[string]any
	golden string
}

func (c comparison) String() string { return c.choice + "=" + c.golden }

// more are goldens besides those that presets name as their oracle: a miner added,
// parameters changed.
var more = []comparison{
	{choice: "lifted_structure.star", miner: MultiSimilarityMiner{0.1}, golden: "lifted_star_msmined"},
	{choice: "histogram.bins100", change: map[string]any{"bins": 10}, golden: "histogram_10"},
	{choice: "binomial_deviance.scaled", miner: MultiSimilarityMiner{0.1}, golden: "binomial_msmined"},
	{choice: "multi_similarity.weighting", change: map[string]any{"beta": 50}, golden: "ms_pml_noMining"},
	{choice: "circle.face", change: map[string]any{"gamma": 16}, golden: "circle_m.25_g16"},
	{choice: "circle.reid", change: map[string]any{"gamma": 16}, golden: "circle_m.25_g16"},
	{choice: "circle_batch.face", change: map[string]any{"gamma": 16}, golden: "circle_batchwide"},
	{choice: "tuplet_margin.pml", change: map[string]any{"scale": 8}, golden: "tuplet_margin_s8"},
	{choice: "smooth_ap.paper", change: map[string]any{"temperature": 0.1}, golden: "smoothap_0.1"},
	{choice: "recall_at_k.official", change: map[string]any{"k": 4}, golden: "recallk_0.01"},
	{choice: "recall_at_k.official", change: map[string]any{"k": 4, "temperature": 0.1}, golden: "recallk_0.1"},
	{choice: "pnp.o", change: map[string]any{"temperature": 0.1}, golden: "pnp_O_0.1"},
	{choice: "pnp.ds", change: map[string]any{"temperature": 0.1}, golden: "pnp_Ds_0.1"},
	{choice: "pnp.dq", change: map[string]any{"temperature": 0.1}, golden: "pnp_Dq_0.1"},
	{choice: "pnp.iu", change: map[string]any{"temperature": 0.1}, golden: "pnp_Iu_0.1"},
	{choice: "pnp.ib", change: map[string]any{"temperature": 0.1}, golden: "pnp_Ib_0.1"},
	{choice: "pnp.ds_paper", change: map[string]any{"temperature": 0.1}, golden: "pnp_Ds_0.1_paper_selfexcl"},
}

// different are goldens of forms that this package does not follow: its own must not
// equal them.
var different = []comparison{
	// an anchor without one side pays for the other
	{choice: "lifted_generalized.hermans", golden: "lifted_generalized_pml"},
	// the gradient goes through α, and through the weights
	{choice: "circle.face", change: map[string]any{"gamma": 16}, golden: "circle_attached_g16"},
	{choice: "ranked_list.common", golden: "ranked_list_attached_pml"},
	// the anchor is in its own ranking
	{choice: "smooth_ap.paper", change: map[string]any{"temperature": 0.1}, golden: "smoothap_0.1_official_selfincl"},
	{choice: "recall_at_k.official", change: map[string]any{"k": 4, "temperature": 0.1}, golden: "recallk_0.1_official_selfincl"},
}

// TestGoldens counts: every preset of the catalogue is compared with the golden that its
// Oracle names, or says that finite differences are its oracle, as TestContract measures
// them; and every golden is compared with something.
func TestGoldens(t *testing.T) {
	all := readGoldens(t)
	used, compared := map[string]bool{}, map[string]bool{}
	for _, c := range comparisons(t) {
		t.Run(c.String(), func(t *testing.T) {
			used[c.golden], compared[c.choice] = true, true
			loss := func() Loss { return lossOf(t, c.choice, c.miner, c.change) }
			for _, wrong := range compareGolden(t, all, c.golden, loss) {
				t.Error(wrong)
			}
		})
	}
	for _, c := range different {
		t.Run(c.String(), func(t *testing.T) {
			used[c.golden] = true
			loss := func() Loss { return lossOf(t, c.choice, c.miner, c.change) }
			if wrong := compareGolden(t, all, c.golden, loss); len(wrong) == 0 {
				t.Error("equal, and they must differ")
			}
		})
	}
	for _, spec := range Catalogue {
		for _, p := range spec.Presets {
			name := spec.Name + "." + p.Name
			if named := strings.HasPrefix(p.Oracle, "golden "); compared[name] != named {
				t.Errorf("%s: compared with a golden %v, and its oracle is %q", name, compared[name], p.Oracle)
			}
		}
	}
	for key := range all.Losses {
		if !used[key] {
			t.Errorf("golden %s: nothing is compared with it", key)
		}
	}
}

// TestRectangularGoldens: the anchors are batch A, the candidates a memory that begins
// with A and goes on with others. Self is a slot.
func TestRectangularGoldens(t *testing.T) {
	all := readGoldens(t)
	for golden, name := range map[string]string{"xbm_contrastive_cos": "contrastive.gpw", "xbm_multi_similarity": "multi_similarity.weighting"} {
		want, ok := all.XBM.Losses[golden]
		if !ok {
			t.Fatalf("no golden %s", golden)
		}
		change := map[string]any{}
		if golden == "xbm_multi_similarity" {
			change["beta"] = 50
		}
		anchors := all.Batches["A"].Labels
		b, err := NewCross(flat(all.XBM.Similarities), anchors, all.XBM.Labels, []int{0, 1, 2, 3, 4, 5})
		if err != nil {
			t.Fatal(err)
		}
		g := make([]float64, b.m*b.n)
		if value := lossOf(t, name, nil, change).Eval(b, g); !near(value, want.Value) {
			t.Errorf("%s: L = %.15g, want %.15g", golden, value, want.Value)
		}
		for k, w := range flat(want.G) {
			if !near(g[k], w) {
				t.Errorf("%s: G = %.15g at %d, %d, want %.15g", golden, g[k], k/b.n, k%b.n, w)
			}
		}
	}
}

// comparisons returns a comparison for every preset that names a golden, and more. A
// preset whose oracle is a golden with other parameters must be in more.
func comparisons(t *testing.T) []comparison {
	list := more
	for _, spec := range Catalogue {
		for _, p := range spec.Presets {
			name := spec.Name + "." + p.Name
			key, ok := strings.CutPrefix(p.Oracle, "golden ")
			if !ok {
				continue
			}
			key, qualified, _ := strings.Cut(key, " ")
			if qualified == "" {
				list = append(list, comparison{choice: name, golden: key})
			} else if !slices.ContainsFunc(more, func(c comparison) bool { return c.choice == name && c.golden == key }) {
				t.Errorf("%s has the oracle %q, and no comparison with it", name, p.Oracle)
			}
		}
	}
	return list
}

// compareGolden returns what disagrees with the golden: values and G + Gᵀ on both
// batches, values and the largest |G| on the degenerate ones.
func compareGolden(t *testing.T, all goldens, key string, fresh func() Loss) (wrong []string) {
	t.Helper()
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	want, ok := all.Losses[key]
	if !ok {
		t.Fatalf("no golden %q", key)
	}
	for name, w := range map[string]struct {
		Value float64
		G     [][]float64
	}{"A": {want.A.Value, want.A.G}, "B": {want.B.Value, want.B.G}} {
		b := all.Batches[name]
		value, g := evaluateVectors(t, fresh(), flat(b.S), b.X, b.Labels)
		if !near(value, w.Value) {
			say("batch %s: L = %.15g, want %.15g", name, value, w.Value)
		}
		// Unordered formulations may put a pair's gradient in either row: only G + Gᵀ
		// counts.
		m := len(b.Labels)
		for i := range m {
			for j := range i {
				got, want := g[i*m+j]+g[j*m+i], w.G[i][j]+w.G[j][i]
				if !near(got, want) {
					say("batch %s: G+Gᵀ at %d, %d is %.15g, want %.15g", name, i, j, got, want)
				}
			}
		}
	}
	for name, w := range want.Degenerate {
		b := all.DegenerateBatches[name]
		value, g := evaluateVectors(t, fresh(), gram(b.X), b.X, b.Labels)
		if because := degenerateL[key+" "+name]; because != "" {
			continue
		}
		if !near(value, w.Value) {
			say("batch %s: L = %.15g, want %.15g", name, value, w.Value)
		}
		largest := 0.0
		for _, v := range g {
			largest = max(largest, math.Abs(v))
		}
		if because := degenerateG[key+" "+name]; because == "" && !near(largest, w.GMax) {
			say("batch %s: largest |G| = %.15g, want %.15g", name, largest, w.GMax)
		}
	}
	if len(want.Degenerate) != 5 {
		say("%d degenerate batches, want 5", len(want.Degenerate))
	}
	return wrong
}

// degenerateG names the degenerate batches on which the golden's |G| is not ours, and
// why.
var degenerateG = map[string]string{
	"circle_batchwide collapsed": "the golden has an unordered pair's gradient in one row, here each has half",
	"fastap_10 single_class":     "without negatives the value is constant; the golden takes 0/0 for 0 in an empty bin",
	"histogram_10 collapsed":     "the golden puts S = 1 beyond the last bin by rounding; the golden of 100 bins has it on the edge, as here",
}

// degenerateL names the degenerate batches on which the golden's value is not ours, and
// why.
var degenerateL = map[string]string{
	"tuplet_margin collapsed":          "the golden holds the sine of θ at 10⁻⁶; at S = 1 it is 0, as TestReferences has it",
	"tuplet_margin_s8 collapsed":       "the golden holds the sine of θ at 10⁻⁶; at S = 1 it is 0",
	"supcon_0.07_meanall single_class": "the golden leaves anchors without negatives out, the authors' code does not: TestSupConOfOneClass",
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
	return evaluateOn(l, b)
}

// evaluateVectors evaluates with the means of the vectors x, whose similarities are s.
func evaluateVectors(t *testing.T, l Loss, s []float64, x [][]float64, labels []int) (float64, []float64) {
	t.Helper()
	return evaluateOn(l, vectorBatch(t, s, x, labels))
}

func vectorBatch(t *testing.T, s []float64, x [][]float64, labels []int) *Batch {
	t.Helper()
	b, err := NewBatch(s, labels)
	if err != nil {
		t.Fatal(err)
	}
	var means []float64
	for _, v := range x {
		means = append(means, ScaledMean(v))
	}
	b.SetMeans(means, means)
	return b
}

func evaluateOn(l Loss, b *Batch) (float64, []float64) {
	g := make([]float64, len(b.s))
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
