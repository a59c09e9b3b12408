package experiments

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"gpwbench/experiments/search"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/results"
)

func tuneInto(ctx context.Context, t *testing.T, dir string, s *spec.Spec, o TuneOptions) (*results.Tuning, error) {
	t.Helper()
	o.Revision = "test"
	return Tune(ctx, s, dir, o)
}

// stopAfter ends a context after a number of trials.
type stopAfter struct {
	noProgress
	left   atomic.Int64
	cancel context.CancelFunc
}

func (s *stopAfter) End(PlannedRun, error) {
	if s.left.Add(-1) == 0 {
		s.cancel()
	}
}

// A search gives the same bytes with any number of workers, and after interruptions.
func TestTuneSameBytes(t *testing.T) {
	s, whole := holdoutSpec(t), t.TempDir()
	if _, err := tuneInto(t.Context(), t, whole, s, TuneOptions{Trials: 12, Workers: 1}); err != nil {
		t.Fatal(err)
	}
	want := contents(t, whole)
	if len(want) < 24+5 {
		t.Fatalf("%d files, want 24 trials and their results", len(want))
	}

	many := t.TempDir()
	if _, err := tuneInto(t.Context(), t, many, s, TuneOptions{Trials: 12, Workers: 6}); err != nil {
		t.Fatal(err)
	}
	same(t, "6 workers", contents(t, many), want)

	cut := t.TempDir()
	for _, after := range []int64{1, 7, 16} {
		ctx, cancel := context.WithCancel(t.Context())
		stop := &stopAfter{cancel: cancel}
		stop.left.Store(after)
		if _, err := tuneInto(ctx, t, cut, s, TuneOptions{Trials: 12, Workers: 3, Progress: stop}); err == nil {
			t.Error("the search that was stopped ended")
		}
	}
	// And a trial that was cut by something else than gpw.
	trials, err := filepath.Glob(filepath.Join(cut, "trials", "*.json"))
	if err != nil || len(trials) == 0 {
		t.Fatalf("no trials were kept: %v", err)
	}
	if err := os.Truncate(trials[0], 100); err != nil {
		t.Fatal(err)
	}
	if _, err := tuneInto(t.Context(), t, cut, s, TuneOptions{Trials: 12, Workers: 3}); err != nil {
		t.Fatal(err)
	}
	same(t, "interrupted", contents(t, cut), want)
}

