package spec

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"gpwbench/losses"
)

// Every variant is what the same settings are as overrides, and the last key varies
// fastest.
func TestVariantsAreOverrides(t *testing.T) {
	s, err := parse(several+`optimizer: {lr: 1e-4}
head: {dim: 16}
sweep:
  optimizer.lr: [1e-5, 3e-5]
  losses.multi_similarity.weighting.params.beta: [10, 20, 40]
  datasets.b.head: [none, {dim: 8, init: pca}]
  preprocess: [[l2, center], []]
  losses.MS, v1.5, β=20.params.beta: 60
`, "steps=7")
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Variants()
	if err != nil {
		t.Fatal(err)
	}

	k := 0
	for _, lr := range []string{"1e-5", "3e-5"} {
		for _, beta := range []string{"10", "20", "40"} {
			for _, head := range []string{"none", "{dim: 8, init: pca}"} {
				for _, steps := range []string{"[l2, center]", "[]"} {
					want, err := parse(several+"optimizer: {lr: 1e-4}\nhead: {dim: 16}\n", "steps=7", "optimizer.lr="+lr,
						"losses.multi_similarity.weighting.params.beta="+beta, "datasets.b.head="+head, "preprocess="+steps, "losses.MS, v1.5, β=20.params.beta=60")
					if err != nil {
						t.Fatal(err)
					}
					checkSameSpec(t, all[k].Spec, want)
					k++
				}
			}
		}
	}
	if len(all) != k {
		t.Errorf("%d variants, want %d", len(all), k)
	}

	got := SweptText(all[5].Swept)
	if want := "optimizer.lr 1e-5, losses.multi_similarity.weighting.params.beta 20, datasets.b.head none, preprocess none, losses.MS, v1.5, β=20.params.beta 60"; got != want {
		t.Errorf("variant 5 has %s, want %s", got, want)
	}
}

// checkSameSpec compares what two specs ask for.
func checkSameSpec(t *testing.T, got, want *Spec) {
	t.Helper()
	g, w := got.Clone(), want.Clone()
	g.origin, w.origin, g.Hints, w.Hints = nil, nil, nil, nil
	for _, s := range []*Spec{g, w} { // a spec of formulas holds functions
		for k := range s.Losses {
			if s.Losses[k].Choice.Spec.Family == losses.Formulas {
				s.Losses[k].Choice = losses.Choice{}
			}
		}
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("got the spec\n%+v\nwant\n%+v", g, w)
	}
}

