package figures

import (
	"encoding/json"
	"strings"
	"testing"

	"gpwbench/results"
)

func TestTitle(t *testing.T) {
	for _, test := range []struct{ label, loss, want string }{
		{"contr", "contrastive", "contr (Contrastive)"},
		{"Multi-Similarity official", "multi_similarity", "Multi-Similarity official"},
		{"Proxy-Anchor", "proxy_anchor", "Proxy-Anchor"},
		{"NCA, s 4", "nca", "NCA, s 4"},
		{"mine", "of_an_earlier_program", "mine (of_an_earlier_program)"},
	} {
		if got := title(results.Record{Label: test.label, Loss: test.loss}); got != test.want {
			t.Errorf("%s of %s: %q, want %q", test.label, test.loss, got, test.want)
		}
	}
}

func TestCaptionNamesMemory(t *testing.T) {
	for _, test := range []struct{ params, settings, want string }{
		{"λ 0.5", `{"training":{"memory":{"name":"xbm","size":400,"warmup":10}}}`, "λ 0.5, memory xbm of 400 from step 10"},
		{"", `{"training":{"memory":{"name":"xbm","size":8,"warmup":0}}}`, "memory xbm of 8 from step 0"},
		{"λ 0.5", `{"training":{"proxies":{"per_class":1}}}`, "λ 0.5"},
		{"λ 0.5", `{"baseline":{}}`, "λ 0.5"},
	} {
		got, err := caption(nil, results.Record{Params: test.params, Settings: json.RawMessage(test.settings)})
		if err != nil || got != test.want {
			t.Errorf("%s: %q, error %v, want %q", test.settings, got, err, test.want)
		}
	}
	if _, err := caption(nil, results.Record{Label: "mine", Settings: json.RawMessage(`{"training":1}`)}); err == nil || !strings.Contains(err.Error(), "mine: the settings") {
		t.Errorf("error %v, want whose settings", err)
	}
}
