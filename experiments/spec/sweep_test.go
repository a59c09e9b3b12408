package spec

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gpwbench/losses"
)

// several is a spec whose rows go by names of every kind.
const several = `name: several
datasets: [{name: a, synthetic: cub}, {name: b, synthetic: cars, optimizer: {weight_decay: 0.5}}]
losses:
  - contrastive
  - multi_similarity.weighting
  - {name: multi_similarity, params: {beta: 20}, label: "MS, v1.5, β=20"}
  - {name: soft, value: softplus(lse_pos(-a*s)) + softplus(lse_neg(a*s)), params: {a: 2}}
`

// paramsOf are the parameters of every row, by labels.
func paramsOf(s *Spec) map[string]string {
	all := map[string]string{}
	for _, r := range s.Losses {
		text := ""
		for _, p := range losses.Parameters(r.Choice.Value) {
			text += fmt.Sprintf("%s=%v ", p.Name, p.Value)
		}
		all[r.Label] = text
	}
	return all
}

// An override of a row gives the spec in which the row is written so.
func TestOverrideOfRows(t *testing.T) {
	for _, c := range []struct{ rows, overrides, want string }{
		{"[contrastive]", "losses.contrastive.params.lambda=0.25", "[{name: contrastive, params: {lambda: 0.25}}]"},
		{"contrastive", "losses.Contrastive.params.lambda=0.25", "[{name: contrastive, params: {lambda: 0.25}}]"},
		{"[contrastive]", "losses.contrastive.miner=batch_hard losses.contrastive.label=x losses.contrastive.memory.name=xbm losses.contrastive.memory.size=300",
			"[{name: contrastive, miner: batch_hard, label: x, memory: {name: xbm, size: 300}}]"},
		{"[{name: contrastive, miner: {name: pair_margin, pos_margin: 0.3}}]", "losses.contrastive.miner.name=hard_fraction",
			"[{name: contrastive, miner: hard_fraction}]"},
		{"[{name: contrastive, protocol: paper}]", "losses.contrastive.protocol.every=5", "[{name: contrastive, protocol: {name: paper, every: 5}}]"},
		{"[multi_similarity.weighting]", "losses.multi_similarity.preset=official", "[multi_similarity.official]"},
		{"[multi_similarity, multi_similarity.weighting]", "losses.multi_similarity.weighting.params.beta=9",
			"[multi_similarity, {name: multi_similarity, preset: weighting, params: {beta: 9}}]"},
		{"[multi_similarity, multi_similarity.weighting]", "losses.multi_similarity.params.beta=9",
			"[{name: multi_similarity, params: {beta: 9}}, {name: multi_similarity, preset: weighting, params: {beta: 9}}]"},
		{"[multi_similarity.paper]", "losses.multi_similarity.miner.eps=0.3", "[{name: multi_similarity.paper, miner: {eps: 0.3}}]"},
		{"[proxy_anchor]", "losses.proxy_anchor.proxies.lr=0.5", "[{name: proxy_anchor, proxies: {lr: 0.5}}]"},
	} {
		got, err := parse(strings.Replace(minimal, "[contrastive]", c.rows, 1), strings.Fields(c.overrides)...)
		if err != nil {
			t.Errorf("%s: %v", c.overrides, err)
			continue
		}
		want, err := parse(strings.Replace(minimal, "[contrastive]", c.want, 1))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Losses, want.Losses) {
			t.Errorf("%s: rows %+v, want %+v", c.overrides, got.Losses, want.Losses)
		}

		again, err := parse(sourceOf(t, got))
		if err != nil || !reflect.DeepEqual(again.Losses, want.Losses) {
			t.Errorf("%s: the kept source gives %v and rows %+v", c.overrides, err, again)
		}
	}
}

// all stands for the losses of the catalogue, one row each, also where one is changed.
func TestOverrideOfAll(t *testing.T) {
	all := strings.Replace(minimal, "[contrastive]", "all", 1)
	before, err := parse(all)
	if err != nil {
		t.Fatal(err)
	}
	after, err := parse(all, "losses.contrastive.params.lambda=0.25", "losses.Contrastive.miner=batch_hard")
	if err != nil {
		t.Fatal(err)
	}
	if len(after.Losses) != len(before.Losses) {
		t.Fatalf("%d rows, want %d", len(after.Losses), len(before.Losses))
	}
	for k, r := range after.Losses {
		if same := reflect.DeepEqual(r, before.Losses[k]); same == (r.Choice.Spec.Name == "contrastive") {
			t.Errorf("row %s: unchanged is %v", r.Label, same)
		}
	}
}

