package spec

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"gpwbench/losses"
)

// Every shipped spec, written as YAML from its values, means the same: a spec that a
// program builds is then as good as one that is parsed.
func TestBuiltIsParsed(t *testing.T) {
	files, err := filepath.Glob("../*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}

	for _, file := range append(files, "../../internal/cli/testdata/frozen/wide.yaml") {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := Parse(file, source, nil, losses.Catalogue)
		if err != nil {
			t.Fatal(err)
		}

		built := parsed.Clone()
		built.origin = nil
		text, err := built.Source()
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}

		again, err := Parse(file, text, nil, losses.Catalogue)
		if err != nil {
			t.Fatal(err)
		}
		parsed.origin, again.origin, parsed.Hints, again.Hints = nil, nil, nil, nil
		if !reflect.DeepEqual(values(parsed), values(again)) {
			t.Errorf("%s: it means another spec when it is written\n%s", file, text)
		}
	}
}

// values are a spec without pointers to what is equal but not the same: the Spec of a
// loss of formulas, and its value.
func values(s *Spec) *Spec {
	c := s.Clone()
	for k := range c.Losses {
		choice := &c.Losses[k].Choice
		if choice.Spec.Family == losses.Formulas {
			choice.Value, choice.Spec = choice.Spec.Formula, nil
		}
	}
	return c
}

// What a program leaves out or gets wrong is an error that names it, and never a panic.
func TestBuiltWrong(t *testing.T) {
	good := func() *Spec {
		s := New("built")
		d := NewDataset("birds")
		d.Synthetic = "cub"
		choice, err := losses.Choose(losses.Catalogue, "contrastive")
		if err != nil {
			t.Fatal(err)
		}
		s.Datasets, s.Losses = []Dataset{d}, []Row{NewRow(choice)}
		return s
	}

	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(s *Spec){
		"nothing":         func(s *Spec) { *s = Spec{} },
		"no source":       func(s *Spec) { s.Datasets[0].Synthetic = "" },
		"no settings":     func(s *Spec) { s.Datasets[0].Settings = Settings{} },
		"no loss":         func(s *Spec) { s.Losses[0] = Row{} },
		"no value":        func(s *Spec) { s.Losses[0].Choice.Value = nil },
		"no preset":       func(s *Spec) { s.Losses[0].Choice.Preset = "none such" },
		"no loss value":   func(s *Spec) { s.Losses[0].Choice.Value = struct{}{} },
		"negative steps":  func(s *Spec) { s.Datasets[0].Steps = -1 },
		"unknown sampler": func(s *Spec) { s.Datasets[0].Sampler.Name = "all" },
		"a stray setting": func(s *Spec) { s.Datasets[0].Optimizer.Momentum = 0.5 },
		"unknown miner":   func(s *Spec) { s.Losses[0].Choice.Miner = strange{} },
		"two of a name":   func(s *Spec) { s.Datasets = append(s.Datasets, s.Datasets[0]) },
		"unknown steps":   func(s *Spec) { s.Weights = []int{10_000} },
		"no seeds":        func(s *Spec) { s.Seeds = 0 },
		"no form": func(s *Spec) {
			mine := losses.Spec{Name: "mine", Title: "Mine", Revision: 1, Presets: []losses.Preset{{Name: "a", Value: losses.NPairs{Scale: 1}}}}
			s.Losses[0] = NewRow(losses.Choice{Spec: &mine, Preset: "a", Value: losses.NPairs{Scale: 1}})
		},
	} {
		s := good()
		change(s)
		if err := s.Check(); err == nil {
			t.Errorf("%s: nothing is wrong", name)
		} else if wrong := new(SpecError); !errors.As(err, &wrong) {
			t.Errorf("%s: the error %v is no SpecError", name, err)
		}
	}
}

type strange struct{}

func (strange) Keep(a *losses.Anchor, pos, neg []bool) {}
