package spec

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"gpwbench/losses"
)

// checkpoints is a spec of rows that were trained elsewhere, on labels alone.
const checkpoints = `name: points
datasets: [{name: birds, labels: y.npy}]
losses: [{label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}, {embeddings: "$DIR/b.npy", label: B}]
`

// Rows of embeddings are read without quotes in braces too, where YAML alone would end
// the text at the brace, and stand apart from the losses.
func TestElsewhere(t *testing.T) {
	block := strings.Replace(checkpoints, "[{label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}, ", "\n- {label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}\n- ", 1)
	for _, source := range []string{checkpoints, strings.Replace(block, "B}]", "B}", 1)} {
		s, err := parse(source)
		if err != nil {
			t.Fatalf("%v in\n%s", err, source)
		}
		want := []Elsewhere{{Label: "MS fine-tuned", Embeddings: "runs/ms_{seed}.npy"}, {Label: "B", Embeddings: "$DIR/b.npy"}}
		if !reflect.DeepEqual(s.Elsewhere, want) || len(s.Losses) != 0 {
			t.Errorf("rows %+v, losses %+v", s.Elsewhere, s.Losses)
		}
		if d := s.Datasets[0]; !d.LabelsOnly() || d.Split.Name != All {
			t.Errorf("data set %+v", d)
		}
	}

	e := Elsewhere{Label: "A", Embeddings: "$X/{dataset}_{seed}/{seed}.npy"}
	if got := e.Path("birds", 12); got != "$X/birds_12/12.npy" || !e.Seeded() {
		t.Errorf("path %s, seeded %v", got, e.Seeded())
	}
	if e.Embeddings = "a.npy"; e.Path("birds", 1) != "a.npy" || e.Seeded() {
		t.Error("a path without {seed} has seeds")
	}
}

// Braces that are hidden while YAML is read come back everywhere: in the places of what
// stands behind them, in texts of other keys, in comments that an override keeps, and in
// errors.
func TestMarksAreHidden(t *testing.T) {
	_, err := parse(strings.Replace(checkpoints, "{label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}", "{embeddings: ä_{seed}.npy, lable: x}", 1))
	if want := `s.yaml:3:37: unknown key "lable" in a row of embeddings (did you mean label?); known: label, embeddings, seeds`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want\n%s", err, want)
	}
	_, err = parse(checkpoints + "seeds: {seed}\n")
	if want := `seeds must be a whole number, not "{seed}"`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}

	s, err := parse(checkpoints+"# one file for each {seed}\n", "seeds=4", "losses=[{label: C, embeddings: c_{seed}.npy}]")
	if err != nil {
		t.Fatal(err)
	}
	source, err := s.Source()
	if err != nil || strings.ContainsAny(string(source), hiddenOpen+hiddenClose) || !strings.Contains(string(source), "each {seed}") {
		t.Errorf("%v in the source\n%s", err, source)
	}
	again, err := Parse("s.yaml", source, nil, losses.Catalogue)
	if err != nil || !reflect.DeepEqual(again.Elsewhere, []Elsewhere{{Label: "C", Embeddings: "c_{seed}.npy"}}) || again.Seeds != 4 {
		t.Errorf("%v, read again as %+v", err, again)
	}

	// A text that has the characters keeps them, and its braces are YAML's.
	if s, err := parse(strings.Replace(checkpoints, "MS fine-tuned, embeddings: runs/ms_{seed}.npy", `"`+hiddenOpen+`", embeddings: "a_{seed}.npy"`, 1)); err != nil || s.Elsewhere[0].Label != hiddenOpen {
		t.Errorf("%v", err)
	}
}

