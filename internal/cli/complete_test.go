package cli

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"gpwbench/losses"
)

// complete is what the shell offers behind the words of a command line.
func complete(t *testing.T, words ...string) []string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := Main(append([]string{"__complete"}, words...), &stdout, &stderr); code != exitDone {
		t.Fatalf("%q: exit %d: %s", words, code, &stderr)
	}

	var all []string
	for _, line := range strings.Split(strings.TrimSpace(stdout.String()), "\n") {
		if !strings.HasPrefix(line, ":") {
			word, _, _ := strings.Cut(line, "\t")
			all = append(all, word)
		}
	}
	return all
}

// Losses, specs, keys and values are completed.
func TestCompletion(t *testing.T) {
	for _, test := range []struct {
		words []string
		want  []string // each is offered
		not   []string // none is
	}{
		{[]string{"weigh", "--loss", "multi"}, []string{"multi_similarity", "multi_similarity.official"}, []string{"triplet"}},
		{[]string{"losses", "proxy"}, []string{"proxy_anchor"}, nil},
		{[]string{"run", "paper"}, []string{"paper_table1", "paper_sop"}, []string{"quickstart"}},
		{[]string{"run", "quickstart", "optimizer."}, []string{"optimizer.lr=", "optimizer.momentum="}, []string{"head.dim="}},
		{[]string{"run", "quickstart", "memory.name="}, []string{"memory.name=xbm", "memory.name=none"}, nil},
		{[]string{"tune", "quickstart", "memory=x"}, []string{"memory=xbm"}, []string{"memory=none"}},
		{[]string{"run", "quickstart", "optimizer=a"}, []string{"optimizer=adamw"}, []string{"optimizer=sgd"}},
		{[]string{"run", "quickstart", "losses=nca,tri"}, []string{"losses=nca,triplet"}, nil},
		{[]string{"run", "quickstart", "preprocess=[l2,"}, []string{"preprocess=[l2,center"}, nil},
		{[]string{"run", "quickstart", "losses.bino"}, []string{"losses.binomial_deviance.params.alpha="}, []string{"losses.triplet.params.margin="}},
		{[]string{"run", "quickstart", "losses.nca.miner="}, []string{"losses.nca.miner=none", "losses.nca.miner=multi_similarity"}, nil},
		{[]string{"run", "quickstart", "datasets.cub.s"}, []string{"datasets.cub.sampler=", "datasets.cub.split="}, []string{"datasets.cars.split="}},
		{[]string{"run", "quickstart", "datasets.cub.synthetic="}, []string{"datasets.cub.synthetic=sop"}, nil},
		{[]string{"run", "quickstart", "sweep.head."}, []string{"sweep.head.dim="}, []string{"head.dim="}},
		{[]string{"run", "quickstart", "sweep.head.init=[identity,"}, []string{"sweep.head.init=[identity,pca"}, nil},
		{[]string{"run", "quickstart", "metrics.clustering="}, []string{"metrics.clustering=true"}, nil},
		{[]string{"run", "no_such_spec", "steps"}, []string{"steps="}, nil},
		{[]string{"table", "x", "--format", ""}, []string{"latex", "csv"}, nil},
		{[]string{"plot", "--view", ""}, []string{"pairs", "curves"}, nil},
		{[]string{"plot", "--width", ""}, []string{"page", "column"}, nil},
		{[]string{"plot", "--scale", ""}, []string{"own", "shared", "log", "normalised"}, nil},
		{[]string{"plot", "--against", ""}, []string{"S", "P"}, nil},
		{[]string{"plot", "--loss", "multi_similarity", "--vary", ""}, []string{"alpha=", "beta=", "lambda=", "miner.eps="}, []string{"margin="}},
		{[]string{"plot", "--loss", "multi_similarity", "--vary", "lambda="}, []string{"lambda=-1:2"}, []string{"alpha="}},
		{[]string{"plot", "--loss", "multi_similarity.official", "--vary", "be"}, []string{"beta="}, []string{"lambda="}},
		{[]string{"plot", "--loss", "multi_similarity.official", "--vary", "beta="}, []string{"beta=20:80"}, nil},
		{[]string{"plot", "--loss", "all", "--vary", ""}, nil, []string{"lambda="}},
		{[]string{"run", "--figures", ""}, []string{"all", "none"}, nil},
	} {
		got := complete(t, test.words...)
		for _, want := range test.want {
			if !slices.Contains(got, want) {
				t.Errorf("%q offers %q, not %s", test.words, got, want)
			}
		}
		for _, word := range test.not {
			if slices.Contains(got, word) {
				t.Errorf("%q offers %s", test.words, word)
			}
		}
	}
}

// A parameter is offered with its symbol, domain and meaning, and every range that is
// offered is one that gpw plot draws.
func TestRangesOfParameters(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := Main([]string{"__complete", "plot", "--loss", "multi_similarity", "--vary", "lam"}, &stdout, &stderr); code != exitDone || !strings.Contains(stdout.String(), "lambda=\tλ in [−1, 2], ") {
		t.Errorf("exit %d: %s%s", code, &stdout, &stderr)
	}
	ranges := 0
	for _, s := range losses.Catalogue {
		c, err := losses.Choose(losses.Catalogue, s.Name)
		if err != nil {
			t.Fatal(err)
		}
		of := losses.Parameters(c.Value)
		if c.Miner != nil {
			of = append(of, losses.Parameters(c.Miner)...)
		}
		for _, p := range of {
			low, high, ok := rangeOf(p)
			if !ok {
				continue
			}
			ranges++
			if !(low < high) || !p.Domain.Contains(low) || !p.Domain.Contains(high) {
				t.Errorf("%s: %s from %v to %v is not in %s", s.Name, p.Name, low, high, p.Domain)
			}
			if _, whole := p.Value.(int); whole && (low != math.Trunc(low) || high != math.Trunc(high)) {
				t.Errorf("%s: %s is whole, and its range from %v to %v", s.Name, p.Name, low, high)
			}
		}
	}
	if ranges < 50 {
		t.Errorf("%d parameters have a range", ranges)
	}
}
