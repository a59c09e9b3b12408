package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// byLabel runs a spec and returns its records by label, the seeds in order.
func byLabel(t *testing.T, s *spec.Spec) map[string][]results.Record {
	t.Helper()
	dir := t.TempDir()
	out, err := runInto(t.Context(), t, dir, s, 2, &silence{})
	if err != nil || len(out.Failed) > 0 || out.Done != out.Runs {
		t.Fatalf("outcome %+v, error %v", out, err)
	}
	rs := map[string][]results.Record{}
	for _, r := range records(t, dir) {
		rs[r.Label] = append(rs[r.Label], r)
	}
	for _, r := range rs {
		slices.SortFunc(r, func(a, b results.Record) int { return int(a.Seed) - int(b.Seed) })
	}

	return rs
}

func sameMetrics(t *testing.T, what string, got, want results.Record) {
	t.Helper()
	if len(got.Metrics) == 0 {
		t.Errorf("%s: nothing was measured", what)
	}
	for name, w := range want.Metrics {
		if got.Metrics[name] != w {
			t.Errorf("%s: %s = %v, want %v", what, name, got.Metrics[name], w)
		}
	}
}

// The oracle of untrained is a training that moves nothing: an SGD step of 1e-300 is 0 in
// float32. Every start is held against it, to the bit, and a random one for every seed.
func TestUntrainedIsTheHeadAsItStarts(t *testing.T) {
	for _, head := range []string{
		"none", "{name: linear}", "{name: linear, dim: 3}", "{name: linear, dim: 4, init: pca}", "{name: linear, init: whitened}",
		"{name: linear, dim: 5, init: orthogonal, decay_to_init: 0.5}",
	} {
		rs := byLabel(t, tinySpec(t, "head="+head, "losses=contrastive", "baselines=[frozen, untrained]", "preprocess=[l2, center]",
			"optimizer={name: sgd, lr: 1e-300}", "steps=2"))
		trained, untrained := rs["Contrastive"], rs["untrained"]
		want := 1
		if strings.Contains(head, "orthogonal") {
			want = 2
		}
		if len(untrained) != want || len(trained) != 2 {
			t.Fatalf("%s: %d runs untrained, %d trained, want %d and 2", head, len(untrained), len(trained), want)
		}

		for k, u := range untrained {
			sameMetrics(t, fmt.Sprintf("%s, seed %d", head, k), u, trained[k])
			if u.Kind != results.KindBaseline || u.Preprocess != "l2, center" || u.Steps != 0 || u.Seed != trained[k].Seed {
				t.Errorf("%s: record %+v", head, u)
			}
		}

		if want == 2 && untrained[0].Metrics["map_at_r"] == untrained[1].Metrics["map_at_r"] {
			t.Errorf("%s: two seeds start alike", head)
		}
	}
}

// A head from the identity that is not moved yet gives the features as they are after
// their preprocessing, and from a whitened start the whitening: the baselines of the same
// name are where the trained rows start. Raw is what no step has touched.
func TestBaselinesArePreprocessed(t *testing.T) {
	const all = "baselines=[raw, frozen, whitening, untrained]"
	plain := byLabel(t, tinySpec(t, "losses=contrastive", all, "preprocess=[]", "steps=1"))
	sameMetrics(t, "frozen without steps", plain["frozen"][0], plain["raw features"][0])
	if p := plain["frozen"][0].Preprocess; p != "none" {
		t.Errorf("without steps the record says %q, want none", p)
	}

	centred := byLabel(t, tinySpec(t, "losses=contrastive", all, "preprocess=center", "steps=1"))
	sameMetrics(t, "frozen, centred", centred["frozen"][0], centred["untrained"][0])
	sameMetrics(t, "raw beside preprocessed rows", centred["raw features"][0], plain["raw features"][0])
	if centred["frozen"][0].Metrics["map_at_r"] == plain["frozen"][0].Metrics["map_at_r"] {
		t.Error("centring does not reach the baseline frozen")
	}
	if raw, frozen := centred["raw features"][0].Preprocess, centred["frozen"][0].Preprocess; raw != "none" || frozen != "center" {
		t.Errorf("records say raw %q, frozen %q", raw, frozen)
	}

	whitened := byLabel(t, tinySpec(t, "losses=contrastive", all, "preprocess=[l2, center]", "head={init: whitened}", "steps=1"))
	for _, m := range []string{"recall@1", "map_at_r"} {
		if a, b := whitened["whitening"][0].Metrics[m], whitened["untrained"][0].Metrics[m]; math.Abs(a-b) > 1e-12 {
			t.Errorf("%s: whitening %v, the whitened start %v", m, a, b)
		}
	}
}