// What stands beside rows of embeddings and is not theirs is refused with the reason.
func TestElsewhereRefusals(t *testing.T) {
	row := "{label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}"
	with := func(other string) string { return strings.Replace(checkpoints, row, other, 1) }
	onFeatures := strings.Replace(minimal, "[contrastive]", "[contrastive, "+row+"]", 1)
	for _, c := range []struct{ name, source, want string }{
		{"a key of a loss", with("{label: A, embeddings: a.npy, memory: xbm}"), "s.yaml:3:40: memory is of a loss that is trained here; a row of embeddings was trained elsewhere, and has label, embeddings and seeds alone"},
		{"a name", with("{name: contrastive, embeddings: a.npy, label: A}"), "s.yaml:3:11: name is of a loss that is trained here"},
		{"a formula", with("{label: A, embeddings: a.npy, positive: 1 - s}"), "s.yaml:3:40: positive is of a loss"},
		{"no label", with("{embeddings: a_{seed}.npy}"), "s.yaml:3:10: a row of embeddings needs a label, its name in the table, such as {label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}"},
		{"no label of the one row", strings.Replace(checkpoints, checkpoints[strings.Index(checkpoints, "losses"):], "losses: [{embeddings: x.npy}]\n", 1), "s.yaml:3:10: a row of embeddings needs a label"},
		{"no label of the row alone", strings.Replace(checkpoints, checkpoints[strings.Index(checkpoints, "losses"):], "losses: {embeddings: x.npy}\n", 1), "s.yaml:3:9: a row of embeddings needs a label"},
		{"no path", with("{label: A, embeddings: }"), "s.yaml:3:33: embeddings must be a text"},
		{"a wrong key", with("{label: A, embedings: a.npy}"), `s.yaml:3:21: unknown key "embedings" in a loss (did you mean embeddings?)`},
		{"a baseline's name", with("{label: whitening, embeddings: a.npy}"), `s.yaml:3:10: "whitening" is the name of a baseline; give the row another label`},
		{"a label twice", with("{label: B, embeddings: a.npy}"), `s.yaml:3:41: the same label as s.yaml:3:10: "B"; give one of the rows another`},
		{"the label of a loss", strings.Replace(onFeatures, "MS fine-tuned", "Contrastive", 1), `s.yaml:3:23: the same label as s.yaml:3:10: "Contrastive"; give one of the rows another`},
		{"a variable seed", with("{label: A, embeddings: 'a_${seed}.npy'}"), "s.yaml:3:33: {seed} and {dataset} are no $VARIABLES; write them without $"},
		{"several data sets", strings.Replace(onFeatures, "synthetic: cub}]", "synthetic: cub}, {name: cars, synthetic: cars}]", 1),
			"s.yaml:3:23: a file has the rows of one data set, and there are 2; write {dataset} where their names stand, such as {dataset}/runs/ms_{seed}.npy"},
		{"a loss on labels alone", with(row + ", triplet"), "s.yaml:3:66: Triplet needs features to train on, and the data set birds has labels alone; give it features, or leave only rows of embeddings"},
		{"baselines on labels alone", checkpoints + "baselines: [frozen]\n", "s.yaml:4:12: baselines need features, and the data set birds has labels alone; leave them out, or give it features"},
		{"nothing on labels alone", strings.Replace(checkpoints, checkpoints[strings.Index(checkpoints, "losses"):], "losses: []\n", 1), "s.yaml:2:12: birds has labels and no features, so that only rows of embeddings can be evaluated on it"},
		{"a scale of labels alone", strings.Replace(checkpoints, "y.npy}", "y.npy, scale: 0.5}", 1), "s.yaml:2:48: scale is of a stand-in"},
		{"a partition that is missing", strings.Replace(checkpoints, "y.npy}", "y.npy, split: partition}", 1), "s.yaml:2:48: split partition needs partition"},
		{"a split beside a partition", strings.Replace(checkpoints, "y.npy}", "y.npy, partition: p.npy, split: all}", 1), "s.yaml:2:52: partition divides the rows by itself, and split all does otherwise; leave one of them out"},
		{"all of features", strings.Replace(minimal, "synthetic: cub", "features: x.npy, labels: y.npy, split: all", 1), "s.yaml:2:63: split all is of a data set of labels alone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(c.source)
			var e *SpecError
			if !errors.As(err, &e) || len(e.Problems) != 1 || !strings.HasPrefix(e.Problems[0], c.want) {
				t.Errorf("got\n%v\nwant\n%s", err, c.want)
			}
		})
	}

	if _, _, err := parseLoss("{label: A, embeddings: a.npy}"); err == nil || !strings.Contains(err.Error(), "are a row of a spec, and no loss; name a loss") {
		t.Errorf("as a loss: %v", err)
	}
}

