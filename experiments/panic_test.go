package experiments

import (
	"strings"
	"testing"

	"gpwbench/experiments/spec"
	"gpwbench/losses"
)

// A loss of another module may have a fault.
type faulty struct{}

func (faulty) EvalAnchor(a *losses.Anchor) (sum, terms float64) { return a.Pos[len(a.Pos)], 1 }

// A loss that panics fails its run, and the others go on. A protocol that is not given is
// the default one.
func TestLossThatPanics(t *testing.T) {
	mine := losses.Spec{
		Name: "faulty", Title: "Faulty", Family: losses.Pairwise, Revision: 1,
		Presets: []losses.Preset{{Name: "a", Form: "faulty", Value: faulty{}}},
	}
	choice, err := losses.Choose([]losses.Spec{mine}, "faulty")
	if err != nil {
		t.Fatal(err)
	}
	s := tinySpec(t, "seeds=1", "losses=[contrastive]", "baselines=none")
	s.Losses = append(s.Losses, spec.NewRow(choice))
	s.Datasets[0].Protocol = nil

	out, err := Run(t.Context(), s, t.TempDir(), Options{Workers: 2})
	if err != nil || out.Done != 1 || len(out.Failed) != 1 || !strings.Contains(out.Failed[0], "Faulty, fixed, seed 0: the run panicked: ") {
		t.Errorf("outcome %+v, error %v, want one run done and one failed", out, err)
	}
	if _, err := Run(t.Context(), nil, t.TempDir(), Options{}); err == nil {
		t.Error("a run without a spec")
	}
}

// So it is in a search, where it is a failed trial. Tags that cannot be read are refused
// at the row.
func TestLossThatPanicsIsTuned(t *testing.T) {
	c := ownLoss("faulty", "faulty", faulty{})
	s := builtSpec(spec.NewRow(c))
	s.Datasets[0].Scale = 0.1 // classes enough for the folds
	tuning, err := Tune(t.Context(), s, t.TempDir(), TuneOptions{Trials: 1, Workers: 2})
	if err != nil || !strings.Contains(tuning.Datasets[0].Rows[0].Trials[0].Failed, "the run panicked: ") {
		t.Errorf("tuning %+v, error %v", tuning, err)
	}

	type untagged struct {
		faulty
		M float64 `yaml:"m"`
	}
	err = builtSpec(spec.NewRow(ownLoss("faulty", "faulty", untagged{M: 1}))).Check()
	if err == nil || !strings.HasPrefix(err.Error(), "built: losses[0].name: losses: the field M of experiments.untagged has no tag in") {
		t.Errorf("error %v", err)
	}
}
