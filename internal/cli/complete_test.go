package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
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
