package experiments

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/metrics"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/protocol"
	"gpwbench/internal/npy"
	"gpwbench/matrix"
	"gpwbench/results"
)

// A ruled is a data set of 12 classes with three cameras and rows of a label that counts
// for nothing.
type ruled struct {
	dir     string
	x       matrix.Matrix
	labels  []string
	cameras []int
	parts   []int
}

const junk = "junk"

func newRuled(t *testing.T) *ruled {
	t.Helper()
	r := rand.New(rand.NewPCG(4, 12))
	f := &ruled{dir: t.TempDir(), x: matrix.New(100, 6)}
	centres := make([]float64, 6*13)
	for k := range centres {
		centres[k] = r.NormFloat64()
	}
	var y, groups, parts strings.Builder
	for i := range 100 {
		class := r.IntN(13)
		label := fmt.Sprintf("c%02d", class)
		if class == 12 {
			label = junk
		}
		camera, part := r.IntN(3), 0
		if class > 5 {
			part = 1 + r.IntN(2)
		}
		for k := range f.x.Row(i) {
			f.x.Row(i)[k] = float32(centres[6*class+k] + 0.5*float64(camera) + r.NormFloat64())
		}
		f.labels, f.cameras, f.parts = append(f.labels, label), append(f.cameras, camera), append(f.parts, part)
		fmt.Fprintln(&y, label)
		fmt.Fprintf(&groups, "camera %d\n", camera)
		fmt.Fprintln(&parts, part)
	}
	for name, text := range map[string]string{"y.txt": y.String(), "groups.txt": groups.String(), "parts.txt": parts.String()} {
		f.put(t, name, []byte(text))
	}
	f.put(t, "x.npy", npyBytes(t, []int{100, 6}, f.x.Data))
	return f
}