// A word in braces that stands for nothing is named with those that there are, whether
// YAML would read it as a text or not.
func TestElsewhereUnknownPlaceholders(t *testing.T) {
	const known = "; there are {seed}, each seed of the spec, and {dataset}, the name of the data set"
	for path, want := range map[string]string{
		"runs/ms_{sed}.npy":      "{sed} (did you mean {seed}?)",
		"runs/ms_{Seeds}.npy":    "{Seeds} (did you mean {seed}?)",
		"{data_set}/ms.npy":      "{data_set} (did you mean {dataset}?)",
		"ms_{seed:03d}.npy":      "{seed:03d} (did you mean {seed}?), and numbers have no format",
		"ms_{seed}_{k}.npy":      "{k}",
		"ms_{}.npy":              "{}",
		"{seed}{sead}":           "{sead} (did you mean {seed}?)",
		"$DIR/${HOME}_{sed}.npy": "{sed} (did you mean {seed}?)",
	} {
		for style, source := range map[string]string{
			"flow":  "[{label: A, embeddings: " + path + "}, {label: B, embeddings: b.npy}]",
			"block": "\n- label: A\n  embeddings: " + path + "\n- {label: B, embeddings: b.npy}",
		} {
			_, err := parse(checkpoints[:strings.Index(checkpoints, "[{label")] + source + "\n")
			var e *SpecError
			if !errors.As(err, &e) || len(e.Problems) != 1 || !strings.HasSuffix(e.Problems[0], ": unknown placeholder "+want+known) || !strings.HasPrefix(e.Problems[0], "s.yaml:") {
				t.Errorf("%s, %s: got\n%v\nwant %s%s", path, style, err, want, known)
			}
		}
	}

	s, err := parse(strings.Replace(checkpoints, "runs/ms_{seed}.npy", "${HOME}/ms_{seed}.npy", 1))
	if err != nil || s.Elsewhere[0].Embeddings != "${HOME}/ms_{seed}.npy" {
		t.Errorf("a $VARIABLE in braces: %v", err)
	}
	// Mappings of one word stay mappings, however close they are written.
	if _, err := parse(checkpoints, "head={dim}"); err == nil || !strings.Contains(err.Error(), "dim must be a whole number") {
		t.Errorf("a mapping of one key: %v", err)
	}
	if _, err := parse(minimal, "optimizer={lr:}", "losses=[{name: contrastive,params: {lambda}},{name}]"); err == nil || strings.Contains(err.Error(), "not YAML") {
		t.Errorf("mappings of one key: %v", err)
	}
}

// A data set of labels alone takes the division that it names, and needs none.
func TestLabelsOnlySplits(t *testing.T) {
	for text, want := range map[string]string{
		"": All, ", split: all": All, ", partition: p.npy": Partitioned, ", partition: p.npy, split: partition": Partitioned,
		", partition: p.npy, split: inshop": "inshop", ", split: half": Half, ", split: {train_classes: 3}": "first 3 classes", ", split: cub200": "cub200",
	} {
		s, err := parse(strings.Replace(checkpoints, "y.npy}", "y.npy"+text+"}", 1))
		if err != nil || s.Datasets[0].Split.String() != want {
			t.Errorf("%q: %v, want split %s", text, err, want)
		}
	}
	for _, more := range []string{"baselines: none\n", "head: {dim: 3}\nsteps: 9\nprotocol: holdout\n"} {
		if _, err := parse(checkpoints + more); err != nil {
			t.Errorf("with %q: %v", more, err)
		}
	}
	if _, err := parse(checkpoints, "datasets.birds.features=x.npy", "datasets.birds.split=half"); err != nil {
		t.Errorf("with features: %v", err)
	}
}

