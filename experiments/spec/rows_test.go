package spec

import (
	"slices"
	"strings"
	"testing"

	"gpwbench/losses"
)

// A row is its preset as long as it sets nothing of what was published: a label and a
// protocol it may have, other parameters, another miner, a memory or more proxies not.
func TestAsPreset(t *testing.T) {
	for loss, want := range map[string]bool{
		"multi_similarity": true,
		"{name: multi_similarity, label: mine, protocol: paper}":              true,
		"{name: multi_similarity, params: {alpha: 2, beta: 40}}":              true,
		"{name: multi_similarity, params: {beta: 10}}":                        false,
		"{name: multi_similarity, miner: none}":                               false,
		"{name: multi_similarity, miner: {name: multi_similarity, eps: 0.2}}": false,
		"{name: contrastive, memory: xbm}":                                    false,
		"proxy_anchor":                                                        true,
		"{name: proxy_anchor, proxies: {per_class: 2}}":                       false,
	} {
		s, err := parse("name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [" + loss + "]\n")
		if err != nil {
			t.Fatalf("%s: %v", loss, err)
		}
		if got := s.Losses[0].AsPreset(&s.Datasets[0]); got != want {
			t.Errorf("%s: as its preset %v, want %v", loss, got, want)
		}
	}

	s, err := parse("name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\nmemory: xbm\n")
	if err != nil {
		t.Fatal(err)
	}
	if s.Losses[0].AsPreset(&s.Datasets[0]) {
		t.Error("with the memory of the spec the row is as its preset")
	}
}

// A name that two losses of the caller's catalogue have is refused, whether a row names
// it or all losses are meant, and so is the name of a loss that compares with proxies.
func TestDoubledNames(t *testing.T) {
	another := func(name string) []losses.Spec {
		mine := losses.Spec{Name: name, Title: "Mine", Presets: []losses.Preset{{Name: "own", Value: losses.NCA{Scale: 2}}}}
		return append(slices.Clip(losses.Catalogue), mine)
	}
	const head = "name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: "
	for _, c := range []struct{ loss, doubled, want string }{
		{"[nca]", "nca", `s.yaml:3:10: two losses of the catalogue are named "nca" (NCA and Mine); give one of them another name`},
		{"[{name: nca, preset: own}]", "nca", `s.yaml:3:17: two losses of the catalogue are named "nca" (NCA and Mine)`},
		{"all", "nca", `s.yaml:3:9: two losses of the catalogue are named "nca" (NCA and Mine)`},
		{"[arcface]", "arcface", `s.yaml:3:10: arcface is the name of a built-in loss, ArcFace; give the loss another Spec.Name`},
	} {
		_, err := Parse("s.yaml", []byte(head+c.loss+"\n"), nil, another(c.doubled))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("losses: %s: the error %v, want %s", c.loss, err, c.want)
		}
	}
	if _, err := Parse("s.yaml", []byte(head+"[triplet]\n"), nil, another("nca")); err != nil {
		t.Errorf("another loss of that catalogue: %v", err)
	}
}