func (f *ruled) put(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (f *ruled) source(dataset, more string) string {
	return fmt.Sprintf("name: x\ndatasets:\n  - {name: a, features: %s/x.npy, labels: %[1]s/y.txt%s}\n%s", f.dir, dataset, more)
}

// recall is Recall@1 of some rows by the definition.
func (f *ruled) recall(x func(row int) []float32, query, gallery []int) float64 {
	hits, counted := 0.0, 0.0
	for _, i := range query {
		positive, negative := -2.0, -2.0
		for _, j := range gallery {
			if i == j || f.cameras[i] == f.cameras[j] {
				continue
			}
			if s := cosine64(x(i), x(j)); f.labels[i] == f.labels[j] {
				positive = max(positive, s)
			} else {
				negative = max(negative, s)
			}
		}
		if positive > -2 {
			counted++
			if positive >= negative {
				hits++
			}
		}
	}
	return hits / counted
}

func cosine64(a, b []float32) float64 {
	var ab, aa, bb float64
	for k := range a {
		x, y := float64(a[k]), float64(b[k])
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}

// ruledEmbeddings are the embeddings that a run kept, their rows, and parts where a
// gallery is searched.
type ruledEmbeddings struct {
	x           matrix.Matrix
	rows, parts []int
}

func keptEmbeddings(t *testing.T, dir string, rec results.Record) (e ruledEmbeddings) {
	t.Helper()
	archive, err := npy.ReadNPZ(filepath.Join(dir, results.EmbeddingsFile(rec.ID)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := archive["embeddings"].Float64s()
	if err != nil {
		t.Fatal(err)
	}
	shape := archive["embeddings"].Shape
	e.x = matrix.New(shape[0], shape[1])
	for k, v := range data {
		e.x.Data[k] = float32(v)
	}
	if e.rows, err = archive["rows"].Ints(); err == nil && archive["partition"] != nil {
		e.parts, err = archive["partition"].Ints()
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The figures of a run under ignore and groups are those of gpw eval with the same rules:
// of kept embeddings, by the definition, and of each query.
func TestRulesOfADataSet(t *testing.T) {
	f := newRuled(t)
	more := "baselines: [raw, pca]\nlosses: [{name: contrastive, protocol: {name: holdout, folds: 2}}]\npreprocess: []\nhead: {dim: 4}\nsampler: {classes: 2, per_class: 2}\nsteps: 6\nseeds: 1\nkeep: [embeddings]\nmetrics: {also: [mrr, map@5]}\n"
	for name, dataset := range map[string]string{"each other": "", "gallery": ", partition: " + f.dir + "/parts.txt"} {
		s, err := parseSpec(f.source(dataset+", ignore: junk, groups: "+f.dir+"/groups.txt", more))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		out, err := runInto(t.Context(), t, dir, s, 2, nil)
		if err != nil || len(out.Failed) > 0 {
			t.Fatal(name, out, err)
		}
		for _, rec := range records(t, dir) {
			f.holds(t, dir, rec, s.Datasets[0].Metrics.Also)
			if !strings.Contains(rec.Dataset.Provenance, "rows of the label junk, grouped by ") {
				t.Errorf("%s: the provenance is %q", name, rec.Dataset.Provenance)
			}
		}
	}
}

// holds holds a record against its kept embeddings.
func (f *ruled) holds(t *testing.T, dir string, rec results.Record, also []string) {
	t.Helper()
	e := keptEmbeddings(t, dir, rec)
	place := map[int]int{}
	var query, gallery []int
	for k, row := range e.rows {
		place[row] = k
		if f.labels[row] == junk {
			t.Fatalf("%s: row %d is ignored, and has an embedding", rec.Label, row)
		}
		if e.parts == nil || e.parts[k] == 1 {
			query = append(query, row)
		}
		if e.parts == nil || e.parts[k] == 2 {
			gallery = append(gallery, row)
		}
	}
	at := func(row int) []float32 { return e.x.Row(place[row]) }
	if got, want := rec.Metrics["recall@1"], f.recall(at, query, gallery); got != want {
		t.Errorf("%s: recall@1 is %v, want %v", rec.Label, got, want)
	}

	rules := retrieval.Rules{Groups: pick(f.cameras, query)}
	queries := f.set(at, query)
	var against *metrics.Set
	if e.parts != nil {
		g := f.set(at, gallery)
		against, rules.GalleryGroups = &g, pick(f.cameras, gallery)
	}
	asked, err := metrics.ParseAll(also, nil)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := metrics.Evaluate(t.Context(), queries, against, asked, metrics.Options{Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := readStore(t, dir).ReadQueries(rec)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range answers.Values {
		if rec.Metrics[v.Key()] != v.Expected {
			t.Errorf("%s: %s is %v, want %v", rec.Label, v.Key(), rec.Metrics[v.Key()], v.Expected)
		}
		holdsQueries(t, kept, v)
	}
}

func (f *ruled) set(at func(row int) []float32, rows []int) metrics.Set {
	var data []float32
	var labels []int
	for _, row := range rows {
		data = append(data, at(row)...)
		class := 0
		fmt.Sscanf(f.labels[row], "c%d", &class)
		labels = append(labels, class)
	}
	x, err := matrix.Of(len(rows), len(data)/len(rows), data)
	if err != nil {
		panic(err)
	}
	return metrics.Set{Vectors: retrieval.Float32(x), Labels: labels}
}

// Held-out classes are scored under the groups of their rows.
func TestRulesOnFolds(t *testing.T) {
	f := newRuled(t)
	s, err := parseSpec(f.source(", ignore: [junk], groups: "+f.dir+"/groups.txt", "losses: [contrastive]\npreprocess: []\nprotocol: {name: holdout, folds: 2, metric: recall@1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := load(&s.Datasets[0])
	if err != nil {
		t.Fatal(err)
	}
	if n := len(datasets.Classes(d.trainLabels)); n != 6 {
		t.Errorf("%d classes train, want half of the 12 that count", n)
	}
	v := s.Datasets[0].Protocol.(protocol.Validated)
	folds, err := d.folds(v, 0)
	if err != nil {
		t.Fatal(err)
	}
	for k := range folds {
		of, err := d.fold(folds, k, 0)
		if err != nil {
			t.Fatal(err)
		}
		got, err := of.validationScore(context.Background(), v, unchanged)
		rows := pick(d.split.Train, folds[k].Validation)
		if want := f.recall(f.x.Row, rows, rows); err != nil || got != want {
			t.Errorf("fold %d: %v, want %v, error %v", k, got, want, err)
		}
	}
}

// Rows that are ignored change no figure of a baseline: it is that of the data set
// without them.
func TestIgnoredRowsAreNotTrainedOn(t *testing.T) {
	f, without := newRuled(t), t.TempDir()
	var data []float32
	var y, parts strings.Builder
	for i, label := range f.labels {
		if label != junk {
			data = append(data, f.x.Row(i)...)
			fmt.Fprintln(&y, label)
			fmt.Fprintln(&parts, f.parts[i])
		}
	}
	clean := &ruled{dir: without}
	clean.put(t, "x.npy", npyBytes(t, []int{len(data) / 6, 6}, data))
	clean.put(t, "y.txt", []byte(y.String()))
	clean.put(t, "parts.txt", []byte(parts.String()))

	figures := func(f *ruled, ignore string) map[string]map[string]float64 {
		s, err := parseSpec(f.source(", partition: "+f.dir+"/parts.txt"+ignore, "baselines: [pca, whitening]\npreprocess: [center]\n"))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if out, err := runInto(t.Context(), t, dir, s, 1, nil); err != nil || len(out.Failed) > 0 {
			t.Fatal(out, err)
		}
		all := map[string]map[string]float64{}
		for _, rec := range records(t, dir) {
			all[rec.Label] = rec.Metrics
			if has := strings.Contains(string(rec.Settings), `"ignore":["junk"]`); has != (ignore != "") {
				t.Errorf("the settings name what is ignored: %v", has)
			}
		}
		return all
	}
	want := figures(clean, "")
	got := figures(f, ", ignore: junk")
	if len(got) != 2 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("with rows that are ignored %v, without them %v", got, want)
	}
}

// Embeddings that were trained elsewhere may hold the rows that are ignored or not.
func TestRulesElsewhere(t *testing.T) {
	f := newRuled(t)
	var rows []int
	for i, label := range f.labels {
		if label != junk {
			rows = append(rows, i)
		}
	}
	var data []float32
	for _, row := range rows {
		data = append(data, f.x.Row(row)...)
	}
	f.put(t, "some.npy", npyBytes(t, []int{len(rows), 6}, data))
	want := f.recall(f.x.Row, rows, rows)
	for _, file := range []string{"x.npy", "some.npy"} {
		s, err := parseSpec(fmt.Sprintf("name: x\ndatasets: [{name: a, labels: %s/y.txt, ignore: junk, groups: %[1]s/groups.txt}]\nlosses: [{label: theirs, embeddings: %[1]s/%s}]\n", f.dir, file))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if out, err := runInto(t.Context(), t, dir, s, 1, nil); err != nil || len(out.Failed) > 0 {
			t.Fatal(file, out, err)
		}
		if got := records(t, dir)[0].Metrics["recall@1"]; got != want {
			t.Errorf("%s: recall@1 is %v, want %v", file, got, want)
		}
	}
}

// A dry run refuses rules that do not fit the rows, with their place in the spec.
func TestRulesThatDoNotFit(t *testing.T) {
	f := newRuled(t)
	f.put(t, "short.txt", []byte("a\nb\n"))
	f.put(t, "classes.txt", []byte(strings.Join(f.labels, "\n")+"\n"))
	f.put(t, "one.txt", []byte(strings.Repeat("a\n", 100)))
	for _, c := range []struct{ dataset, want string }{
		{", ignore: jnk", "s.yaml:3:"},
		{", ignore: jnk", "a: no row has the label jnk (did you mean junk?)"},
		{", ignore: [junk, junk]", "ignore has junk twice"},
		{", ignore: []", "no row"},
		{", ignore: {a: b}", "ignore must be a label"},
		{", groups: " + f.dir + "/short.txt", "short.txt has 2 groups, and the data set 100 rows"},
		{", groups: " + f.dir + "/none.txt", "the group of each row, such as its camera"},
		{", groups: " + f.dir + "/classes.txt", "no query has a positive of another group than its own"},
		{", groups: " + f.dir + "/one.txt", "no query has a positive of another group than its own"},
	} {
		s, err := parseSpec(f.source(c.dataset, "losses: [contrastive]\n"))
		if err == nil {
			_, err = DryRun(t.Context(), s, t.TempDir(), Options{})
		}
		if c.dataset == ", ignore: []" {
			if err != nil {
				t.Errorf("no label to ignore is refused: %v", err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.dataset, err, c.want)
		}
	}
	for _, key := range []string{"ignore: a", "groups: g.npy"} {
		if _, err := parseSpec("name: x\ndatasets: [{name: a, synthetic: cub, " + key + "}]\nlosses: [contrastive]\n"); err == nil || !strings.Contains(err.Error(), "is of the rows of files; a stand-in has none") {
			t.Errorf("%s of a stand-in: %v", key, err)
		}
	}
}

// Where every held-out class is of one group, a fold has nothing to measure.
func TestFoldsOfOneGroupAClass(t *testing.T) {
	f := newRuled(t)
	groups := strings.Builder{}
	for i, label := range f.labels {
		group := label
		if f.parts[i] > 0 {
			group = fmt.Sprint(f.cameras[i])
		}
		fmt.Fprintln(&groups, group)
	}
	f.put(t, "train.txt", []byte(groups.String()))
	s, err := parseSpec(f.source(", partition: "+f.dir+"/parts.txt, groups: "+f.dir+"/train.txt", "losses: [contrastive]\nprotocol: {name: holdout, folds: 2}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DryRun(t.Context(), s, t.TempDir(), Options{}); err == nil || !strings.Contains(err.Error(), "holds out classes of one group each") {
		t.Errorf("such folds give %v", err)
	}
}

// A spec with rules that a program writes is the same when it is read.
func TestRulesAreWritten(t *testing.T) {
	s, err := parseSpec("name: x\ndatasets: [{name: a, features: x.npy, labels: y.npy, ignore: [-1, 7], groups: g.npy}]\nlosses: [contrastive]\n", "steps=3")
	if err != nil {
		t.Fatal(err)
	}
	s.Name = "y"
	again, err := s.Checked()
	if err != nil {
		t.Fatal(err)
	}
	if d := again.Datasets[0]; !slices.Equal(d.Ignore, []string{"-1", "7"}) || d.Groups != "g.npy" {
		t.Errorf("written and read, the rules are %q and %q", d.Ignore, d.Groups)
	}
}
