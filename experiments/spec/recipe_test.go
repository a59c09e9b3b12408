package spec

import (
	"fmt"
	"strings"
	"testing"

	"gpwbench/losses"
	"gpwbench/train/config"
)

// The settings of a recipe are read from a spec and from overrides, swept, and written so
// that they mean the same.
func TestRecipeSettings(t *testing.T) {
	for _, c := range []struct {
		block, overrides string
		want             func(*Settings)
	}{
		{"augment: {dropout: 0.1, noise: 0.2, mix: 0.5}", "augment.dropout=0.1 augment.noise=0.2 augment.mix=0.5",
			func(s *Settings) { s.Augment = config.Augment{Dropout: 0.1, Noise: 0.2, Mix: 0.5} }},
		{"augment: {mix: 0.5}", "augment={mix: 0.5}", func(s *Settings) { s.Augment.Mix = 0.5 }},
		{"head: {name: residual, dim: 8, hidden: 6, init: pca}", "head.name=residual head.dim=8 head.hidden=6 head.init=pca",
			func(s *Settings) {
				s.Head = config.Head{Name: config.Residual, Dim: 8, Hidden: 6, Init: config.PCA}
			}},
		{"head: mlp", "head.name=mlp", func(s *Settings) { s.Head = config.Head{Name: config.MLP, Init: config.Identity} }},
		{"head: {name: mlp, decay_to_init: 0.5}", "head={name: mlp, decay_to_init: 0.5}", func(s *Settings) {
			s.Head = config.Head{Name: config.MLP, Init: config.Identity, DecayToInit: 0.5}
		}},
		{"average: {decay: 0.99}", "average.decay=0.99", func(s *Settings) { s.Average.Decay = 0.99 }},
	} {
		written, err := parse(minimal + c.block + "\n")
		if err != nil {
			t.Fatal(err)
		}
		want := DefaultSettings()
		c.want(&want)
		if got := written.Datasets[0].Settings; fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s: read\n%+v, want\n%+v", c.block, got, want)
		}

		overrides := []string{c.overrides}
		if !strings.Contains(c.overrides, "{") {
			overrides = strings.Fields(c.overrides)
		}
		overridden, err := parse(minimal, overrides...)
		if err != nil {
			t.Fatal(err)
		}
		checkSameSpec(t, overridden, written)

		built := written.Clone()
		built.origin = nil
		text, err := built.Source()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse("s.yaml", text, nil, losses.Catalogue)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		checkSameSpec(t, again, written)
	}
}

// A sweep of settings of a recipe has the variants that its values are as overrides.
func TestRecipeSweep(t *testing.T) {
	for path, values := range map[string][]string{
		"augment.dropout": {"0", "0.1"},
		"augment.mix":     {"0.25", "1"},
		"average.decay":   {"0", "0.9"},
		"head.name":       {"linear", "residual", "mlp"},
	} {
		s, err := parse(minimal + "sweep: {" + path + ": [" + strings.Join(values, ", ") + "]}\n")
		if err != nil {
			t.Fatal(err)
		}
		all, err := s.Variants()
		if err != nil || len(all) != len(values) {
			t.Fatalf("%s: %d variants, error %v", path, len(all), err)
		}
		for k, v := range values {
			want, err := parse(minimal, path+"="+v)
			if err != nil {
				t.Fatal(err)
			}
			checkSameSpec(t, all[k].Spec, want)
		}
	}
}

// The word none is the block with nothing in it, whatever stands above it: of a data set,
// in an override, under one, and in a sweep.
func TestRecipeNone(t *testing.T) {
	const given = minimal + "augment: {dropout: 0.1, mix: 0.5}\naverage: {decay: 0.9}\n"
	none := strings.Replace(given, "synthetic: cub", "synthetic: cub, augment: none, average: none", 1)
	for _, c := range []struct {
		text      string
		overrides []string
		augment   config.Augment
		decay     float64
	}{
		{minimal + "augment: none\naverage: none\n", nil, config.Augment{}, 0},
		{given, nil, config.Augment{Dropout: 0.1, Mix: 0.5}, 0.9},
		{none, nil, config.Augment{}, 0},
		{given, []string{"augment=none", "average=none"}, config.Augment{}, 0},
		{none, []string{"datasets.cub.augment.noise=0.2", "datasets.cub.average.decay=0.5"}, config.Augment{Noise: 0.2}, 0.5},
	} {
		s, err := parse(c.text, c.overrides...)
		if err != nil {
			t.Errorf("%q %q: %v", c.text, c.overrides, err)
			continue
		}
		if got := s.Datasets[0]; got.Augment != c.augment || got.Average.Decay != c.decay {
			t.Errorf("%q %q: read %+v and %+v, want %+v and %v", c.text, c.overrides, got.Augment, got.Average, c.augment, c.decay)
		}
	}

	s, err := parse(given, "sweep.average=[none, {decay: 0.99}]")
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Variants()
	if err != nil || len(all) != 2 {
		t.Fatalf("%d variants, error %v", len(all), err)
	}
	if a, b := all[0].Datasets[0].Average.Decay, all[1].Datasets[0].Average.Decay; a != 0 || b != 0.99 {
		t.Errorf("the variants decay by %v and %v, want 0 and 0.99", a, b)
	}
}

func TestRecipeErrors(t *testing.T) {
	for block, want := range map[string]string{
		"augment: {dropout: 1}":             "dropout = 1 is outside [0, 1)",
		"augment: {mix: 1.5}":               "mix = 1.5 is outside [0, 1]",
		"augment: {noise: -1}":              "noise = -1 is outside [0, ∞)",
		"augment: {dropot: 0.1}":            `unknown key "dropot" in augment (did you mean dropout?)`,
		"average: {decay: 1}":               "decay = 1 is outside [0, 1)",
		"head: {name: mlp, hidden: 3}":      `in head, hidden belongs to residual, not to "mlp": leave it out, or change the name; known: name, dim, init, decay_to_init`,
		"head: {name: risidual, hidden: 0}": "unknown head \"risidual\" (did you mean residual?); known: none, linear, residual, mlp\ns.yaml:4:32: hidden = 0",
		"head: {hidden: 3}":                 `in head, hidden belongs to residual, not to "linear": leave it out`,
		"head: {name: none, dim: 3}":        `in head, dim belongs to linear, residual or mlp, not to "none": leave it out`,
		"head: {name: residual, hidden: 0}": "hidden = 0 is too small; at least 1",
		"head: risidual":                    `unknown head "risidual" (did you mean residual?); known: none, linear, residual, mlp`,
		"augment: mix":                      `augment must be none or a mapping of dropout, noise, mix, not "mix"`,
		"average: [none]":                   "average must be none or a mapping of decay, not a list",
		"augment: {noise: much}":            `noise must be a number, not "much"`,
	} {
		if _, err := parse(minimal + block + "\n"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", block, err, want)
		}
	}
}