// A trial is worth what protocol holdout finds with its settings, and the tuned spec runs
// with them.
func TestTuneAgainstHoldout(t *testing.T) {
	s, dir := holdoutSpec(t, "seeds=1", "baselines=none"), t.TempDir()
	tuning, err := tuneInto(t.Context(), t, dir, s, TuneOptions{Trials: 8})
	if err != nil {
		t.Fatal(err)
	}

	runDir := t.TempDir()
	tuned, err := Open(filepath.Join(dir, results.TunedSpec("held")), nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := runInto(t.Context(), t, runDir, tuned, 1, nil); err != nil || len(out.Failed) > 0 {
		t.Fatal(out, err)
	}
	changed := false
	for _, r := range recordsOf(t, runDir) {
		for _, row := range tuning.Datasets[0].Rows {
			if row.Label != r.Label {
				continue
			}
			best := row.Trials[row.Best]
			if mean := r.Validation.Choose().Mean; math.Abs(mean-*best.Score) > 1e-12 || r.Steps != best.Steps {
				t.Errorf("%s: the run chose %d steps worth %v, the search %d worth %v", r.Label, r.Steps, mean, best.Steps, *best.Score)
			}
			changed = changed || row.Best > 0
			if *row.Trials[0].Score > *best.Score {
				t.Errorf("%s: the defaults are better than the best", r.Label)
			}
		}
	}
	if !changed {
		t.Error("no search found better than the defaults: the case says little")
	}
}

// What is searched can be set, for all rows or for one, and what cannot be is refused.
func TestTuneRanges(t *testing.T) {
	s := holdoutSpec(t, "baselines=none")
	tuning, err := tuneInto(t.Context(), t, t.TempDir(), s, TuneOptions{Trials: 6, Ranges: []Range{
		{Path: "optimizer.lr", Low: 0.01, High: 0.02}, {Path: "losses.multi_similarity.params.alpha", Fixed: true}, {Path: "losses.Multi-Similarity.params.beta", Low: 10, High: 20},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range tuning.Datasets[0].Rows {
		for k, r := range row.Searched {
			if r.Path == "params.alpha" && row.Loss == "multi_similarity" {
				t.Errorf("%s: alpha is fixed and searched", row.Label)
			}
			for n, trial := range row.Trials {
				if v := trial.Values[k]; n > 0 && (v < r.Low || v > r.High) || r.Path == "optimizer.lr" && r.High != 0.02 {
					t.Errorf("%s, trial %d: %s is %v, the range %v to %v", row.Label, n+1, r.Path, v, r.Low, r.High)
				}
			}
		}
	}

	for _, c := range []struct {
		ranges []Range
		want   string
	}{
		{[]Range{{Path: "params.alhpa", Low: 1, High: 2}}, "no row has the setting params.alhpa to search (did you mean params.alpha"},
		{[]Range{{Path: "params.alpha", Low: -1, High: 2}}, "params.alpha: the range from -1 to 2 is not within (0"},
		{[]Range{{Path: "params.alpha", Low: 1, High: math.Inf(1)}}, "params.alpha: the range from 1 to ∞ is infinite; give two finite bounds within (0, ∞)"},
		{[]Range{{Path: "optimizer.lr", Low: 0, High: math.Inf(1)}}, "optimizer.lr: the range from 0 to ∞ is infinite; give two finite bounds within (0, ∞)"},
		{[]Range{{Path: "losses.multi_similarity.params.alpha", Low: 2, High: 1}}, "losses.multi_similarity.params.alpha: the range from 2 to 1 is empty"},
		{[]Range{{Path: "params.alpha", Low: 1, High: 2}, {Path: "params.alpha", Fixed: true}}, "params.alpha has two ranges"},
	} {
		_, err := tuneInto(t.Context(), t, t.TempDir(), s, TuneOptions{Trials: 1, Ranges: c.ranges})
		if e := new(RangeError); !errors.As(err, &e) || e.Path != c.ranges[0].Path || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %s", c.ranges, err, c.want)
		}
	}

	histogram := holdoutSpec(t, "baselines=none", "losses=[histogram]")
	_, err = tuneInto(t.Context(), t, t.TempDir(), histogram, TuneOptions{Trials: 1, Ranges: []Range{{Path: "params.bins", Low: 20, High: 30.5}}})
	if e := new(RangeError); !errors.As(err, &e) || !strings.Contains(err.Error(), "params.bins: the range from 20 to 30.5 is of whole numbers; give whole bounds") {
		t.Errorf("a range of whole numbers: %v", err)
	}
}

// A parameter with an infinite domain and a default that gives no scale is searched where
// it has a range.
func TestTuneInfiniteDomain(t *testing.T) {
	ranked := holdoutSpec(t, "baselines=none", "losses=[ranked_list.common]")
	searched := map[int]bool{}
	for _, ranges := range [][]Range{nil, {{Path: "params.temp_pos", Low: 0, High: 5}}} {
		tuning, err := tuneInto(t.Context(), t, t.TempDir(), ranked, TuneOptions{Trials: 2, Ranges: ranges})
		if err != nil {
			t.Fatal(err)
		}
		row := tuning.Datasets[0].Rows[0]
		const why = "params.temp_pos: its domain [0, ∞) is infinite and its default 0 gives no scale; give it a range"
		if slices.Contains(row.Fixed, why) != (len(ranges) == 0) {
			t.Errorf("with %v: searched %v, fixed %q", ranges, row.Searched, row.Fixed)
		}
		searched[len(row.Searched)] = true
	}
	if len(searched) != 2 {
		t.Errorf("a range changes nothing of what is searched: %v", searched)
	}
}

// A trial that fails is kept as such, and the search goes on.
func TestTuneFailedTrials(t *testing.T) {
	s, dir := holdoutSpec(t, "losses=[contrastive]", "optimizer={name: sgd, lr: 1e300}"), t.TempDir()
	tuning, err := tuneInto(t.Context(), t, dir, s, TuneOptions{Trials: 6, Ranges: []Range{{Path: "optimizer.lr", Low: 1e-3, High: 1e300}}})
	if err != nil {
		t.Fatal(err)
	}
	row := tuning.Datasets[0].Rows[0]
	if first := row.Trials[0]; first.Score != nil || first.Failed == "" || first.BestSoFar != nil {
		t.Errorf("a rate of 1e300 gave %+v", first)
	}
	if row.Best < 1 {
		t.Errorf("the best is trial %d", row.Best)
	}
}

// Nothing to tune, and what has no folds, is refused.
func TestTuneRefused(t *testing.T) {
	for _, c := range []struct {
		overrides []string
		trials    int
		want      string
	}{
		{nil, 0, "0 trials: take 1 or more"},
		{[]string{"head=none"}, 1, "head=none: held: head none has nothing to tune; give it a head that is trained"},
		{[]string{"losses=[]"}, 1, "losses=[]: the spec has no losses to tune: give it some, such as losses: [contrastive, multi_similarity]"},
		{[]string{"sweep.protocol.metric=[map_at_r, recall@1]"}, 1, "held with protocol.metric recall@1 is judged by recall_expected@1 on 3 folds, and held with protocol.metric map_at_r by map_at_r on 3 folds, which do not compare"},
		{[]string{"protocol.folds=20"}, 1, "lower protocol.folds to 6"},
	} {
		_, err := tuneInto(t.Context(), t, t.TempDir(), holdoutSpec(t, c.overrides...), TuneOptions{Trials: c.trials})
		if e := new(spec.SpecError); c.trials > 0 && (!errors.As(err, &e) || len(e.Problems) != 1) {
			t.Errorf("%v: %T %v, want one problem of the spec", c.overrides, err, err)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %s", c.overrides, err, c.want)
		}
	}
}

// Every variant of a sweep is a row, judged on held-out classes alone.
func TestTuneSweep(t *testing.T) {
	s := holdoutSpec(t, "losses=[contrastive]", "sweep.preprocess=[[center], [l2, center]]", "sweep.head.decay_to_init=[0, 10]")
	tuning, err := tuneInto(t.Context(), t, t.TempDir(), s, TuneOptions{Trials: 1})
	if err != nil {
		t.Fatal(err)
	}
	rows := tuning.Datasets[0].Rows
	if len(rows) != 4 || !strings.Contains(rows[3].Label, "Contrastive (preprocess") {
		t.Fatalf("%d rows, the last %q", len(rows), rows[len(rows)-1].Label)
	}
	one := holdoutSpec(t, "losses=[contrastive]", "preprocess=[l2, center]", "head.decay_to_init=10", "seeds=1", "baselines=none")
	dir := t.TempDir()
	if out, err := runInto(t.Context(), t, dir, one, 1, nil); err != nil || len(out.Failed) > 0 {
		t.Fatal(out, err)
	}
	if want := recordsOf(t, dir)[0].Validation.Choose().Mean; *rows[3].Trials[0].Score != want {
		t.Errorf("the variant is worth %v, its run %v", *rows[3].Trials[0].Score, want)
	}
}

// A row stands once for the values of the keys that change it: neither the rate of one
// data set nor the parameter of another loss multiplies it.
func TestTuneSweepOfSomeRows(t *testing.T) {
	s := holdoutSpec(t, "losses=[contrastive, triplet]", "sweep.losses.triplet.params.margin=[0.1, 0.2, 0.3]")
	tuning, err := tuneInto(t.Context(), t, t.TempDir(), s, TuneOptions{Trials: 1})
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, row := range tuning.Datasets[0].Rows {
		labels = append(labels, row.Label)
	}
	want := []string{
		"Contrastive", "Triplet (losses.triplet.params.margin 0.1)",
		"Triplet (losses.triplet.params.margin 0.2)", "Triplet (losses.triplet.params.margin 0.3)",
	}
	if !slices.Equal(labels, want) {
		t.Errorf("rows %q, want %q", labels, want)
	}
}

// A best value in the outermost twentieth of its range, on its scale, is told, but not where
// the domain ends there, nor of a head that is not trained.
func TestNearEnds(t *testing.T) {
	positive := losses.Domain{LowOpen: true, High: math.Inf(1), HighOpen: true}
	s := &rowSpace{
		space: search.Space{
			{Path: "scale", Low: 0.1, High: 10, Log: true}, {Path: "middle", Low: 0.1, High: 10, Log: true},
			{Path: "part", Low: 0, High: 1}, {Path: "closed", Low: 0, High: 0.5},
		},
		domains: []losses.Domain{positive, positive, {High: 1}, {High: 1}},
	}
	row := results.TunedRow{Trials: []results.TunedTrial{{Steps: 0, Values: []float64{9.56, 7.9, 1, 0.01}}, {Steps: 3, Values: []float64{9.56, 7.9, 1, 0.49}}}}
	if near := s.nearEnds(row); near != nil {
		t.Errorf("of an untrained head: %v", near)
	}
	row.Best = 1
	want := []results.NearEnd{{Path: "scale", Value: 9.56, Low: 0.1, High: 10}, {Path: "closed", Value: 0.49, Low: 0, High: 0.5}}
	if near := s.nearEnds(row); !slices.Equal(near, want) {
		t.Errorf("%v, want %v", near, want)
	}
	row.Trials[1].Values[3] = 0.01 // the domain ends at 0
	if near := s.nearEnds(row); !slices.Equal(near, want[:1]) {
		t.Errorf("%v, want %v", near, want[:1])
	}
}