// A label may hold points, commas and signs; the longest name that fits is meant.
func TestOverrideByLabel(t *testing.T) {
	s, err := parse(several, "losses.MS, v1.5, β=20.params.beta=7", "losses.soft.params.a=3", "losses.multi_similarity.weighting.params.beta=9")
	if err != nil {
		t.Fatal(err)
	}
	got := paramsOf(s)
	for label, want := range map[string]string{"MS, v1.5, β=20": "beta=7 ", "soft": "a=3 ", "Multi-Similarity weighting, β 9": "beta=9 "} {
		if !strings.Contains(got[label], want) {
			t.Errorf("%s has %q, want %s; rows %v", label, got[label], want, got)
		}
	}
}

func TestOverrideOfRowsErrors(t *testing.T) {
	for _, c := range []struct {
		overrides []string
		want      string
	}{
		{[]string{"losses.contrastve.params.lambda=1"}, `losses.contrastve.params.lambda=1: no row of losses is called "contrastve" (did you mean contrastive?); write losses.NAME.key`},
		{[]string{"losses.MS, v1.6, β.params.beta=1"}, `no row of losses is called "MS, v1.6, β"`},
		{[]string{"losses.triplet=none"}, `no row of losses is called "triplet"; write losses.NAME.key, where NAME is the label of a row, its loss, or its loss with preset: contrastive, contrastive.gpw, multi_similarity`},
		{[]string{"losses.contrastive=none"}, "losses.contrastive=none: a row is changed by its keys; write losses.contrastive.params.NAME=value"},
		{[]string{"losses.contrastive.name=triplet"}, "another loss is another row; set losses as a whole"},
		{[]string{"losses.contrastive.parms.lambda=1"}, `losses.contrastive.parms.lambda=1: unknown key "parms" in a loss (did you mean params?); known: `},
		{[]string{"losses.contrastive.params.lamda=1"}, `unknown key "lamda" in the parameters of contrastive (did you mean lambda?)`},
		{[]string{"losses.contrastive.params.lambda=9"}, "losses.contrastive.params.lambda=9: lambda = 9 is outside "},
		{[]string{"losses.contrastive.params.lambda=0.1", "losses.Contrastive.params.lambda=0.2"},
			"losses.Contrastive.params.lambda=0.2: losses.Contrastive.params.lambda is set before, by losses.contrastive.params.lambda=0.1; leave one of them out"},
		{[]string{"losses.contrastive.params.lambda=0.1", "losses=triplet"}, "losses=triplet: this sets all of losses anew, and losses.contrastive.params.lambda=0.1 before it would be lost"},
		{[]string{"losses.contrastive.memory.size=300", "losses.contrastive.memory.name=xbm"}, "this sets all of losses.contrastive.memory anew, and losses.contrastive.memory.size=300 before it would be lost"},
		{[]string{"losses.contrastive.params.lambda=0.1", "losses.contrastive.params={}"}, "this sets all of losses.contrastive.params anew"},
		{[]string{"losses.contrastive..lambda=0.1"}, "not of the form key=value, such as optimizer.lr=3e-5"},
		{[]string{"losses.contrastive.params.lambda"}, "not of the form key=value, such as optimizer.lr=3e-5"},
		{[]string{"losses.contrastive.miner={name: none, eps: 3}"}, "miner none takes all pairs and has no other keys"},
	} {
		_, err := parse(several, c.overrides...)
		if e := new(SpecError); !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %s", c.overrides, err, c.want)
		}
	}

	_, err := parse("name: a\ndatasets: [{name: cub, synthetic: cub}]\n", "losses.contrastive.params.lambda=1")
	if err == nil || !strings.Contains(err.Error(), "there are no losses to change") {
		t.Errorf("without losses: error %v", err)
	}
}
