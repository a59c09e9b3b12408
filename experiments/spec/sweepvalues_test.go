package spec

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gpwbench/experiments/protocol"
	"gpwbench/losses"
)

// Values that YAML has no form for are refused with their path, and nothing panics.
func TestSweepValuesRefused(t *testing.T) {
	endless := map[string]any{"name": "linear"}
	endless["dim"] = endless
	for _, c := range []struct {
		value any
		want  string
	}{
		{make(chan int), "sweep.optimizer.lr: a value is a chan int; give words"},
		{func() {}, "a value is a func()"},
		{endless, "a value is more than 8 lists or mappings deep"},
		{[]any{1, struct{}{}}, "a value is a struct {}"},
	} {
		s := builtSweep(t, c.value)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T: %v, want %s", c.value, err, c.want)
		}
	}
	if err := builtSweep(t, 1e-3).Check(); err != nil {
		t.Errorf("a number is refused: %v", err)
	}
}

// A product above the bound is refused from the counts, before a value is read: here none
// of the values is right. What one key may have is read in little time.
func TestSweepCounts(t *testing.T) {
	long := "[" + strings.TrimSuffix(strings.Repeat("xyz, ", 90_000), ", ") + "]"
	start := time.Now()
	_, err := parse(minimal, "sweep.optimizer.lr="+long)
	if e := new(SpecError); !errors.As(err, &e) || len(e.Problems) != 1 || !strings.Contains(err.Error(), "the sweep has more than 10000 variants") {
		t.Errorf("90,000 values: %.300v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("90,000 values took %v", took)
	}
	_, err = parse(minimal, "sweep.optimizer.lr="+long[:600]+"x]", "sweep.steps="+long[:600]+"x]")
	if err == nil || !strings.Contains(err.Error(), "the sweep has more than 10000 variants") {
		t.Errorf("two keys: %.300v", err)
	}

	s := builtSweep(t, 1e-3)
	s.Sweep[0].Values = slices.Repeat([]any{make(chan int)}, 10_001)
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "built: sweep: the sweep has more than 10000 variants") {
		t.Errorf("a built sweep: %.300v", err)
	}
	s.Sweep[0].Values = []any{1, 2.5, 1.0}
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "optimizer.lr has this value twice") {
		t.Errorf("1 and 1.0: %v", err)
	}
}

// A protocol that a program builds has the default of a word that it does not give.
func TestBuiltHoldout(t *testing.T) {
	s := builtSweep(t, 1e-3)
	s.Datasets[0].Protocol = protocol.Holdout{Folds: 4, Every: 10, Metric: "map_at_r"}
	checked, err := s.Checked()
	if err != nil {
		t.Fatal(err)
	}
	if p := checked.Datasets[0].Protocol.(protocol.Holdout); p.Ensemble != protocol.EnsembleNone {
		t.Errorf("the ensemble is %q", p.Ensemble)
	}
}

// builtSweep sweeps the rate over one value.
func builtSweep(t *testing.T, value any) *Spec {
	t.Helper()
	s := New("built")
	d := NewDataset("cub")
	d.Synthetic = "cub"
	s.Datasets = []Dataset{d}
	c, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		t.Fatal(err)
	}
	s.Losses = []Row{NewRow(c)}
	s.Sweep = []SweepKey{{Path: "optimizer.lr", Values: []any{value}}}
	return s
}
