package spec

import "testing"

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
