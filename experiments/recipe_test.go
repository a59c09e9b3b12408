package experiments

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"gpwbench/results"
)

// trainingKeys are the keys of the training settings of a run, and its head in tables.
func trainingKeys(t *testing.T, rs []results.Record) (keys []string, head string) {
	t.Helper()
	var set struct {
		Training map[string]any `json:"training"`
	}
	if err := json.Unmarshal(rs[0].Settings, &set); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(set.Training)), rs[0].Head
}

// A recipe's settings enter the id of a run and the head's caption, and settings that do
// nothing enter neither.
func TestRecipeInRecords(t *testing.T) {
	const rows = "losses=contrastive"
	plain := byLabel(t, tinySpec(t, rows, "seeds=1"))["Contrastive"]
	keys, head := trainingKeys(t, plain)
	if want := []string{"head", "optimizer", "preprocess", "protocol", "sampler", "steps"}; !slices.Equal(keys, want) {
		t.Errorf("without a recipe the settings are %v, want %v", keys, want)
	}

	for overrides, want := range map[string]struct{ key, caption string }{
		"augment={dropout: 0.1, noise: 0.2, mix: 0.5}": {"augment", "dropout 0.1, noise 0.2, mix 0.5"},
		"augment={mix: 0.5}":                           {"augment", "mix 0.5"},
		"average={decay: 0.9}":                         {"average", "average 0.9"},
		"average.decay=0":                              {"", ""},
		"augment={dropout: 0, mix: 0}":                 {"", ""},
	} {
		changed := byLabel(t, tinySpec(t, rows, "seeds=1", overrides))["Contrastive"]
		got, caption := trainingKeys(t, changed)
		if want.key == "" {
			if changed[0].ID != plain[0].ID {
				t.Errorf("%s: another id", overrides)
			}
			continue
		}
		if changed[0].ID == plain[0].ID || !slices.Contains(got, want.key) {
			t.Errorf("%s: the id is the same, or the settings %v lack %s", overrides, got, want.key)
		}
		if caption != head+", "+want.caption {
			t.Errorf("%s: head %q, want %q and %q", overrides, caption, head, want.caption)
		}
		if want.key == "augment" && maps.Equal(changed[0].Metrics, plain[0].Metrics) && changed[0].Trajectory[0].Loss == plain[0].Trajectory[0].Loss {
			t.Errorf("%s: trained as without", overrides)
		}
		if d, p := changed[0].Drawn, plain[0].Drawn; d.Rows != p.Rows || d.Classes != p.Classes {
			t.Errorf("%s: drew %+v, without %+v", overrides, d, p)
		}
	}
}

// What a row cannot be trained with is refused before anything runs.
func TestRecipeRefused(t *testing.T) {
	for _, c := range []struct {
		overrides []string
		want      string
	}{
		{[]string{"augment={mix: 0.5}", "losses=proxy_anchor"}, "augment={mix: 0.5}: Proxy-Anchor on tiny: augment.mix makes classes of its own, which have no proxies: set augment.mix to 0"},
		{[]string{"augment={mix: 0.5}", "losses=hierarchical_triplet.training_tree"}, "which the loss does not know: it observes the training classes once an epoch: set augment.mix to 0"},
		{[]string{"augment.noise=0.5", "head=none", "losses=contrastive"}, "augment.noise=0.5: Contrastive on tiny: augment changes what a head is trained on, and head none trains nothing: leave augment out"},
		{[]string{"head={name: residual, hidden: 9}", "losses=contrastive"}, "head={name: residual, hidden: 9}: the head is to have 9 hidden units, and the features of tiny have 8 dimensions; lower head.hidden, or leave it out for as many as head.dim"},
		{[]string{"average.decay=0.5", "head=none", "losses=contrastive"}, "average.decay=0.5: average is of the weights of a head, and tiny has head none; leave average out"},
	} {
		err := refused(t, tinySpec(t, c.overrides...))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error\n%v, want\n%s", c.overrides, err, c.want)
		}
	}
}

// Heads with hidden units are trained, and start as the linear head: one row is the start
// of all of them.
func TestRecipeHeads(t *testing.T) {
	const start = "linear 8→5, pca"
	s := tinySpec(t, "losses=contrastive", "seeds=1", "baselines=untrained", "steps=40", "sweep={head.name: [linear, residual, mlp], head.init: pca, head.dim: 5}")
	rs := byLabel(t, s)
	if len(rs["untrained"]) != 1 || rs["untrained"][0].Head != start {
		t.Fatalf("%d rows are the start: %+v", len(rs["untrained"]), rs["untrained"])
	}
	heads := map[string]results.Record{}
	for _, r := range rs["Contrastive"] {
		heads[r.Head] = r
	}
	for _, head := range []string{start, "residual 8→5, 5 hidden, pca", "mlp 8→5, 10 hidden, pca"} {
		r, ok := heads[head]
		if !ok {
			t.Fatalf("no row has the head %q: %v", head, slices.Collect(maps.Keys(heads)))
		}
		first, last := r.Trajectory[0].Loss, r.Trajectory[len(r.Trajectory)-1].Loss
		if !(last < first) {
			t.Errorf("%s: the loss went from %v to %v", head, first, last)
		}
	}
}
