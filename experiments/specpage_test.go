package experiments

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gpwbench/experiments/protocol"
	"gpwbench/train/config"
)

// A pageKey is a row of docs/spec.md.
type pageKey struct{ key, text, example string }

func pageKeys(t *testing.T) []pageKey {
	t.Helper()
	page, err := os.ReadFile("../docs/spec.md")
	if err != nil {
		t.Fatal(err)
	}
	var keys []pageKey
	for _, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		if len(cells) != 5 || slices.Contains(cells, "") {
			t.Fatalf("docs/spec.md: a row needs key, what, default, values and example: %s", line)
		}
		keys = append(keys, pageKey{strings.Trim(cells[0], "`"), line, strings.Trim(cells[4], "`")})
	}

	return keys
}

// probe is a spec whose block at path has a key that no block has; the decoder's answer
// lists the keys that it takes there.
func probe(path string) string {
	const wrong = "no_such_key: 1"
	block := func(path string) string {
		top := "name: a\n"
		if !strings.HasPrefix(path, "datasets") {
			top += "datasets: [{name: cub, synthetic: cub}]\n"
		}
		return top + "losses: [contrastive]\n"
	}

	switch path {
	case "":
		return block(path) + wrong
	case "baselines":
		return block(path) + "baselines: [{name: pca, " + wrong + "}]"
	case "datasets":
		return block(path) + "datasets: [{name: a, synthetic: cub, " + wrong + "}]"
	case "datasets.split":
		return block(path) + "datasets: [{name: a, synthetic: cub, split: {" + wrong + "}}]"
	case "losses":
		return "name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [{name: nca, " + wrong + "}]"
	case "losses of embeddings":
		return "name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [{label: a, embeddings: a.npy, " + wrong + "}]"
	case "losses.proxies":
		return "name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [{name: proxy_anchor, proxies: {" + wrong + "}}]"
	}

	name := map[string]string{"head": "name: residual, ", "optimizer": "name: sgd, ", "memory": "name: xbm, ", "protocol": "name: holdout, "}[path]
	return fmt.Sprintf("%s%s: {%s%s}", block(path), path, name, wrong)
}

var known = regexp.MustCompile(`unknown key "no_such_key" in [^;]*; known: (.*)`)

// docs/spec.md has a row for every key that the decoder takes, and for no other. The keys
// are those that the decoder itself names when it meets one that it does not know; those
// of a formula have a page of their own.
func TestSpecPageHasEveryKey(t *testing.T) {
	var want []string
	var settings []string
	for _, path := range []string{
		"", "baselines", "weights", "launch", "datasets", "datasets.split", "head", "sampler", "optimizer", "memory", "augment", "average", "protocol", "metrics", "losses", "losses of embeddings", "losses.proxies",
	} {
		_, err := parseSpec(probe(path))
		if err == nil {
			t.Fatalf("%q: the decoder takes any key", path)
		}
		m := known.FindStringSubmatch(err.Error())
		if m == nil {
			t.Fatalf("%q: the decoder names no keys: %v", path, err)
		}

		for _, key := range strings.Split(m[1], ", ") {
			full := strings.TrimPrefix(strings.TrimSuffix(path, " of embeddings")+"."+key, ".")
			switch {
			case path == "":
				settings = append(settings, key)
			case path == "datasets" && key != "name" && slices.Contains(settings, key):
				continue // one of the blocks, which has its row
			case path == "losses" && slices.Contains([]string{"value", "positive", "negative", "mine"}, key):
				continue
			}
			want = append(want, full)
		}
	}

	var have []string
	for _, k := range pageKeys(t) {
		have = append(have, k.key)
	}

	for _, key := range want {
		if !slices.Contains(have, key) {
			t.Errorf("docs/spec.md has no row for %s", key)
		}
	}

	for _, key := range have {
		if !slices.Contains(want, key) {
			t.Errorf("docs/spec.md has a row for %s, which the decoder does not take", key)
		}
	}
}

// Every word that a key takes is in its row: the decoder names them when it meets
// another.
func TestSpecPageHasEveryWord(t *testing.T) {
	rows := map[string]string{}
	for _, k := range pageKeys(t) {
		rows[k.key] = k.text
	}

	for key, text := range map[string]string{
		"baselines.name": "baselines: [zzz]", "reference": "reference: zzz", "preprocess": "preprocess: [zzz]", "head.name": "head: zzz",
		"head.init": "head: {init: zzz}", "sampler.name": "sampler: zzz", "optimizer.name": "optimizer: zzz", "memory.name": "memory: zzz",
		"protocol.name": "protocol: zzz",
	} {
		_, err := parseSpec("name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\n" + text)
		checkWords(t, key, rows[key], err)
	}

	for key, text := range map[string]string{"datasets.split": "split: zzz", "datasets.synthetic": "synthetic: zzz"} {
		_, err := parseSpec("name: a\nlosses: [contrastive]\ndatasets: [{name: a, features: x, labels: y, " + text + "}]")
		checkWords(t, key, rows[key], err)
	}
}

