package spec

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/experiments/protocol"
	"gpwbench/losses"
	"gpwbench/train/config"
)

// minimal is a spec that is right; the tests change it.
const minimal = `name: small
datasets: [{name: cub, synthetic: cub}]
losses: [contrastive]
`

func parse(source string, overrides ...string) (*Spec, error) {
	return Parse("s.yaml", []byte(source), overrides, losses.Catalogue)
}

func parseLoss(text string) (Row, []string, error) { return ParseLoss(text, losses.Catalogue) }

// Every error has its place, says what is wrong, and names the nearest right word or the
// known ones.
func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"empty", "", "s.yaml:1:1: the spec is empty; it needs at least name, datasets and losses"},
		{"not a mapping", "- a\n", "s.yaml:1:1: a spec must be a mapping of keys to values"},
		{"not YAML", "name: a\n  b: c\n", "s.yaml:2:1: not YAML: mapping values are not allowed in this context (on this line or the one before)"},
		{"two documents", minimal + "---\nname: b\n", "s.yaml:4:1: a second document; a file holds one spec"},
		{"no name", "datasets: [{name: cub, synthetic: cub}]\nlosses: [nca]\n", "s.yaml:1:1: the spec needs a name; it names the folder of its results"},
		{"bad name", "name: My Run\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [nca]\n", `s.yaml:1:7: name must be a name of lower-case letters, digits and _, beginning with a letter, not "My Run"`},
		{"no data sets", "name: a\nlosses: [nca]\n", "s.yaml:1:1: the spec needs datasets, such as [{name: cub, synthetic: cub}]"},
		{"empty data sets", "name: a\ndatasets: []\nlosses: [nca]\n", "s.yaml:2:11: datasets must be a list with at least one data set, such as [{name: cub, synthetic: cub}]"},
		{"unknown key", minimal + "optimiser: {lr: 1}\n", `s.yaml:4:1: unknown key "optimiser" in the spec (did you mean optimizer?); known: name, datasets, baselines, losses, preprocess, head, sampler, optimizer, memory, augment, average, steps, protocol, metrics, seeds, weights, keep, launch, sweep, reference`},
		{"unknown loss", strings.Replace(minimal, "contrastive", "contrastve", 1), `s.yaml:3:10: unknown loss "contrastve" (did you mean contrastive?)`},
		{"unknown preset", strings.Replace(minimal, "contrastive", "multi_similarity.oficial", 1), `s.yaml:3:10: unknown preset of multi_similarity "oficial" (did you mean official?); known: `},
		{"unknown parameter", strings.Replace(minimal, "contrastive", "{name: multi_similarity, params: {lamda: 1}}", 1), `s.yaml:3:44: unknown key "lamda" in the parameters of multi_similarity (did you mean lambda?); known: alpha, beta, lambda`},
		{"outside the domain", strings.Replace(minimal, "contrastive", "{name: multi_similarity, params: {beta: 0}}", 1), `s.yaml:3:50: beta = 0 is outside (0, ∞)`},
		{"not a number", strings.Replace(minimal, "contrastive", "{name: multi_similarity, params: {beta: fast}}", 1), `s.yaml:3:50: beta must be a number, not "fast"`},
		{"not whole", strings.Replace(minimal, "contrastive", "{name: histogram, params: {bins: 10.5}}", 1), `s.yaml:3:43: bins = 10.5 must be a whole number`},
		{"unknown miner", strings.Replace(minimal, "contrastive", "{name: contrastive, miner: multi}", 1), `s.yaml:3:37: unknown miner "multi"; known: none, `},
		{"miner of the whole batch", strings.Replace(minimal, "contrastive", "{name: histogram, miner: multi_similarity}", 1), `s.yaml:3:10: histogram compares pairs of the whole batch, so a miner cannot choose an anchor's pairs for it; write miner: none`},
		{"no loss name", strings.Replace(minimal, "contrastive", "{label: a}", 1), `s.yaml:3:10: a loss needs a name, such as {name: multi_similarity}`},
		{"same row twice", strings.Replace(minimal, "contrastive", "contrastive, contrastive", 1), `s.yaml:3:23: the same row as s.yaml:3:10: both are labelled "Contrastive"; give one a label`},
		{"wrong type", minimal + "steps: many\n", `s.yaml:4:8: steps must be a whole number, not "many"`},
		{"too small", minimal + "seeds: 0\n", `s.yaml:4:8: seeds = 0 is too small; at least 1`},
		{"unknown protocol", minimal + "protocol: {name: papr}\n", `s.yaml:4:18: unknown protocol "papr" (did you mean paper?); known: fixed, paper`},
		{"momentum of adam", minimal + "optimizer: {name: adam, momentum: 0.9}\n", `s.yaml:4:25: in optimizer, momentum belongs to sgd, not to "adam": leave it out, or change the name; known: name, lr, weight_decay`},
		{"unknown baseline", minimal + "baselines: [frozn]\n", `s.yaml:4:13: unknown baseline "frozn" (did you mean frozen?); known: raw, frozen, pca, whitening, untrained`},
		{"unknown preprocessing", minimal + "preprocess: [centre]\n", `s.yaml:4:14: unknown preprocess "centre" (did you mean center?); known: center, scale, sqrt, l2`},
		{"a flag", minimal + "metrics: {map_at_r: yes please}\n", `s.yaml:4:21: map_at_r must be true or false, not "yes please"`},
		{"a key twice", minimal + "steps: 3\nsteps: 4\n", `s.yaml:5:1: the spec has the key steps twice; remove one`},
		{"a memory for a square loss", strings.Replace(minimal, "contrastive", "angular", 1) + "memory: {name: xbm, size: 200}\n", `s.yaml:3:9: angular reads the similarities of its candidates to each other, which a memory bank does not have; give it memory: none`},
		{"a baseline's name", strings.Replace(minimal, "contrastive", "{name: nca, label: frozen}", 1), `s.yaml:3:10: "frozen" is the name of a baseline; give the loss another label`},
		{"unknown reference", minimal + "reference: ms_cvpr2018\n", `s.yaml:4:12: unknown reference "ms_cvpr2018" (did you mean ms_cvpr2019?); known: ms_cvpr2019`},
		{"no source", strings.Replace(minimal, ", synthetic: cub", "", 1), `s.yaml:2:12: a data set needs features and labels (npy files), labels alone to evaluate embeddings on, or synthetic for a stand-in`},
		{"features alone", strings.Replace(minimal, "synthetic: cub", "features: x.npy", 1), `s.yaml:2:12: features and labels go together: rows of a matrix and the class of each`},
		{"unknown stand-in", strings.Replace(minimal, "synthetic: cub", "synthetic: cup", 1), `s.yaml:2:35: unknown synthetic "cup" (did you mean cub?); known: cub, cars, sop, inshop, inshop_v2`},
		{"scale", strings.Replace(minimal, "synthetic: cub", "synthetic: cub, scale: 2", 1), `s.yaml:2:47: scale = 2 is outside (0, 1]`},
		{"a name twice", strings.Replace(minimal, "[{name: cub, synthetic: cub}]", "[{name: cub, synthetic: cub}, {name: cub, synthetic: cars}]", 1), `s.yaml:2:41: a second data set is named cub; every name stands for one`},
		{"a step no run has", minimal + "steps: 50\nweights: {at: [first, 50]}\n", `s.yaml:5:10: weights.at has step 50, but cub trains for 50 steps, 0 to 49`},
		{"not a step", minimal + "weights: {at: [begin]}\n", `s.yaml:4:16: weights.at must hold first, last or a step counted from 0, not "begin"`},
		{"an endless merge", "name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [&l {name: nca, <<: *l}]\n", "s.yaml:3:29: *l stands within &l and would have no end; write it out"},
		{"a merge of a number", minimal + "head: {<<: 5, dim: 3}\n", `s.yaml:4:12: << merges a mapping or a list of mappings, not "5"`},
		{"a merge of a list of numbers", minimal + "head: {<<: [{dim: 3}, 5]}\n", `s.yaml:4:12: << merges a mapping or a list of mappings, not a list`},
		{"too large", minimal + "steps: 99999999999999999999\n", `s.yaml:4:8: steps = 99999999999999999999 is too large; at most 10000000`},
		{"too large a number", minimal + "optimizer: {lr: 1e999}\n", `s.yaml:4:17: lr = 1e999 is beyond the largest number, about 1.8e308`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(c.source)
			var e *SpecError
			if !errors.As(err, &e) {
				t.Fatalf("error %v, want a SpecError", err)
			}
			if !strings.HasPrefix(e.Problems[0], c.want) || len(e.Problems) != 1 {
				t.Errorf("got\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}

// All problems are told at once, in the order of the file.
func TestParseTellsAll(t *testing.T) {
	_, err := parse(minimal+"steps: 0\nseeds: x\nhead: {name: linear, init: zero}\n", "optimizer.lr=-1", "losses=triplet,ncaa")
	want := []string{
		`losses=triplet,ncaa: unknown loss "ncaa" (did you mean nca?)`,
		`optimizer.lr=-1: lr = -1 is outside (0, ∞)`,
		`s.yaml:4:8: steps = 0 is too small; at least 1`,
		`s.yaml:5:8: seeds must be a whole number, not "x"`,
		`s.yaml:6:28: unknown init "zero"; known: identity, pca, orthogonal, whitened`,
	}

	got := strings.Split(err.Error(), "\n")
	for k := range want {
		if k >= len(got) || !strings.HasPrefix(got[k], want[k]) {
			t.Fatalf("got\n%v\nwant\n%s", err, strings.Join(want, "\n"))
		}
	}
}

func TestOverrides(t *testing.T) {
	s, err := parse(minimal+"head: {name: linear, dim: 8, init: pca}\noptimizer: {name: adam, lr: 0.5, weight_decay: 1}\n",
		"optimizer.name=sgd", "optimizer.momentum=0.9", "steps=7", "losses=contrastive,triplet", "head.dim=4", "metrics.recall_at=10,1", "protocol=paper")
	if err != nil {
		t.Fatal(err)
	}
	d := s.Datasets[0]
	if want := (config.Optimizer{Name: "sgd", LR: 0.01, Momentum: 0.9}); d.Optimizer != want {
		t.Errorf("optimizer %+v, want %+v: another name is another block", d.Optimizer, want)
	}
	if want := (config.Head{Name: "linear", Dim: 4, Init: "pca"}); d.Head != want {
		t.Errorf("head %+v, want %+v", d.Head, want)
	}
	if d.Steps != 7 || len(s.Losses) != 2 || s.Losses[1].Choice.Name() != "triplet.gpw" {
		t.Errorf("steps %d and %d losses, want 7 and contrastive with triplet", d.Steps, len(s.Losses))
	}
	if diff := cmp.Diff([]int{1, 10}, d.Metrics.RecallAt); diff != "" {
		t.Errorf("recall_at: %s", diff)
	}
	if want := (protocol.Paper{Every: 10}); d.Protocol != want {
		t.Errorf("protocol %+v, want %+v", d.Protocol, want)
	}
	s, err = parse(minimal, "datasets.cub.scale=0.5", "datasets.cub.sampler.classes=3")
	if err != nil || s.Datasets[0].Scale != 0.5 || s.Datasets[0].Sampler.Classes != 3 {
		t.Errorf("a data set by its name: %+v, error %v", s, err)
	}

	for _, bad := range []string{"datasets.cup.scale=1", "datasets.cub=1", "steps", "=3", "losses.name=a", "steps=[1"} {
		if _, err := parse(minimal, bad); err == nil || !strings.HasPrefix(err.Error(), bad+": ") {
			t.Errorf("override %q: error %v, want one that begins with it", bad, err)
		}
	}
}

// A data set starts from the spec's blocks and overrides some, wherever in the file they
// stand.
func TestDatasetOverrides(t *testing.T) {
	s, err := parse(`name: two
datasets:
  - {name: a, synthetic: cub}
  - {name: b, synthetic: cars, sampler: {classes: 4}, head: none, steps: 3, preprocess: []}
losses: [nca]
sampler: {classes: 9, per_class: 7}
head: {dim: 16}
`)
	if err != nil {
		t.Fatal(err)
	}
	a, b := s.Datasets[0], s.Datasets[1]
	if a.Sampler != (config.Sampler{Name: "m_per_class", Classes: 9, PerClass: 7}) || b.Sampler != (config.Sampler{Name: "m_per_class", Classes: 4, PerClass: 7}) {
		t.Errorf("samplers %+v and %+v, want 9×7 and 4×7", a.Sampler, b.Sampler)
	}
	if a.Head.Dim != 16 || b.Head != (config.Head{Name: "none"}) || b.Steps != 3 || len(b.Preprocess) != 0 || len(a.Preprocess) != 1 {
		t.Errorf("heads %+v and %+v, steps %d, preprocess %v and %v", a.Head, b.Head, b.Steps, a.Preprocess, b.Preprocess)
	}
	if a.Split.Name != "cub200" || b.Split.Name != "cars196" {
		t.Errorf("splits %v and %v, want the benchmarks' own", a.Split, b.Split)
	}
}

// Names of parameters known from other tools are accepted, with a hint where they stand.
func TestAliases(t *testing.T) {
	s, err := parse(strings.Replace(minimal, "contrastive", "{name: multi_similarity, params: {scale_pos: 3, thresh: 0.4}, miner: {epsilon: 0.2}}", 1))
	if err != nil {
		t.Fatal(err)
	}
	want := losses.MultiSimilarity{Alpha: 3, Beta: 40, Lambda: 0.4}
	if got := s.Losses[0].Choice; got.Value != any(want) || got.Miner != any(losses.MultiSimilarityMiner{Eps: 0.2}) {
		t.Errorf("got %+v with %+v, want %+v with ε 0.2", got.Value, got.Miner, want)
	}
	if diff := cmp.Diff([]string{
		"s.yaml:3:44: scale_pos is called alpha here", "s.yaml:3:58: thresh is called lambda here", "s.yaml:3:80: epsilon is called eps here",
	}, s.Hints); diff != "" {
		t.Errorf("hints: %s", diff)
	}
}

func TestLabels(t *testing.T) {
	for text, want := range map[string]string{
		"multi_similarity":                                         "Multi-Similarity",
		"multi_similarity.paper":                                   "Multi-Similarity paper",
		"{name: multi_similarity, miner: none}":                    "Multi-Similarity, no mining",
		"{name: multi_similarity, params: {beta: 10}}":             "Multi-Similarity, β 10",
		"{name: contrastive, miner: multi_similarity}":             "Contrastive, MS mining ε 0.1",
		"{name: multi_similarity, preset: paper, label: as in it}": "as in it",
		"{name: contrastive, memory: none}":                        "Contrastive",
		"{name: contrastive, memory: {name: xbm, size: 64}}":       "Contrastive, xbm of 64 from step 0",
	} {
		row, _, err := ParseLoss(text, losses.Catalogue)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if row.Label != want {
			t.Errorf("%s is labelled %q, want %q", text, row.Label, want)
		}
	}
}

func TestParseLossErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "loss: no loss; name one, such as multi_similarity",
		"ncaa":                           `loss:1:1: unknown loss "ncaa" (did you mean nca?)`,
		"{name: nca, scale: 3}":          `loss:1:13: unknown key "scale" in a loss; known: name, preset, params, proxies, label, miner, memory, optimizer, protocol, value, positive, negative, mine`,
		"{name: nca":                     "loss:1:1: not YAML: ",
		"&x {name: contrastive, <<: *x}": "loss:1:28: *x stands within &x and would have no end; write it out",
		doubling(27):                     "loss:1:",
		"nca\n--- triplet\n":             "loss:2:1: a second document; a file holds one spec, and a value is one document",
		"{name: nca, <<: 5}":             `loss:1:17: << merges a mapping or a list of mappings, not "5"`,
		"{name: angular, memory: xbm}":   "loss:1:1: angular reads the similarities of its candidates to each other, which a memory bank does not have",
		"{name: cosface, memory: xbm}":   "loss:1:1: cosface compares with proxies, not with a memory bank",
		"{name: ncaa, memory: xbm}":      `loss:1:8: unknown loss "ncaa"`,
		"{name: nca, memory: xmb}":       `loss:1:21: unknown memory "xmb" (did you mean xbm?); known: none, xbm`,
	} {
		_, _, err := ParseLoss(text, losses.Catalogue)
		var e *SpecError
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

// A parameter of another preset is no unknown one, for the pages list it; a misspelt word
// gets the nearest.
func TestParametersOfOtherPresets(t *testing.T) {
	for text, want := range map[string]string{
		"{name: triplet, params: {select: semihard}}":                        "loss:1:26: triplet.gpw has no select; these presets of triplet have it: facenet, pml, semihard, hard, easy_soft",
		"{name: triplet, params: {type_of_triplets: all}}":                   "loss:1:26: triplet.gpw has no type_of_triplets; these presets of triplet have it: facenet, pml, semihard, hard, easy_soft",
		"{name: triplet, preset: pml, params: {type_of_triplets: seminard}}": "loss:1:57: select = seminard must be one of all | hard | semihard (did you mean semihard?)",
		"{name: margin, params: {nu: 0, betta: 1}}": "loss:1:25: margin.pairs has no nu; these presets of margin have it: learned, per_class\n" +
			`loss:1:32: unknown key "betta" in the parameters of margin (did you mean beta?); known: margin, beta`,
	} {
		if _, _, err := ParseLoss(text, losses.Catalogue); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

// Whatever the bytes, Parse returns a spec or a SpecError.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("../*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}

	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source), "steps=3")
	}

	f.Add(minimal+"weights: {at: [first]}\n", "head.name=none")
	f.Fuzz(func(t *testing.T, source, override string) {
		s, err := parse(source, override)
		var e *SpecError
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("error of type %T: %v", err, err)
		}
		if err == nil {
			source, err := s.encode()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Parse("s.yaml", source, nil, losses.Catalogue); err != nil {
				t.Fatalf("written as YAML it is refused: %v\n%s", err, source)
			}
		}
	})
}

// sourceOf is the spec as YAML.
func sourceOf(t testing.TB, s *Spec) string {
	t.Helper()
	source, err := s.Source()
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}
