package experiments

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/train/config"
)

// pull is a loss of another program. Hidden is no parameter of it.
type pull struct {
	Scale  float64 `yaml:"scale" sym:"γ" in:"(0,inf)" doc:"scale"`
	Hidden float64
}

func (l pull) EvalAnchor(a *losses.Anchor) (sum, terms float64) {
	for k, s := range a.Pos {
		sum += l.Scale * (1 - s)
		a.GPos[k] = -l.Scale
	}
	return sum, 1
}

// ownLoss is a spec of one preset, and the choice of it.
func ownLoss(name, form string, value any) losses.Choice {
	s := &losses.Spec{
		Name: name, Title: "Own", Family: losses.Pairwise, Revision: 1,
		Presets: []losses.Preset{{Name: "gpw", Form: form, Value: value}},
	}
	return losses.Choice{Spec: s, Preset: "gpw", Value: value}
}

func chosen(t *testing.T, name string) losses.Choice {
	t.Helper()
	c, err := losses.Choose(append(slices.Clone(losses.Catalogue), losses.ProxyLosses...), name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// builtSpec is a small spec as a program builds it.
func builtSpec(rows ...spec.Row) *spec.Spec {
	d := spec.NewDataset("birds")
	d.Synthetic, d.Scale = "cub", 0.03
	d.Sampler.Classes, d.Steps = 3, 2
	s := spec.New("built")
	s.Datasets, s.Losses, s.Baselines, s.Seeds = []spec.Dataset{d}, rows, nil, 1
	return s
}

// A built spec and the YAML that its folder gets stand for the same runs, whatever the
// program left out: every id is there before the YAML runs.
func TestBuiltRunsAsItsYAML(t *testing.T) {
	contrastive := chosen(t, "contrastive")
	own := ownLoss("pull", "outside.Pull", pull{Scale: 2, Hidden: 3})
	changed := own
	changed.Value = pull{Scale: 5, Hidden: 3}
	for name, s := range map[string]*spec.Spec{
		"defaults": builtSpec(spec.NewRow(contrastive)),
		"own loss": builtSpec(spec.NewRow(own), spec.NewRow(changed)),
		"no label": builtSpec(spec.Row{Choice: contrastive}),
		"no proxies": builtSpec(spec.Row{Choice: chosen(t, "proxy_nca"), Label: "P"},
			spec.Row{Choice: chosen(t, "soft_triple"), Label: "S"}),
		"sweep": func() *spec.Spec {
			s := builtSpec(spec.Row{Choice: contrastive})
			s.Sweep = []spec.SweepKey{{Path: "optimizer.lr", Values: []any{1e-4, 1e-3}}}
			s.Datasets[0].Preprocess = nil
			return s
		}(),
		"settings": func() *spec.Spec {
			s := builtSpec(spec.NewRow(contrastive))
			d := &s.Datasets[0]
			d.Preprocess, d.Metrics.RecallAt, d.Split, d.Protocol = nil, []int{8, 1, 8}, spec.Split{}, nil
			d.Memory, d.Optimizer = config.Memory{}, config.Optimizer{Name: config.SGD, LR: 0.01}
			return s
		}(),
	} {
		dir := t.TempDir()
		first, err := Run(t.Context(), s, dir, Options{Workers: 2})
		if err != nil || first.Ran == 0 || len(first.Failed) > 0 {
			t.Errorf("%s: %+v, error %v", name, first, err)
			continue
		}
		source, err := os.ReadFile(filepath.Join(dir, "spec.yaml"))
		if err != nil {
			t.Fatal(err)
		}

		catalogue := append(slices.Clone(losses.Catalogue), *own.Spec)
		parsed, err := spec.Parse("spec.yaml", source, nil, catalogue)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := Run(t.Context(), parsed, dir, Options{Workers: 2})
		if err != nil || again.Ran != 0 || !slices.Equal(again.Plan.Runs, first.Plan.Runs) {
			t.Errorf("%s: the YAML ran %d runs more, error %v:\n%s", name, again.Ran, err, source)
		}
		for _, c := range PlannedRuns(s) {
			if c.Label() == "" || c.Protocol == nil || c.Row.Choice.Spec.Family == losses.Proxies && !c.Row.Proxies.InUse() {
				t.Errorf("%s: the planned run %+v lacks what runs", name, c)
			}
		}
	}
}

// A variant of a built spec is what its YAML says, too.
func TestBuiltVariants(t *testing.T) {
	all, err := builtSpec(spec.Row{Choice: chosen(t, "proxy_nca")}).Variants()
	if err != nil || len(all) != 1 || all[0].Losses[0].Label == "" || all[0].Losses[0].Proxies.PerClass != 1 {
		t.Errorf("variants %+v, error %v", all, err)
	}
}

// What a program got wrong is refused at its path before anything is written, by Check,
// DryRun, Run and Tune alike.
func TestBuiltRefused(t *testing.T) {
	contrastive := chosen(t, "contrastive")
	at := func(change func(s *spec.Spec)) *spec.Spec {
		s := builtSpec(spec.NewRow(contrastive))
		change(s)
		return s
	}
	hidden := ownLoss("pull", "outside.Pull", pull{Scale: 2})
	hidden.Value = pull{Scale: 2, Hidden: 3}
	nameless := contrastive
	nameless.Preset = ""
	noName := ownLoss("pull", "outside.Pull", pull{Scale: 2})
	noName.Preset, noName.Spec.Presets[0].Name = "", ""

	for want, s := range map[string]*spec.Spec{
		"built: datasets[0].optimizer.lr: lr = 0 is outside":  at(func(s *spec.Spec) { s.Datasets[0].Optimizer.LR = 0 }),
		"built: datasets[0].sampler.per_class: per_class = 0": at(func(s *spec.Spec) { s.Datasets[0].Sampler.PerClass = 0 }),
		"built: datasets[0].head.init: unknown init":          at(func(s *spec.Spec) { s.Datasets[0].Head = config.Head{Name: config.Linear} }),
		"built: datasets[0].split: unknown key":               at(func(s *spec.Spec) { s.Datasets[0].Split.TrainClasses = 2 }),
		"built: datasets[0].split.train_classes: ":            at(func(s *spec.Spec) { s.Datasets[0].Split = spec.Split{TrainClasses: -2} }),
		"built: datasets[0].memory.size: ":                    at(func(s *spec.Spec) { s.Datasets[0].Memory = config.Memory{Name: config.XBM} }),
		"built: datasets[0].protocol: a *protocol.Paper":      at(func(s *spec.Spec) { s.Datasets[0].Protocol = (*protocol.Paper)(nil) }),
		"built: losses[0].protocol: a *protocol.Paper":        at(func(s *spec.Spec) { s.Losses[0].Protocol = &protocol.Paper{Every: 7} }),
		"built: losses[0].optimizer.lr: lr = 0 is outside":    at(func(s *spec.Spec) { s.Losses[0].Optimizer = &config.Optimizer{Name: config.SGD} }),
		"built: losses[0]: its loss differs from that":        builtSpec(spec.NewRow(hidden)),
		"built: losses[0]: contrastive needs the name of a":   builtSpec(spec.NewRow(nameless)),
		"built: losses[0]: pull needs the name of a preset":   builtSpec(spec.NewRow(noName)),
		`built: losses[0]: the name of a loss must be`:        builtSpec(spec.NewRow(ownLoss("Own Loss!", "outside.Pull", pull{Scale: 2}))),
		"built: losses[0]: all stands for every loss":         builtSpec(spec.NewRow(ownLoss("all", "outside.Pull", pull{Scale: 2}))),
		"built: losses[1]: contrastive is the name of a":      builtSpec(spec.NewRow(contrastive), spec.NewRow(ownLoss("contrastive", "outside.Pull", pull{Scale: 2}))),
		"built: losses[0]: proxy_nca is the name of a":        builtSpec(spec.NewRow(ownLoss("proxy_nca", "outside.Pull", pull{Scale: 2}))),
		"built: losses[1]: pull is another loss than that of losses[0]": builtSpec(
			spec.NewRow(ownLoss("pull", "outside.Pull", pull{Scale: 2})), spec.Row{Choice: ownLoss("pull", "outside.Pull", pull{Scale: 3}), Label: "B"}),
	} {
		dir := filepath.Join(t.TempDir(), "out")
		_, dry := DryRun(t.Context(), s, dir, Options{})
		_, run := Run(t.Context(), s, dir, Options{})
		_, tune := Tune(t.Context(), s, dir, TuneOptions{Trials: 1})
		for call, err := range map[string]error{"Check": s.Check(), "DryRun": dry, "Run": run, "Tune": tune} {
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: error %v, want %s", call, err, want)
			}
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: something was written", want)
		}
	}
}

// Under the name of a built-in loss only that loss itself is taken for its preset, also
// from a catalogue of the caller's.
func TestAsPresetOfTheBuiltIn(t *testing.T) {
	forged := spec.NewRow(ownLoss("contrastive", "outside.Pull", pull{Scale: 2}))
	changed := spec.NewRow(ownLoss("contrastive", "losses.Contrastive", losses.Contrastive{Lambda: 0.1}))
	own := spec.NewRow(ownLoss("pull", "outside.Pull", pull{Scale: 2}))
	real := spec.NewRow(chosen(t, "contrastive"))
	if forged.AsPreset(nil) || changed.AsPreset(nil) || !own.AsPreset(nil) || !real.AsPreset(nil) {
		t.Error("another loss is the preset of the built-in one, or a preset is none")
	}

	catalogue := []losses.Spec{*forged.Choice.Spec}
	for _, rows := range []string{"all", "[contrastive]", "[{name: contrastive}]"} {
		source := "name: x\ndatasets: [{name: birds, synthetic: cub}]\nlosses: " + rows + "\n"
		_, err := spec.Parse("s.yaml", []byte(source), nil, catalogue)
		if err == nil || !strings.Contains(err.Error(), "contrastive is the name of a built-in loss") {
			t.Errorf("%s: error %v", rows, err)
		}
	}
}