// A baseline of features without steps is the run that it was before steps reached
// baselines: its settings, and so its id, have no new key.
func TestBaselineSettingsStay(t *testing.T) {
	settings := func(override, label string) string {
		s := tinySpec(t, "losses=contrastive", "baselines=[raw, frozen, untrained]", override)
		data, err := load(&s.Datasets[0])
		if err != nil {
			t.Fatal(err)
		}

		for _, c := range plannedRuns(s) {
			if c.Label() == label {
				set, err := data.settings(c)
				if err != nil {
					t.Fatal(err)
				}
				_, set2, _ := strings.Cut(string(set), `"baseline":`)
				before, _, _ := strings.Cut(set2, `,"dataset"`)
				return before
			}
		}

		t.Fatalf("no row %s", label)
		return ""
	}

	for _, c := range []struct{ override, label, want string }{
		{"preprocess=[]", "frozen", `{"dim":0,"name":"frozen"}`},
		{"preprocess=[l2]", "frozen", `{"dim":0,"name":"frozen","preprocess":["l2"]}`},
		{"preprocess=[l2]", "raw features", `{"dim":0,"name":"raw"}`},
		{"preprocess=[l2]", "untrained",
			`{"dim":0,"head":{"decay_to_init":0,"dim":0,"init":"identity","name":"linear"},"name":"untrained","preprocess":["l2"]}`},
	} {
		if got := settings(c.override, c.label); got != c.want {
			t.Errorf("%s, %s: settings %s, want %s", c.override, c.label, got, c.want)
		}
	}

	// How a training is pulled back says nothing of where it starts.
	if a, b := settings("head.decay_to_init=0.5", "untrained"), settings("preprocess=center", "untrained"); a != b {
		t.Errorf("decay to the start makes another start: %s, %s", a, b)
	}
}

// single writes 5 training classes of one row and 2 test classes of two.
func single(t *testing.T) string {
	t.Helper()
	x := []float32{1, 0, 0, 1, -1, 0, 0, -1, 1, 1, 2, 1, 2, 1.5, -1, 2, -1, 2.5}
	y := []int64{0, 1, 2, 3, 4, 5, 5, 6, 6}
	return fmt.Sprintf("name: d\ndatasets: [{name: d, features: %s, labels: %s, split: {train_classes: 5}}]\nsteps: 3\nseeds: 1\n",
		writeNPY(t, "x.npy", []int{9, 2}, x), writeNPY(t, "y.npy", []int{9}, y))
}

// Classes of one row leave nothing to fit a whitening on, and no positives but copies.
// The run says both and is done; a start from the whitening is refused before anything
// runs.
func TestClassesOfOneRow(t *testing.T) {
	text := single(t) + "losses: [multi_similarity]\nsampler: {classes: 4, per_class: 2}\nmetrics: {recall_at: [1]}\n"
	s, err := parseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	rs := byLabel(t, s)
	if w := rs["whitening"]; len(w) > 0 {
		t.Errorf("a whitening of these rows: %+v", w)
	}
	const leftOut = "the baseline whitening is left out: it needs a training class with two different rows, and there is none"
	const copies = "5 of 5 training classes have one row: their only positives are copies of it"
	ms := rs["Multi-Similarity"][0]
	if !slices.Equal(ms.Warnings, []string{copies, leftOut}) {
		t.Errorf("warnings %q, want %q and %q", ms.Warnings, copies, leftOut)
	}
	if len(ms.Diagnoses) > 0 {
		t.Errorf("diagnoses %v point away from the cause", ms.Diagnoses)
	}

	s, err = parseSpec(text, "head.init=whitened")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := runInto(t.Context(), t, t.TempDir(), s, 1, &silence{}); err == nil ||
		!strings.Contains(err.Error(), "head.init=whitened: the start whitened of the head needs a training class with two different rows, and there is none; take another head.init") {
		t.Errorf("a whitened start: error %v", err)
	}
}

// A PCA has at most one dimension less than rows. The default gives way, and a number
// that is given is refused.
func TestPCAOfFewRows(t *testing.T) {
	// 4 training rows in 8 dimensions.
	x, y := make([]float32, 0, 9*8), []int64{0, 0, 1, 1, 2, 2, 2, 3, 3}
	for i := range 9 {
		for k := range 8 {
			x = append(x, float32(math.Sin(float64(3*i+5*k*k+1))))
		}
	}

	text := fmt.Sprintf("name: d\ndatasets: [{name: d, features: %s, labels: %s, split: {train_classes: 2}}]\nsteps: 1\nseeds: 1\nsampler: {classes: 2, per_class: 2}\n",
		writeNPY(t, "x.npy", []int{9, 8}, x), writeNPY(t, "y.npy", []int{9}, y))
	s, err := parseSpec(text + "baselines: [pca]\nlosses: [contrastive]\n")
	if err != nil {
		t.Fatal(err)
	}
	rs := byLabel(t, s)
	if len(rs["PCA to 3"]) != 1 || len(rs["PCA to 3"][0].Metrics) == 0 {
		t.Errorf("rows %v: want PCA to 3", rs)
	}

	for _, c := range []struct{ baselines, head, want string }{
		{"[{name: pca, dim: 5}]", "head={dim: 3, init: pca}", "pca of d is to have 5 dimensions, and 4 training rows of 8 features have at most 3"},
		{"none", "head={dim: 4, init: pca}", "the start pca of the head is to have 4 dimensions, and 4 training rows of 8 features have at most 3"},
	} {
		s, err = parseSpec(text+"baselines: "+c.baselines+"\nlosses: [contrastive]\n", c.head)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := runInto(t.Context(), t, t.TempDir(), s, 1, &silence{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, %s: error %v, want %q", c.baselines, c.head, err, c.want)
		}
	}
}