// A spec that a program builds of such rows, and one that it changes, is written with
// them.
func TestBuiltElsewhere(t *testing.T) {
	birds := NewDataset("birds")
	birds.Labels, birds.Split = "y.npy", Split{Name: All}
	s := New("built")
	s.Datasets, s.Elsewhere = []Dataset{birds}, []Elsewhere{{Label: "A, B", Embeddings: "runs/{dataset} {seed}.npy", Seeds: []int{0, 2}}, {Label: "C", Embeddings: "c.npy"}}
	source, err := s.Source()
	if err != nil {
		t.Fatal(err)
	}
	read, err := Parse("built.yaml", source, nil, losses.Catalogue)
	if err != nil || !reflect.DeepEqual(read.Elsewhere, s.Elsewhere) || !reflect.DeepEqual(read.Datasets, s.Datasets) || !read.OptionalBaselines {
		t.Errorf("%v: %+v of\n%s", err, read, source)
	}

	clone := s.Clone()
	clone.Elsewhere[0].Label, clone.Elsewhere[0].Seeds[0] = "D", 1
	if s.Elsewhere[0].Label != "A, B" || s.Elsewhere[0].Seeds[0] != 0 {
		t.Error("a clone shares its rows")
	}
	read.Elsewhere[1].Label = ""
	if err := read.Check(); err == nil || !strings.Contains(err.Error(), "a row of embeddings needs a label") {
		t.Errorf("a row without a label: %v", err)
	}
}

// A row says which of the spec's seeds it has a file of. Seeds that the spec has not, and
// seeds of a file without {seed}, are refused where they stand.
func TestElsewhereSeeds(t *testing.T) {
	with := func(row string) string {
		return strings.Replace(checkpoints, "{label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}", row, 1) + "seeds: 4\n"
	}
	s, err := parse(with("{label: A, embeddings: a_{seed}.npy, seeds: [3, 0, 1]}"))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Elsewhere[0].SeedsOf(s.Seeds); !reflect.DeepEqual(got, []int{0, 1, 3}) {
		t.Errorf("seeds %v", got)
	}
	if got := s.Elsewhere[1].SeedsOf(s.Seeds); !reflect.DeepEqual(got, []int{0}) {
		t.Errorf("seeds %v of a file without", got)
	}
	s.Elsewhere[0].Seeds = nil
	if got := s.Elsewhere[0].SeedsOf(s.Seeds); !reflect.DeepEqual(got, []int{0, 1, 2, 3}) {
		t.Errorf("seeds %v of all", got)
	}

	for row, want := range map[string]string{
		"{label: A, embeddings: a_{seed}.npy, seeds: [0, 4]}":    "s.yaml:3:10: A has seed 4, and the spec has seeds 0 to 3; leave it out of the row's seeds, or write seeds: 5 for all rows",
		"{label: A, embeddings: a.npy, seeds: [0]}":              "s.yaml:3:47: seeds are those that a row has a file of, and a.npy has no {seed}: it is one file, of no seed; leave seeds out",
		"{label: A, embeddings: a_{seed}.npy, seeds: [0, 1, 0]}": "s.yaml:3:61: seeds has 0 twice; leave one of them out",
		"{label: A, embeddings: a_{seed}.npy, seeds: []}":        "s.yaml:3:54: seeds is empty; name those that the row has a file of, such as [0, 1, 3]",
		"{label: A, embeddings: a_{seed}.npy, seeds: [-1]}":      "s.yaml:3:55: a seed = -1 is too small; at least 0",
		"{label: A, embeddings: a_{seed}.npy, seeds: all}":       "s.yaml:3:54: a seed must be a whole number",
	} {
		_, err := parse(with(row))
		var e *SpecError
		if !errors.As(err, &e) || len(e.Problems) != 1 || !strings.HasPrefix(e.Problems[0], want) {
			t.Errorf("%s: got\n%v\nwant\n%s", row, err, want)
		}
	}
}
