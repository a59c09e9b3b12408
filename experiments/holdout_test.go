package experiments

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train"
)

// holdoutSpec has 24 classes of 5 noisy rows, half of them to train on.
func holdoutSpec(t *testing.T, overrides ...string) *spec.Spec {
	t.Helper()
	features, labels := noisyClasses(t, 24, 1.5)
	s, err := parseSpec(fmt.Sprintf(`name: held
datasets: [{name: held, features: %s, labels: %s}]
losses: [contrastive, multi_similarity]
sampler: {classes: 4, per_class: 3}
preprocess: [center]
optimizer: {lr: 0.03}
steps: 7
seeds: 2
protocol: {name: holdout, folds: 3, every: 3, metric: recall@1}
`, features, labels), overrides...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// noisyClasses writes features of classes of 5 rows in 6 dimensions, in which only the
// first three tell classes apart.
func noisyClasses(t *testing.T, classes int, noise float64) (features, labels string) {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 5))
	var x []float32
	var y []int64
	for c := range classes {
		centre := [3]float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
		for range 5 {
			y = append(y, int64(c))
			for k := range 6 {
				v := noise * r.NormFloat64()
				if k < 3 {
					v = centre[k] + noise/4*r.NormFloat64()
				}
				x = append(x, float32(v))
			}
		}
	}
	return writeNPY(t, "x.npy", []int{len(y), 6}, x), writeNPY(t, "y.npy", []int{len(y)}, y)
}

// A handLoop trains a head without the package under test.
type handLoop struct {
	t       *testing.T
	trainer *train.Trainer
	testX   matrix.Matrix // preprocessed
	labels  []int         // of testX
}

// byHand prepares a training on rows that is evaluated on other rows.
func byHand(t *testing.T, s *spec.Spec, name, key string, seed uint64, x matrix.Matrix, labels []int, testX matrix.Matrix, testLabels []int) *handLoop {
	t.Helper()
	choice, err := losses.Choose(losses.Catalogue, name)
	if err != nil {
		t.Fatal(err)
	}
	loss, err := choice.Loss()
	if err != nil {
		t.Fatal(err)
	}
	center, err := train.FitPreprocess([]string{"center"}, x)
	if err != nil {
		t.Fatal(err)
	}

	h := &handLoop{t: t, labels: testLabels}
	trainX, _ := center.Apply(x)
	h.testX, _ = center.Apply(testX)
	d := s.Datasets[0]
	c := train.Config{Head: d.Head, Sampler: d.Sampler, Optimizer: d.Optimizer, Relation: choice.Spec.Relation, DataKey: key, Seed: seed}
	if h.trainer, err = train.New(c, trainX, labels, loss); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *handLoop) steps(n int) *handLoop {
	for range n {
		if _, err := h.trainer.Step(); err != nil {
			h.t.Fatal(err)
		}
	}
	return h
}

func (h *handLoop) embeddings() matrix.Matrix {
	e, err := h.trainer.Embed(h.testX)
	if err != nil {
		h.t.Fatal(err)
	}
	return e
}

func (h *handLoop) scores() *retrieval.Scores { return scoresOf(h.t, h.embeddings(), h.labels) }

