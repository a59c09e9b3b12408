package experiments

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// constants writes features of 8 classes of 5 rows, of which the first 4 classes train,
// and returns a spec of them. change alters the rows, 3 features each.
func constants(t *testing.T, change func(x []float32), more string, overrides ...string) error {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 8))
	x, labels := make([]float32, 3*40), make([]int64, 40)
	for k := range x {
		x[k] = float32(1 + r.Float64())
	}
	for i := range labels {
		labels[i] = int64(i / 5)
	}
	change(x)
	features, y := writeNPY(t, "x.npy", []int{40, 3}, x), writeNPY(t, "y.npy", []int{40}, labels)
	s, err := parseSpec("name: x\ndatasets: [{name: d, features: "+features+", labels: "+y+"}]\n"+
		"losses: [contrastive]\nseeds: 1\nsteps: 2\nsampler: {classes: 2, per_class: 2}\n"+more, overrides...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = DryRun(t.Context(), s, t.TempDir(), Options{})
	return err
}

// Features that a run finds no direction in are refused by a dry run, with the rows.
func TestRowsWithoutDirection(t *testing.T) {
	fill := func(x []float32, from, to int, v ...float32) {
		for i := from; i < to; i++ {
			copy(x[3*i:3*i+3], v)
		}
	}
	centre := func(x []float32, row int) { // which is then the mean of the training rows
		fill(x, 0, 20, 1, 2, 3)
		for i := range 20 {
			x[3*i] += float32(i%2)*2 - 1
		}
		fill(x, row, row+1, 1, 2, 3)
		if row < 20 {
			x[3*(row^1)] = 1
		}
	}
	equal := func(x []float32) { fill(x, 0, 40, 0.3, 0.3, 0.7) }
	multiples := func(x []float32) {
		for i := range 40 {
			fill(x, i, i+1, 0.1*float32(i+1), 0.3*float32(i+1), 0.7*float32(i+1))
		}
	}
	for name, c := range map[string]struct {
		change func(x []float32)
		more   string
		want   string // "" for a spec that is right
	}{
		"equal":                 {equal, "", "all 20 training rows of d are equal, so that center leaves nothing of them"},
		"equal in training":     {func(x []float32) { fill(x, 0, 20, 0.3, 0.3, 0.7) }, "", "all 20 training rows of d are equal"},
		"equal in the test":     {func(x []float32) { fill(x, 20, 40, 0.3, 0.3, 0.7) }, "", ""},
		"equal and not centred": {equal, "preprocess: []\n", ""},
		"multiples":             {multiples, "preprocess: [l2, center]\n", "all 20 training rows of d are equal, so that l2, center leaves nothing of them"},
		"multiples without l2":  {multiples, "", ""},
		"a training row":        {func(x []float32) { centre(x, 7) }, "", "d: row 6 (the first of 2 training rows) is all zeros after preprocess center"},
		"a test row":            {func(x []float32) { centre(x, 33) }, "", "d: row 33 is all zeros after preprocess center, and has no direction; remove it from features and labels, or leave center out"},
		"ordinary":              {func([]float32) {}, "", ""},
		"raw alone":             {equal, "losses!: []\nbaselines: [raw]\n", ""},
		"baselines alone":       {equal, "losses!: []\nbaselines: [frozen]\n", "d: row 20 (the first of 20 test rows) is all zeros"},
		"a pca of equal rows":   {equal, "preprocess: []\nbaselines: [pca]\n", "pca of d needs training rows that differ, and all 20 are equal; leave it out of the baselines"},
	} {
		t.Run(name, func(t *testing.T) {
			var overrides []string
			more := c.more
			if rest, ok := strings.CutPrefix(more, "losses!: []\n"); ok {
				more, overrides = rest, []string{"losses=[]"}
			}
			err := constants(t, c.change, more, overrides...)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// A head that starts from a map which the training rows of a fold do not determine is
// refused by a dry run, with the fold; and the largest that they do is not.
func TestStartOnFolds(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 8))
	x, labels := make([]float32, 17*36), make([]int64, 36)
	for k := range x {
		x[k] = float32(r.NormFloat64())
	}
	for i := range labels {
		labels[i] = int64(i / 3)
	}
	features, y := writeNPY(t, "x.npy", []int{36, 17}, x), writeNPY(t, "y.npy", []int{36}, labels)
	dry := func(overrides ...string) error {
		s, err := parseSpec("name: x\ndatasets: [{name: d, features: "+features+", labels: "+y+"}]\nlosses: [contrastive]\nseeds: 2\nsteps: 2\n"+
			"sampler: {classes: 2, per_class: 2}\nprotocol: {name: holdout, folds: 3, every: 1}\n", overrides...)
		if err != nil {
			t.Fatal(err)
		}
		_, err = DryRun(t.Context(), s, t.TempDir(), Options{})
		return err
	}

	// 6 classes of 3 rows train, 4 of them in each fold.
	for _, init := range []string{"pca", "whitened"} {
		err := dry("head.init="+init, "head.dim=13")
		want := "the start " + init + " of the head is to have 13 dimensions, and 12 training rows of 17 features have at most 11 (fold 1 of 3, seed 0); lower head.dim, raise protocol.folds"
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", init, err, want)
		}
		if err := dry("head.init="+init, "head.dim=11"); err != nil {
			t.Errorf("%s to 11 dimensions: %v", init, err)
		}
		if err := dry("head.init="+init, "head.dim=13", "protocol=fixed"); err != nil {
			t.Errorf("%s without folds: %v", init, err)
		}
	}
	if err := dry("head.init=whitened"); err != nil {
		t.Errorf("a whitening of all features: %v", err)
	}
	if err := dry("head.init=pca"); err == nil || !strings.Contains(err.Error(), "is to have 17 dimensions") {
		t.Errorf("a square start: error %v", err)
	}
}

// Messages call a class by the name that it has in the user's file.
func TestClassesByName(t *testing.T) {
	names := []string{"jay", "jay", "wren", "wren", "owl", "owl", "tit", "tit"}
	x := make([]float32, 2*len(names))
	for k := range x {
		x[k] = float32(1 + k*k%7)
	}
	features := writeNPY(t, "x.npy", []int{len(names), 2}, x)
	dry := func(more string, names ...string) (text string, err error) {
		t.Helper()
		labels := writeText(t, "y.txt", strings.Join(names, "\n")+"\n")
		s, err := parseSpec("name: x\ndatasets: [{name: d, labels: " + labels + more + "}]\n")
		if err != nil {
			t.Fatal(err)
		}
		return DryRun(t.Context(), s, t.TempDir(), Options{})
	}

	const elsewhere = "}]\nlosses: [{label: A, embeddings: x.npy"
	partition := ", partition: " + writeText(t, "p.txt", strings.Join([]string{"train", "train", "Query", "gallery", "query", "gallery", "train", "gallery"}, "\n")+"\n")
	text, err := dry(partition+", features: "+features+"}]\nlosses: [{name: contrastive", names...)
	if err != nil || !strings.Contains(text, `1 of 3 test classes are training classes too, first "tit"; figures`) {
		t.Errorf("a class on both sides: error %v, told is %s", err, text)
	}
	partition = ", partition: " + writeText(t, "p.txt", strings.Join([]string{"train", "train", "query", "query", "gallery", "gallery", "train", "train"}, "\n")+"\n")
	if _, err := dry(partition+elsewhere, names...); err == nil || !strings.Contains(err.Error(), `the 2 queries are of 1 class ("wren"), and none of these is among the 2 test gallery rows of 1 class ("owl")`) {
		t.Errorf("apart: error %v", err)
	}

	single := slices.Clone(names)
	single[1] = "emu"
	noted, err := dry(", features: "+features+", split: {train_classes: 3}}]\nlosses: [contrastive]\nsteps: 2\nbaselines: [{name: frozen", single...)
	if err != nil {
		t.Fatal(err)
	}
	if want := `2 of 3 training classes have one row ("jay", "emu"): their only positives are copies of it`; !strings.Contains(noted, want) {
		t.Errorf("no %s in\n%s", want, noted)
	}
}

// A partition is words or numbers, in any format, and one file may hold all three arrays.
func TestPartitionOfAnyFormat(t *testing.T) {
	table := "path,label,partition,f0,f1\n"
	r := rand.New(rand.NewPCG(3, 8))
	for i, row := range []string{"jay,train", "jay,train", "owl,query", "owl,gallery", "tit,query", "tit,gallery", "emu,train", "emu,train"} {
		f := func() string { return []string{"0.5", "1", "2.25", "-3"}[r.IntN(4)] }
		table += "a/" + string(rune('0'+i)) + ".jpg," + row + "," + f() + "," + f() + "\n"
	}
	all := writeText(t, "d.csv", table)
	numbers := writeNPY(t, "p.npy", []int{8}, []int64{0, 0, 1, 2, 1, 2, 0, 0})
	list := writeText(t, "list.txt", "a.jpg train\nb.jpg train\nc.jpg query\nd.jpg gallery\ne.jpg query\nf.jpg gallery\ng.jpg train\nh.jpg train\n")
	for _, partition := range []string{all, all + ":partition", numbers, list} {
		s, err := parseSpec("name: x\ndatasets: [{name: d, labels: " + all + ", partition: " + partition + "}]\nlosses: [{label: A, embeddings: x.npy}]\n")
		if err != nil {
			t.Fatal(err)
		}
		d, err := load(&s.Datasets[0])
		if err != nil {
			t.Fatalf("%s: %v", partition, err)
		}
		if !slices.Equal(d.split.Query, []int{2, 4}) || !slices.Equal(d.split.Gallery, []int{3, 5}) || len(d.split.Train) != 4 {
			t.Errorf("%s: split %+v", partition, d.split)
		}
	}

	// The column of the partition is none of the features.
	s, err := parseSpec("name: x\ndatasets: [{name: d, features: " + all + ", labels: " + all + "}]\nlosses: [contrastive]\n")
	if err != nil {
		t.Fatal(err)
	}
	if d, err := load(&s.Datasets[0]); err != nil || d.info.Dim != 2 {
		t.Errorf("error %v, or other than 2 features", err)
	}

	wrong := writeText(t, "w.txt", "train\ntrain\nquery\ngalery\nquery\ngallery\ntrain\ntrain\n")
	s, err = parseSpec("name: x\ndatasets: [{name: d, labels: " + all + ", partition: " + wrong + "}]\nlosses: [{label: A, embeddings: x.npy}]\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := load(&s.Datasets[0]); err == nil || !strings.HasSuffix(err.Error(), `has "galery" in row 3 of the partition: use train, query, gallery or test, or 0, 1, 2, 3`) {
		t.Errorf("error %v", err)
	}
}

// writeText writes a file of text.
func writeText(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