// The command line adds keys to a sweep, changes their values, and takes the sweep away.
func TestSweepOnCommandLine(t *testing.T) {
	const file = minimal + "sweep: {steps: [3, 4], head.dim: [8, 16]}\n"
	for _, c := range []struct {
		overrides []string
		want      []SweepKey
	}{
		{[]string{"sweep.optimizer.lr=[1e-5, 1e-4]"}, []SweepKey{{"steps", []any{3, 4}}, {"head.dim", []any{8, 16}}, {"optimizer.lr", []any{1e-5, 1e-4}}}},
		{[]string{"sweep.steps=5,6,7"}, []SweepKey{{"steps", []any{5, 6, 7}}, {"head.dim", []any{8, 16}}}},
		{[]string{"sweep.losses.contrastive.params.lambda=0.25"}, []SweepKey{{"steps", []any{3, 4}}, {"head.dim", []any{8, 16}}, {"losses.contrastive.params.lambda", []any{0.25}}}},
		{[]string{"sweep={}"}, nil},
		{[]string{"sweep={seed: 3}", "sweep={}"}, nil},
	} {
		s, err := parse(file, c.overrides...)
		if len(c.overrides) == 2 {
			if err == nil || !strings.Contains(err.Error(), "sweep is set before, by sweep={seed: 3}") {
				t.Errorf("%q: error %v", c.overrides, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", c.overrides, err)
			continue
		}
		if !reflect.DeepEqual(s.Sweep, c.want) {
			t.Errorf("%q: sweep %v, want %v", c.overrides, s.Sweep, c.want)
		}
		if again, err := parse(sourceOf(t, s)); err != nil || !reflect.DeepEqual(again.Sweep, c.want) {
			t.Errorf("%q: the kept source has the sweep %v (%v)", c.overrides, again, err)
		}
	}
}

// What is wrong with a sweep is said once, at its place.
func TestSweepErrors(t *testing.T) {
	for _, c := range []struct {
		sweep     string // line 8
		overrides []string
		want      string
	}{
		{"{optimizer.rl: [1]}", nil, `s.yaml:8:9: unknown key "rl" in optimizer (did you mean lr?); known: `},
		{"{optimiser.lr: [1]}", nil, `s.yaml:8:9: unknown key "optimiser" in the spec (did you mean optimizer?); known: `},
		{"{losses.contrastve.params.lambda: [1]}", nil, `s.yaml:8:9: no row of losses is called "contrastve" (did you mean contrastive?)`},
		{"{losses.contrastive.params.lamda: [1]}", nil, `s.yaml:8:9: unknown key "lamda" in the parameters of contrastive (did you mean lambda?)`},
		{"{datasets.c.head.dim: [1]}", nil, `s.yaml:8:9: no data set "c" to change`},
		{"{optimizer.lr: [1, -1]}", nil, `s.yaml:8:27: lr = -1 is outside `},
		{"{losses.contrastive.params.lambda: [0.5, 9, 0.7, x]}", nil, "s.yaml:8:49: lambda = 9 is outside [−1, 1]\ns.yaml:8:57: lambda must be a number, not \"x\""},
		{"{preprocess: [[l2], [centre]]}", nil, `s.yaml:8:29: unknown preprocess "centre" (did you mean center?)`},
		{"{steps: []}", nil, "s.yaml:8:16: steps has no values to sweep; write a list, such as [1, 2]"},
		{"{steps: }", nil, "s.yaml:8:16: steps has no values to sweep"},
		{"{steps: [3, 4, 3]}", nil, "s.yaml:8:23: steps has this value twice; remove one"},
		{"{optimizer.lr: [1e-4, 0.0001]}", nil, "s.yaml:8:30: optimizer.lr has this value twice; remove one"},
		{"{preprocess: [[l2], [l2]]}", nil, "s.yaml:8:28: preprocess has this value twice"},
		{"{head.dim: [3], steps: [4], head.dim: [5]}", nil, "s.yaml:8:36: head.dim is swept before, at s.yaml:8:9; remove one"},
		{"{head: [linear], head.dim: [5]}", nil, "s.yaml:8:25: head.dim and head, at s.yaml:8:9, set the same in part; sweep one of them"},
		{"{losses.contrastive.params.lambda: [0], losses.Contrastive.params.lambda: [1]}", nil, "s.yaml:8:48: losses.Contrastive.params.lambda is swept before, at s.yaml:8:9; remove one"},
		{"{steps: [3]}", []string{"steps=4"}, "s.yaml:8:9: steps is swept here and set by steps=4; leave one of them out"},
		{"{head.dim: [3]}", []string{"head={dim: 4}"}, "s.yaml:8:9: head.dim is swept here and set by head={dim: 4}; leave one of them out"},
		{"{head: [linear]}", []string{"head.dim=4"}, "s.yaml:8:9: head is swept here and set by head.dim=4; leave one of them out"},
		{"{losses.contrastive.params.lambda: [0]}", []string{"losses.Contrastive.params.lambda=0.1"}, "s.yaml:8:9: losses.contrastive.params.lambda is swept here and set by losses.Contrastive.params.lambda=0.1"},
		{"{datasets.a.steps: [5]}", []string{"datasets.a.steps=4"}, "s.yaml:8:9: datasets.a.steps is swept here and set by datasets.a.steps=4"},
		{"{optimizer.lr: [1], optimizer.name: [sgd]}", nil, "s.yaml:8:28: this sets all of optimizer anew, and optimizer.lr of the sweep before it would be lost; write it first"},
		{"{seeds: [1, 2]}", nil, "s.yaml:8:9: seeds is not swept: every variant runs with every seed; seeds: 5 sets their number"},
		{"{name: [x]}", nil, "s.yaml:8:9: name is not swept: it names the folder"},
		{"{datasets: [[]]}", nil, "datasets is not swept: list all data sets in datasets"},
		{"{losses: [[]]}", nil, "losses is not swept: list all losses in losses"},
		{"{baselines: [none]}", nil, "baselines is not swept: list all baselines in baselines"},
		{"{weights.at: [[0]]}", nil, "weights.at is not swept: it changes no number"},
		{"{metrics.clustering: [true]}", nil, "metrics.clustering is not swept: it changes no training"},
		{"{datasets.a.scale: [0.1, 0.2]}", nil, "s.yaml:8:9: datasets.a.scale is not swept: figures of other test rows are no sensitivity; list one data set for each value in datasets"},
		{"{datasets.a.split.train_classes: [4, 5]}", nil, "datasets.a.split.train_classes is not swept: figures of other test rows"},
		{"{losses.contrastive.label: [x]}", nil, "losses.contrastive.label is not swept: it is how the row"},
		{"{sweep.steps: [1]}", nil, "is not swept: a sweep holds no other"},
		{"{losses.contrastive: [1]}", nil, "s.yaml:8:9: a row is changed by its keys"},
		{"{\"\": [1]}", nil, `s.yaml:8:9: "" is no path of a setting; write it with points, such as optimizer.lr`},
		{"{steps=3: [1]}", nil, `"steps=3" is no path of a setting`},
		{"[steps]", nil, "s.yaml:8:8: sweep must be a mapping of paths to lists of values, such as {optimizer.lr: [1e-5, 1e-4]}"},
		{"none", nil, "s.yaml:8:8: sweep must be a mapping of paths"},
		{"{}", []string{"sweep.steps=[3, 0]"}, "sweep.steps=[3, 0]: steps = 0 is too small; at least 1"},
		{"{}", []string{"sweep.stepz=[3]"}, `sweep.stepz=[3]: unknown key "stepz" in the spec (did you mean steps?)`},
		{"{}", []string{"sweep.steps=3", "steps=4"}, "sweep.steps=3: steps is swept here and set by steps=4; leave one of them out"},
		{"{optimizer.name: [sgd, adam], optimizer.momentum: [0.5]}", nil, `s.yaml:8:38: in optimizer, momentum belongs to sgd, not to "adam": leave it out, or change the name; known: name, lr, weight_decay (with optimizer.name adam, optimizer.momentum 0.5)`},
		{"{steps: [" + numbers(101) + "], sampler.per_class: [" + numbers(100) + "]}", nil, "s.yaml:8:8: the sweep has more than 10000 variants, the product of the numbers of values"},
	} {
		_, err := parse(several+"sweep: "+c.sweep+"\n", c.overrides...)
		if e := new(SpecError); !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q: error %v, want %s", c.sweep, c.overrides, err, c.want)
		} else if n := strings.Count(c.want, "\n"); strings.Count(err.Error(), "\n") != n {
			t.Errorf("%s: error of %d lines, want %d: %v", c.sweep, 1+strings.Count(err.Error(), "\n"), n+1, err)
		}
	}
}

// numbers is a list of n numbers.
func numbers(n int) string {
	text := "2"
	for k := range n - 1 {
		text += ", " + strings.Repeat("1", 1+k%5) + string(rune('0'+k/5%10)) + string(rune('0'+k/50))
	}
	return text
}

// builtSpec is a spec of two data sets, which differ in a setting, and two losses.
func builtSpec(t *testing.T) *Spec {
	t.Helper()
	s := New("built")
	for _, name := range []string{"a", "b"} {
		d := NewDataset(name)
		d.Synthetic = "cub"
		s.Datasets = append(s.Datasets, d)
	}
	s.Datasets[1].Optimizer.WeightDecay = 0.5
	for _, name := range []string{"contrastive", "multi_similarity"} {
		c, err := losses.Choose(losses.Catalogue, name)
		if err != nil {
			t.Fatal(err)
		}
		s.Losses = append(s.Losses, NewRow(c))
	}
	return s
}

// A spec that a program builds has the variants that the spec as YAML has.
func TestSweepOfBuiltSpec(t *testing.T) {
	s := builtSpec(t)
	s.Sweep = []SweepKey{{"optimizer.lr", []any{1e-5, 1e-3}}, {"head.dim", []any{8, 16}}, {"losses.multi_similarity.params.beta", []any{10.0, 20.0}}}

	all, err := s.Variants()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 8 {
		t.Fatalf("%d variants, want 8", len(all))
	}
	for k, v := range all {
		lr, dim, beta := []float64{1e-5, 1e-3}[k/4], 8*(1+k/2%2), []float64{10, 20}[k%2]
		for j, d := range v.Datasets {
			want := s.Datasets[j].Settings
			want.Optimizer.LR, want.Head.Dim = lr, dim
			if !reflect.DeepEqual(d.Settings, want) {
				t.Errorf("variant %d, %s: settings %+v, want %+v", k, d.Name, d.Settings, want)
			}
		}

		choice, err := losses.Choose(losses.Catalogue, "multi_similarity")
		if err == nil {
			choice.Value, err = losses.With(choice.Value, "beta", beta)
		}
		if err != nil {
			t.Fatal(err)
		}
		if want := NewRow(choice); !reflect.DeepEqual(v.Losses[1], want) {
			t.Errorf("variant %d: row %+v, want %+v", k, v.Losses[1], want)
		}
	}

	again, err := parse(sourceOf(t, s))
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Sweep) != 3 || again.Sweep[1].Path != "head.dim" || !alike(again.Sweep[1].Values, s.Sweep[1].Values) {
		t.Errorf("the source has the sweep %v, want %v", again.Sweep, s.Sweep)
	}

	s.Sweep = append(s.Sweep, SweepKey{"head.dim", []any{3}})
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "head.dim is swept before") {
		t.Errorf("swept twice: error %v", err)
	}
	s.Sweep = []SweepKey{{"head.dim", nil}}
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "head.dim has no values to sweep") {
		t.Errorf("no values: error %v", err)
	}
}

// A setting that the data refuses is found at its place in the sweep.
func TestWhereInSweep(t *testing.T) {
	s, err := parse(several + "sweep: {sampler.classes: [4, 5000]}\n")
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Variants()
	if err != nil {
		t.Fatal(err)
	}
	if at := all[1].Where("datasets.1.sampler.classes"); at != "s.yaml:8:30" {
		t.Errorf("the setting is at %s, want s.yaml:8:30", at)
	}
}