func scoresOf(t *testing.T, e matrix.Matrix, labels []int) *retrieval.Scores {
	t.Helper()
	scores, err := retrieval.Evaluate(t.Context(), retrieval.Float32(e), labels, retrieval.Options{Ks: []int{1}, MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	return scores
}

// mapAtR is MAP@R, expected over the orders of ties.
func mapAtR(s *retrieval.Scores) float64 {
	r, _ := s.MAPAtR()
	return r.Expected
}

// heldData are the training and test rows of a spec, and the checksum of all.
func heldData(t *testing.T, s *spec.Spec) (x matrix.Matrix, labels []int, testX matrix.Matrix, testLabels []int, key string) {
	t.Helper()
	data, err := datasets.Load("held", s.Datasets[0].Features, s.Datasets[0].Labels)
	if err != nil {
		t.Fatal(err)
	}
	split, err := datasets.Half(data.Labels)
	if err != nil {
		t.Fatal(err)
	}
	if x, labels, err = data.Take(split.Train); err != nil {
		t.Fatal(err)
	}
	if testX, testLabels, err = data.Take(split.Query); err != nil {
		t.Fatal(err)
	}
	return x, labels, testX, testLabels, data.Checksum
}

// The choice and the measurement are those that a loop over the folds makes by hand, and
// the test classes are evaluated once.
func TestHoldoutAgainstLoop(t *testing.T) {
	s, dir := holdoutSpec(t), t.TempDir()
	if out, err := runInto(t.Context(), t, dir, s, 2, nil); err != nil || len(out.Failed) > 0 {
		t.Fatal(out, err)
	}
	x, labels, testX, testLabels, key := heldData(t, s)
	chosen := map[float64]bool{}
	for _, r := range recordsOf(t, dir) {
		if r.Kind != results.KindLoss {
			continue
		}
		folds, err := train.Folds(labels, 3, key, r.Seed)
		if err != nil {
			t.Fatal(err)
		}
		sums := make([]float64, 8)
		for _, f := range folds {
			fx, fl := take(x, labels, f.Train)
			hx, hl := take(x, labels, f.Validation)
			h := byHand(t, s, r.Loss, key, r.Seed, fx, fl, hx, hl)
			for step := range sums {
				sums[step] += h.scores().RecallExpected(1)
				h.steps(1)
			}
		}

		best := 0
		for k, step := range []int{0, 3, 6, 7} {
			if got := r.Validation.Points[k]; int(got.Value) != step || math.Abs(got.Mean-sums[step]/3) > 1e-12 {
				t.Errorf("%s, seed %d, %d steps: %+v, want the mean %v", r.Label, r.Seed, step, got, sums[step]/3)
			}
			if sums[step] > sums[best]+1e-12 {
				best = step
			}
		}
		final := byHand(t, s, r.Loss, key, r.Seed, x, labels, testX, testLabels).steps(best).scores()
		if r.Steps != best || r.Metrics["recall@1"] != final.Recall(1) || r.Metrics["map_at_r"] != mapAtR(final) {
			t.Errorf("%s, seed %d: %d steps, Recall@1 %v; by hand %d, %v", r.Label, r.Seed, r.Steps, r.Metrics["recall@1"], best, final.Recall(1))
		}
		if r.TestEvaluations != 1 || !strings.HasSuffix(r.ProtocolNote, "evaluated once") {
			t.Errorf("%s: %d evaluations of the test classes, %q", r.Label, r.TestEvaluations, r.ProtocolNote)
		}
		chosen[r.Validation.Value] = true
	}
	if len(chosen) < 2 {
		t.Errorf("all rows chose %v: the case says little", chosen)
	}
}

// Where no step is better than none, the row is the untrained head.
func TestHoldoutZeroSteps(t *testing.T) {
	s, dir := holdoutSpec(t, "seeds=1", "baselines=untrained", "losses=[contrastive]"), t.TempDir()
	s.Datasets[0].Features, s.Datasets[0].Labels = noisyClasses(t, 24, 1e-6)
	if out, err := runInto(t.Context(), t, dir, s, 1, nil); err != nil || len(out.Failed) > 0 {
		t.Fatal(out, err)
	}
	records := recordsOf(t, dir)
	base, loss := records[0], records[1]
	if loss.Validation.Value != 0 || loss.Steps != 0 || loss.Drawn != nil || len(loss.Diagnoses) > 0 {
		t.Errorf("chose %v: %d steps, drawn %v, diagnoses %v", loss.Validation.Value, loss.Steps, loss.Drawn, loss.Diagnoses)
	}
	for key, want := range base.Metrics {
		if loss.Metrics[key] != want || key == "recall@1" && want != 1 {
			t.Errorf("%s is %v, and that of the untrained head %v", key, loss.Metrics[key], want)
		}
	}
}

// The parameters of baselines are chosen on the folds of every seed.
func TestHoldoutBaselines(t *testing.T) {
	s, dir := holdoutSpec(t, "losses=[]", "baselines=frozen,pca,whitening"), t.TempDir()
	s.Losses = nil
	if out, err := runInto(t.Context(), t, dir, s, 2, nil); err != nil || out.Runs != 1+2+2 || len(out.Failed) > 0 {
		t.Fatal(out, err)
	}
	for _, r := range recordsOf(t, dir) {
		switch v := r.Validation; r.Label {
		case "frozen":
			if v != nil || r.Protocol != "none" {
				t.Errorf("frozen has chosen %+v by %s", v, r.Protocol)
			}
		case "PCA":
			if v.Chosen != results.ChoseDim || len(v.Points) != 1 || v.Value != 6 {
				t.Errorf("PCA of 6 features chose %+v", v)
			}
		case "whitening":
			if v.Chosen != results.ChoseShrink || len(v.Points) != len(shrinkages) || len(v.Points[0].Folds) != 3 || v.Value != v.Choose().Value {
				t.Errorf("whitening chose %+v", v)
			}
		default:
			t.Errorf("a row %q", r.Label)
		}
	}
}

// What the folds cannot be made of is refused before a run, with what to do.
func TestHoldoutRefused(t *testing.T) {
	for _, c := range []struct {
		overrides []string
		want      string
	}{
		{[]string{"protocol.folds=7"}, "7 folds of the 12 training classes of held: a fold needs 2 classes or more; lower protocol.folds to 6"},
		{[]string{"datasets.held.split={train_classes: 3}"}, "protocol holdout needs 4 training classes or more, 2 in each of 2 folds, and held has 3"},
		{[]string{"sampler.classes=9"}, "lower sampler.classes"},
	} {
		_, err := runInto(t.Context(), t, t.TempDir(), holdoutSpec(t, c.overrides...), 1, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %s", c.overrides, err, c.want)
		}
	}
}

func recordsOf(t *testing.T, dir string) []results.Record {
	t.Helper()
	records, err := readStore(t, dir).All()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// The ensembles are what the folds' heads give by hand: their mean, and their embeddings
// side by side at length 1.
func TestHoldoutEnsembles(t *testing.T) {
	s, dir := holdoutSpec(t, "protocol.ensemble=folds", "seeds=1", "losses=[contrastive]", "baselines=frozen"), t.TempDir()
	if out, err := runInto(t.Context(), t, dir, s, 1, nil); err != nil || len(out.Failed) > 0 {
		t.Fatal(out, err)
	}
	var r results.Record
	for _, r = range recordsOf(t, dir) {
		if r.Kind == results.KindLoss {
			break
		}
	}
	if want := 1 + 3 + 1; r.TestEvaluations != want || !strings.Contains(r.ProtocolNote, "once for the row, and 4 times") {
		t.Errorf("%d evaluations, want %d: %s", r.TestEvaluations, want, r.ProtocolNote)
	}

	x, labels, testX, testLabels, key := heldData(t, s)
	folds, err := train.Folds(labels, 3, key, 0)
	if err != nil {
		t.Fatal(err)
	}
	separated, wide := 0.0, matrix.New(testX.Rows, 3*6)
	for k, f := range folds {
		fx, fl := take(x, labels, f.Train)
		h := byHand(t, s, r.Loss, key, 0, fx, fl, testX, testLabels).steps(r.Steps)
		separated += mapAtR(h.scores()) / 3
		e := h.embeddings()
		for i := range e.Rows {
			length := 0.0
			for _, v := range e.Row(i) {
				length = math.Hypot(length, float64(v))
			}
			for c, v := range e.Row(i) {
				wide.Row(i)[6*k+c] = float32(float64(v) / length)
			}
		}
	}
	scores := scoresOf(t, wide, testLabels)
	got := r.Ensembles
	if math.Abs(got[results.Separated]["map_at_r"]-separated) > 1e-12 || math.Abs(got[results.Concatenated]["map_at_r"]-mapAtR(scores)) > 1e-6 {
		t.Errorf("MAP@R separated %v, concatenated %v; by hand %v, %v", got[results.Separated]["map_at_r"], got[results.Concatenated]["map_at_r"], separated, mapAtR(scores))
	}
	if got[results.Concatenated]["map_at_r"] == got[results.Separated]["map_at_r"] {
		t.Error("the ensembles are the same: the case says little")
	}
}

// A row may have an optimizer of its own, which its id and its caption know.
func TestRowOptimizer(t *testing.T) {
	s, dir := holdoutSpec(t, "protocol=fixed", "seeds=1", "baselines=none", "losses=[contrastive, {name: contrastive, optimizer: {lr: 0.5}}]"), t.TempDir()
	if out, err := runInto(t.Context(), t, dir, s, 1, nil); err != nil || len(out.Failed) > 0 {
		t.Fatal(out, err)
	}
	x, labels, testX, testLabels, key := heldData(t, s)
	for _, r := range recordsOf(t, dir) {
		lr := 0.03
		if r.Label == "Contrastive, adam lr 0.5" {
			lr = 0.5
		}
		s.Datasets[0].Optimizer.LR = lr
		want := byHand(t, s, "contrastive", key, 0, x, labels, testX, testLabels).steps(7).scores()
		if r.Metrics["map_at_r"] != mapAtR(want) || strings.Contains(r.Params, "lr 0.5") != (lr == 0.5) {
			t.Errorf("%s (%s): MAP@R %v, want %v", r.Label, r.Params, r.Metrics["map_at_r"], mapAtR(want))
		}
	}
}

// rPrecision is R-precision, expected over the orders of ties.
func rPrecision(s *retrieval.Scores) float64 {
	r, _ := s.RPrecision()
	return r.Expected
}
