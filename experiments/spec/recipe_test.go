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

func TestRecipeErrors(t *testing.T) {
	for block, want := range map[string]string{
		"augment: {dropout: 1}":             "dropout = 1 is outside [0, 1)",
		"augment: {mix: 1.5}":               "mix = 1.5 is outside [0, 1]",
		"augment: {noise: -1}":              "noise = -1 is outside [0, ∞)",
		"augment: {dropot: 0.1}":            `unknown key "dropot" in augment (did you mean dropout?)`,
		"average: {decay: 1}":               "decay = 1 is outside [0, 1)",
		"head: {name: mlp, hidden: 3}":      `unknown key "hidden" in head; known: name, dim, init, decay_to_init`,
		"head: {name: residual, hidden: 0}": "hidden = 0 is too small; at least 1",
		"head: risidual":                    `unknown head "risidual" (did you mean residual?); known: none, linear, residual, mlp`,
		"augment: mix":                      "augment must be a mapping of keys to values",
		"augment: {noise: much}":            `noise must be a number, not "much"`,
	} {
		if _, err := parse(minimal + block + "\n"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", block, err, want)
		}
	}
}
