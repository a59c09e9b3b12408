package spec

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
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

		again, err := Parse("written.yaml", text, nil, losses.Catalogue) // its paths are those of the parsed one
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

// An error of a spec that a program has built cites the path of the setting, for there is
// no file.
func TestBuiltPaths(t *testing.T) {
	choose := func(name string) losses.Choice {
		c, err := losses.Choose(losses.Catalogue, name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	s := New("built")
	a, b := NewDataset("a"), NewDataset("b")
	a.Synthetic, b.Synthetic = "cub", "cars"
	b.Sampler.PerClass, b.Steps = 1, -1
	s.Datasets = []Dataset{a, b, NewDataset("c")}
	binomial := choose("binomial_deviance")
	wrong, err := losses.With(binomial.Value, "beta", 2.0)
	if err != nil {
		t.Fatal(err)
	}
	deviance := wrong.(losses.BinomialDeviance)
	deviance.Beta = -1
	binomial.Value = deviance
	s.Losses = []Row{NewRow(choose("contrastive")), NewRow(choose("contrastive")), NewRow(binomial)}
	s.Weights = []int{-7}

	err = s.Check()
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, want := range []string{
		"built: datasets[1].sampler.per_class: ", "built: datasets[1].steps: ", "built: datasets[2]: a data set needs features",
		`built: losses[1]: the same row as built: losses[0]: both are labelled "Contrastive"`, "built: losses[2].params.beta: ", "built: weights.at[0]: ",
	} {
		if !strings.Contains("\n"+err.Error(), "\n"+want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), ".yaml") {
		t.Errorf("lines of a file that was never written:\n%v", err)
	}

	for path, want := range map[string]string{"weights.at": "built: weights.at", "losses.3": "built: losses[3]", "datasets.0.sampler.classes": "built: datasets[0].sampler.classes"} {
		if got := s.Where(path); got != want {
			t.Errorf("%s is at %s, want %s", path, got, want)
		}
	}
	s.Losses[1].Choice.Value = struct{}{}
	if err := s.Check(); err == nil || !strings.HasPrefix(err.Error(), "built: losses[1]: its value is a struct {}") {
		t.Errorf("error %v", err)
	}
}

// Methods of no spec, and of rows without a loss or a data set, do not panic.
func TestMalformed(t *testing.T) {
	var none *Spec
	if _, err := none.Source(); err == nil || none.Check() == nil || none.Clone() != nil || none.Where("losses.0") != "losses[0]" {
		t.Errorf("no spec has a source, or a copy: %v", err)
	}
	for _, r := range []*Row{nil, {}} {
		if r.AsPreset(nil) || r.MemoryOn(nil).Remembers() {
			t.Errorf("%+v is a preset, or has a memory", r)
		}
		r.ComparesBatch(nil, 0)
	}
	NewRow(losses.Choice{})
	NewRow(losses.Choice{Spec: &losses.Spec{Name: "x"}, Value: losses.Contrastive{}})
}