func checkWords(t *testing.T, key, row string, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), "; known: ") {
		t.Fatalf("%s: the decoder names no words: %v", key, err)
	}
	_, list, _ := strings.Cut(err.Error(), "; known: ")
	list, _, _ = strings.Cut(list, "\n")
	for _, word := range strings.Split(list, ", ") {
		if !strings.Contains(row, "`"+word+"`") {
			t.Errorf("docs/spec.md: the row of %s lacks %s", key, word)
		}
	}
}

// Every example of the page is read, and means another spec than one without it, unless
// it writes a default out.
func TestSpecPageExamples(t *testing.T) {
	for _, k := range pageKeys(t) {
		text := k.example + "\n"
		for _, line := range []string{"name: a\n", "datasets: [{name: cub, synthetic: cub}]\n", "losses: [contrastive]\n"} {
			if key, _, _ := strings.Cut(line, ":"); !strings.HasPrefix(text, key+":") {
				text += line
			}
		}
		if _, err := parseSpec(text); err != nil {
			t.Errorf("docs/spec.md: the example of %s: %v", k.key, err)
		}
		if first, _, _ := strings.Cut(k.key, "."); !strings.HasPrefix(k.example, first+":") {
			t.Errorf("docs/spec.md: the example of %s does not set it: %s", k.key, k.example)
		}
	}
}

// The defaults of the page are those of a spec that says nothing.
func TestSpecPageDefaults(t *testing.T) {
	rows := map[string]string{}
	for _, k := range pageKeys(t) {
		rows[k.key] = k.text
	}
	s, err := parseSpec("name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\n")
	if err != nil {
		t.Fatal(err)
	}
	d := s.Datasets[0]
	sgd, xbm, paper := config.DefaultOptimizer("sgd"), config.Memory{}, protocol.Paper{}
	byHoldout, _ := protocol.Default("holdout")
	holdout := byHoldout.(protocol.Holdout)
	if other, err := parseSpec("name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\nmemory: xbm\nprotocol: paper\n"); err != nil {
		t.Fatal(err)
	} else {
		xbm, paper = other.Datasets[0].Memory, other.Datasets[0].Protocol.(protocol.Paper)
	}

	for key, want := range map[string]string{
		"seeds": fmt.Sprint(s.Seeds), "preprocess": fmt.Sprintf("`[%s]`", strings.Join(d.Preprocess, ", ")), "head.name": "`" + d.Head.Name + "`",
		"head.init": "`" + d.Head.Init + "`", "head.decay_to_init": fmt.Sprint(d.Head.DecayToInit), "sampler.name": "`" + d.Sampler.Name + "`",
		"sampler.classes": fmt.Sprint(config.DefaultClasses), "sampler.per_class": fmt.Sprint(d.Sampler.PerClass), "optimizer.name": "`" + d.Optimizer.Name + "`",
		"optimizer.lr": fmt.Sprintf("%s, of `sgd` %v", "1e-4", sgd.LR), "optimizer.weight_decay": fmt.Sprint(d.Optimizer.WeightDecay),
		"optimizer.momentum": fmt.Sprint(sgd.Momentum), "memory.name": "`" + d.Memory.Name + "`", "memory.size": fmt.Sprint(xbm.Size),
		"memory.warmup": fmt.Sprint(xbm.Warmup), "augment.dropout": fmt.Sprint(d.Augment.Dropout), "augment.noise": fmt.Sprint(d.Augment.Noise),
		"augment.mix": fmt.Sprint(d.Augment.Mix), "average.decay": fmt.Sprint(d.Average.Decay), "steps": fmt.Sprint(d.Steps), "protocol.name": "`" + d.Protocol.Name() + "`",
		"protocol.every": fmt.Sprintf("%d, of `holdout` %d", paper.Every, holdout.Every), "metrics.map_at_r": fmt.Sprintf("`%v`", d.Metrics.MAPAtR),
		"metrics.clustering": fmt.Sprintf("`%v`", d.Metrics.Clustering), "datasets.scale": fmt.Sprint(d.Scale),
	} {
		if !strings.Contains(rows[key], " | "+want+" | ") {
			t.Errorf("docs/spec.md: the default of %s is %s, the row says %s", key, want, rows[key])
		}
	}

	if d.Optimizer.LR != 1e-4 {
		t.Errorf("docs/spec.md says that the learning rate is 1e-4, it is %v", d.Optimizer.LR)
	}
}

// The six lines of the README are the shipped recipe, with the same settings and losses.
func TestReadmeRecipe(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "```yaml\n")
	text, _, _ = strings.Cut(text, "```")
	mine, err := parseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	source, err := shipped.ReadFile("own_features.yaml")
	if err != nil {
		t.Fatal(err)
	}
	recipe, err := parseSpec(string(source))
	if err != nil {
		t.Fatal(err)
	}
	a, b := mine.Datasets[0], recipe.Datasets[0]
	if x, y := fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b); x != y {
		t.Errorf("the README trains with\n%s\nown_features with\n%s", x, y)
	}
	var x, y []string
	for _, r := range mine.Losses {
		x = append(x, r.Label)
	}
	for _, r := range recipe.Losses {
		y = append(y, r.Label)
	}
	if !slices.Equal(x, y) || mine.Seeds != recipe.Seeds {
		t.Errorf("the README trains %v with %d seeds, own_features %v with %d", x, mine.Seeds, y, recipe.Seeds)
	}
}
