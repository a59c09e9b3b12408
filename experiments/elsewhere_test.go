package experiments

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/spec"
	"gpwbench/matrix"
	"gpwbench/results"
)

// A foreign is what another program left in a folder: labels in no order, and embeddings
// of all rows for some seeds.
type foreign struct {
	dir    string
	labels []int
	rows   [][][]float32 // by seed and row
}

// newForeign makes 8 classes of 5 rows in 6 dimensions, whose classes lie about their
// centres, and writes y.npy.
func newForeign(t *testing.T, seeds int) *foreign {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 9))
	f := &foreign{dir: t.TempDir()}
	for i := range 40 {
		f.labels = append(f.labels, 10+i%8)
	}
	r.Shuffle(len(f.labels), func(i, j int) { f.labels[i], f.labels[j] = f.labels[j], f.labels[i] })
	for range seeds {
		centres := make([]float64, 6*8)
		for k := range centres {
			centres[k] = r.NormFloat64()
		}
		var rows [][]float32
		for _, l := range f.labels {
			row := make([]float32, 6)
			for k := range row {
				row[k] = float32(centres[6*(l-10)+k] + 1.2*r.NormFloat64())
			}
			rows = append(rows, row)
		}
		f.rows = append(f.rows, rows)
	}

	y := make([]int64, len(f.labels))
	for i, l := range f.labels {
		y[i] = int64(l)
	}
	f.put(t, "y.npy", []int{len(y)}, y)
	return f
}

func (f *foreign) path(name string) string { return filepath.Join(f.dir, name) }

// put writes an array into the folder.
func (f *foreign) put(t *testing.T, name string, shape []int, data any) {
	t.Helper()
	if err := os.WriteFile(f.path(name), npyBytes(t, shape, data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// flat are the given rows of a seed behind one another.
func (f *foreign) flat(seed int, rows []int) []float32 {
	var x []float32
	for _, row := range rows {
		x = append(x, f.rows[seed][row]...)
	}
	return x
}

// save writes NAME_SEED.npy for every seed, of the given rows.
func (f *foreign) save(t *testing.T, name string, rows []int) {
	t.Helper()
	for seed := range f.rows {
		f.put(t, fmt.Sprintf("%s_%d.npy", name, seed), []int{len(rows), 6}, f.flat(seed, rows))
	}
}

// having are the rows whose label is right.
func (f *foreign) having(right func(label int) bool) []int {
	var rows []int
	for i, l := range f.labels {
		if right(l) {
			rows = append(rows, i)
		}
	}
	return rows
}

func (f *foreign) every() []int { return f.having(func(int) bool { return true }) }

// spec parses a spec of the data set birds of labels alone, DIR being the folder.
func (f *foreign) spec(t *testing.T, dataset, rows string, overrides ...string) *spec.Spec {
	t.Helper()
	source := fmt.Sprintf("name: points\ndatasets: [{name: birds, labels: DIR/y.npy%s}]\nlosses: [%s]\nseeds: 2\n", dataset, rows)
	s, err := parseSpec(strings.ReplaceAll(source, "DIR", f.dir), overrides...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// holdsScores holds a record against an evaluation of the same arrays.
func holdsScores(t *testing.T, r results.Record, want *retrieval.Scores) {
	t.Helper()
	got := map[string]float64{}
	for name, v := range map[string]float64{
		"recall@1": want.Recall(1), "recall@4": want.Recall(4), "recall_expected@2": want.RecallExpected(2), "map_at_r": mapAtR(want), "r_precision": rPrecision(want),
	} {
		if got[name] = r.Metrics[name]; got[name] != v {
			t.Errorf("%s, seed %d: %s is %v, want %v", r.Label, r.Seed, name, got[name], v)
		}
	}
	if r.Queries != want.Queries || r.Kind != results.KindElsewhere || r.TestEvaluations != 1 || r.Steps != 0 {
		t.Errorf("%s: %d queries, kind %s, %d evaluations, %d steps", r.Label, r.Queries, r.Kind, r.TestEvaluations, r.Steps)
	}
}

func cosine(a, b []float32) float64 {
	ab, aa, bb := 0.0, 0.0, 0.0
	for k := range a {
		ab, aa, bb = ab+float64(a[k])*float64(b[k]), aa+float64(a[k])*float64(a[k]), bb+float64(b[k])*float64(b[k])
	}
	return ab / math.Sqrt(aa*bb)
}

// nearest is Recall@1 by comparing all pairs, an oracle of another kind.
func nearest(x [][]float32, labels []int) float64 {
	hits := 0
	for i := range x {
		best, of := math.Inf(-1), -1
		for j := range x {
			if s := cosine(x[i], x[j]); i != j && s > best {
				best, of = s, labels[j]
			}
		}
		if of == labels[i] {
			hits++
		}
	}
	return float64(hits) / float64(len(x))
}

var evaluated = retrieval.Options{Ks: []int{1, 2, 4, 8}, MAPAtR: true}

// On labels alone every row is a test row: no head, no sampler, no baselines. The figures
// are those of the arrays, and per-query results are kept with them.
func TestElsewhereOnLabels(t *testing.T) {
	f := newForeign(t, 2)
	f.save(t, "ms", f.every())
	wide := make([]float64, 6*40)
	r := rand.New(rand.NewPCG(1, 2))
	for k := range wide {
		wide[k] = r.NormFloat64()
	}
	f.put(t, "wide.npy", []int{40, 6}, wide)
	s, dir := f.spec(t, "", "{label: MS fine-tuned, embeddings: DIR/ms_{seed}.npy}, {label: one, embeddings: DIR/wide.npy}"), t.TempDir()
	out, err := runInto(t.Context(), t, dir, s, 2, &silence{})
	if err != nil || out.Runs != 3 || out.Ran != 3 {
		t.Fatalf("outcome %+v, error %v", out, err)
	}

	rs := records(t, dir)
	for _, r := range rs {
		x := retrieval.Vectors{}
		if r.Label == "one" {
			x, err = retrieval.Float64(40, 6, slices.Clone(wide))
		} else {
			x = retrieval.Float32(matrix.Matrix{Rows: 40, Cols: 6, Stride: 6, Data: f.flat(int(r.Seed), f.every())})
			if got := nearest(f.rows[r.Seed], f.labels); math.Abs(got-r.Metrics["recall@1"]) > 1e-12 {
				t.Errorf("seed %d: Recall@1 %v, of all pairs %v", r.Seed, r.Metrics["recall@1"], got)
			}
		}
		want, err := retrieval.Evaluate(t.Context(), x, f.labels, evaluated)
		if err != nil {
			t.Fatal(err)
		}
		holdsScores(t, r, want)
		if r.Head != "trained elsewhere, 6-d" || r.Preprocess != "none" || r.Protocol != "none" || r.ProtocolNote != "evaluated once, trained elsewhere" {
			t.Errorf("head %q, preprocess %q, protocol %q: %q", r.Head, r.Preprocess, r.Protocol, r.ProtocolNote)
		}
		if d := r.Dataset; d.Rows != 40 || d.TestRows != 40 || d.TestClasses != 8 || d.TrainRows != 0 || d.Dim != 0 {
			t.Errorf("data set %+v", d)
		}

		store, err := results.OpenRead(dir)
		if err != nil {
			t.Fatal(err)
		}
		q, err := store.ReadQueries(r)
		if err != nil || q == nil {
			t.Fatalf("per-query results: %v, error %v", q, err)
		}
		for i, above := range want.Above {
			if q.Above[i] != above {
				t.Fatalf("%s: query %d has %d above, want %d", r.Label, i, q.Above[i], above)
			}
		}
	}
	if len(rs) != 3 || rs[0].Metrics["recall@1"] == rs[1].Metrics["recall@1"] {
		t.Errorf("%d records, seeds alike", len(rs))
	}
}

// With queries and a gallery a file holds both, in the order of the labels, whatever the
// data set is divided by; and which rows are queries is part of the run's settings.
func TestElsewhereOfAGallery(t *testing.T) {
	f := newForeign(t, 1)
	var partition []int64
	var test, query, gallery []int
	for i, l := range f.labels {
		switch {
		case l < 12:
			partition = append(partition, 0)
			continue
		case i%3 == 1:
			partition, query = append(partition, 1), append(query, i)
		default:
			partition, gallery = append(partition, 2), append(gallery, i)
		}
		test = append(test, i)
	}
	f.put(t, "p.npy", []int{40}, partition)
	f.save(t, "e", test)

	labelsOf := func(rows []int) (labels []int) {
		for _, row := range rows {
			labels = append(labels, f.labels[row])
		}
		return labels
	}
	vectors := func(rows []int) retrieval.Vectors {
		return retrieval.Float32(matrix.Matrix{Rows: len(rows), Cols: 6, Stride: 6, Data: f.flat(0, rows)})
	}
	want, err := retrieval.EvaluateGallery(t.Context(), vectors(query), labelsOf(query), vectors(gallery), labelsOf(gallery), evaluated)
	if err != nil {
		t.Fatal(err)
	}
	row := "{label: A, embeddings: DIR/e_{seed}.npy}"
	rs := byLabel(t, f.spec(t, ", partition: DIR/p.npy", row, "seeds=1"))["A"]
	holdsScores(t, rs[0], want)
	if rs[0].Dataset.TestRows != len(test) || rs[0].Queries != len(query) {
		t.Errorf("%d test rows, %d queries, want %d and %d", rs[0].Dataset.TestRows, rs[0].Queries, len(test), len(query))
	}

	// The same rows, another query: another run.
	partition[query[0]], partition[gallery[0]] = 2, 1
	f.put(t, "p.npy", []int{40}, partition)
	if other := byLabel(t, f.spec(t, ", partition: DIR/p.npy", row, "seeds=1"))["A"]; other[0].ID == rs[0].ID {
		t.Error("another partition gives the same run")
	}

	// A partition of test rows alone needs no training rows.
	f.put(t, "y.npy", []int{len(test)}, int64s(labelsOf(test)))
	var parts []int64
	for _, i := range test {
		parts = append(parts, 2-int64(len(intersect(query, i))))
	}
	f.put(t, "p.npy", []int{len(test)}, parts)
	rs = byLabel(t, f.spec(t, ", partition: DIR/p.npy", row, "seeds=1"))["A"]
	holdsScores(t, rs[0], want)
}

func int64s(of []int) (all []int64) {
	for _, v := range of {
		all = append(all, int64(v))
	}
	return all
}

// intersect is one element if x is among rows, and else none.
func intersect(rows []int, x int) []int {
	if slices.Contains(rows, x) {
		return []int{x}
	}
	return nil
}

// Beside losses that are trained here, a row has the test rows of the split, changes no
// other run, and the table says what is not to be concluded.
func TestElsewhereBesideLosses(t *testing.T) {
	f := newForeign(t, 2)
	test := f.having(func(l int) bool { return l >= 14 })
	f.save(t, "ms", test)
	f.put(t, "x.npy", []int{40, 6}, f.flat(1, f.every()))
	const more = ", features: DIR/x.npy"
	options := []string{"steps=2", "sampler.classes=3", "sampler.per_class=2"}
	both := byLabel(t, f.spec(t, more, "contrastive, {label: MS fine-tuned, embeddings: DIR/ms_{seed}.npy}", options...))
	alone := byLabel(t, f.spec(t, more, "contrastive", options...))
	for label, rs := range alone {
		for k := range rs {
			if both[label][k].ID != rs[k].ID {
				t.Errorf("%s: a row that was trained elsewhere changes the run", label)
			}
		}
	}
	if len(both) != len(alone)+1 || len(both["MS fine-tuned"]) != 2 {
		t.Fatalf("rows %d and %d", len(both), len(alone))
	}
	for seed, r := range both["MS fine-tuned"] {
		var x [][]float32
		var labels []int
		for _, row := range test {
			x, labels = append(x, f.rows[seed][row]), append(labels, f.labels[row])
		}
		if got := nearest(x, labels); math.Abs(got-r.Metrics["recall@1"]) > 1e-12 {
			t.Errorf("seed %d: Recall@1 %v, of all pairs %v", seed, r.Metrics["recall@1"], got)
		}
	}
}

// A spec of such rows on features has the baselines that features allow, and the untrained
// head, which is a row beside trained ones, is none of them.
func TestElsewhereBesideBaselines(t *testing.T) {
	f := newForeign(t, 1)
	f.save(t, "ms", f.having(func(l int) bool { return l >= 14 }))
	f.put(t, "x.npy", []int{40, 6}, f.flat(0, f.every()))
	rs := byLabel(t, f.spec(t, ", features: DIR/x.npy", "{label: A, embeddings: DIR/ms_{seed}.npy}", "seeds=1"))
	for _, label := range []string{"A", spec.Frozen, spec.Whitening} {
		if len(rs[label]) != 1 {
			t.Errorf("%d runs of %s", len(rs[label]), label)
		}
	}
	if len(rs) != 4 {
		t.Errorf("%d rows, want A, frozen, PCA and whitening", len(rs))
	}
}

// A file that changes is another run, one that moves is the same, and what is done is not
// done again.
func TestElsewhereResumes(t *testing.T) {
	f := newForeign(t, 3)
	f.save(t, "ms", f.every())
	row, dir := "{label: A, embeddings: DIR/ms_{seed}.npy}", t.TempDir()
	run := func(row string, ran int, overrides ...string) []results.Record {
		t.Helper()
		out, err := runInto(t.Context(), t, dir, f.spec(t, "", row, overrides...), 1, &silence{})
		if err != nil || out.Ran != ran || out.Done != out.Runs {
			t.Fatalf("outcome %+v, error %v, want %d runs made", out, err, ran)
		}
		return records(t, dir)
	}

	first := run(row, 2)
	run(row, 0)
	run(row, 1, "seeds=3")
	f.put(t, "ms_1.npy", []int{40, 6}, f.flat(2, f.every()))
	changed := run(row, 1)
	if changed[0].ID != first[0].ID || changed[1].ID == first[1].ID {
		t.Error("the seed whose file changed is not the one that was made again")
	}
	if err := os.Rename(f.path("ms_0.npy"), f.path("moved_0.npy")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(f.path("ms_1.npy"), f.path("moved_1.npy")); err != nil {
		t.Fatal(err)
	}
	moved := run(strings.Replace(row, "ms_", "moved_", 1), 0)
	for _, r := range moved {
		if strings.Contains(string(r.Settings), "moved") || strings.Contains(string(r.Settings), f.dir) {
			t.Errorf("the settings hold a path: %s", r.Settings)
		}
	}

	// Rows and columns are part of what is hashed: the same values as another matrix.
	f.put(t, "y.npy", []int{40}, int64s(f.labels))
	f.put(t, "moved_1.npy", []int{40, 6}, f.flat(2, f.every()))
	if again := run(strings.Replace(row, "ms_", "moved_", 1), 0); again[1].ID != moved[1].ID {
		t.Error("the same bytes are another run")
	}
}

// A file that changes between its check and its run fails that run, and no other.
func TestElsewhereChangedMeanwhile(t *testing.T) {
	f := newForeign(t, 2)
	f.save(t, "ms", f.every())
	change := func() { f.put(t, "ms_1.npy", []int{40, 6}, f.flat(0, f.every())) }
	out, err := runInto(t.Context(), t, t.TempDir(), f.spec(t, "", "{label: A, embeddings: DIR/ms_{seed}.npy}"), 1, &silence{after: 1, call: change})
	if err != nil || out.Done != 1 || len(out.Failed) != 1 || !strings.Contains(out.Failed[0], "birds: A, seed 1: birds: "+f.path("ms_1.npy")+" was changed while the experiment ran") {
		t.Errorf("outcome %+v, error %v", out, err)
	}
}

// Everything that a run of embeddings would meet is refused before it, by a dry run too,
// and nothing is made.
func TestElsewhereRefused(t *testing.T) {
	half := func(l int) bool { return l >= 14 }
	row := "{label: A, embeddings: DIR/ms_{seed}.npy}"
	for _, c := range []struct {
		name, dataset string
		change        func(f *foreign)
		want          []string // lines
	}{
		{"missing seeds", "", func(f *foreign) { os.Remove(f.path("ms_0.npy")); os.Remove(f.path("ms_1.npy")) }, []string{
			"birds: A: no file DIR/ms_0.npy; make it in NumPy with np.save(path, embeddings.astype(np.float32)), the test rows in the order of the labels; all 2 files of the row are missing",
		}},
		{"all missing", ", features: DIR/x.npy", func(f *foreign) { os.Remove(f.path("ms_1.npy")); os.Remove(f.path("y.npy")) }, []string{
			"birds: no file DIR/x.npy; make it", "birds: no file DIR/y.npy; make it", "birds: A: no file DIR/ms_1.npy; make it",
		}},
		{"all rows", ", split: half", nil, []string{
			"birds: DIR/ms_0.npy has 40 rows, want the 20 test rows of birds (split half) in the order of its labels; it seems to hold all 40 rows, training ones too: save embeddings[np.isin(labels, np.unique(labels)[4:])]",
			"birds: DIR/ms_1.npy has 40 rows",
		}},
		{"all rows of a gallery", ", partition: DIR/p.npy", nil, []string{
			"birds: DIR/ms_0.npy has 40 rows, want the 20 test rows (4 queries, 16 of the gallery) of birds (split partition) in the order of its labels; it seems to hold all 40 rows, training ones too: save embeddings[partition > 0]",
			"birds: DIR/ms_1.npy",
		}},
		{"queries alone", ", partition: DIR/p.npy", func(f *foreign) { f.save(t, "ms", f.every()[:4]) }, []string{
			"birds: DIR/ms_0.npy has 4 rows, want the 20 test rows (4 queries, 16 of the gallery) of birds (split partition) in the order of its labels; it seems to hold the queries alone",
			"birds: DIR/ms_1.npy",
		}},
		{"the gallery alone", ", partition: DIR/p.npy", func(f *foreign) { f.save(t, "ms", f.every()[:16]) }, []string{"birds: DIR/ms_0.npy has 16 rows, want the 20 test rows (4 queries, 16 of the gallery) of birds (split partition) in the order of its labels; it seems to hold the gallery alone", "birds"}},
		{"training rows", ", split: {train_classes: 3}", func(f *foreign) { f.save(t, "ms", f.every()[:15]) }, []string{"birds: DIR/ms_0.npy has 15 rows, want the 25 test rows of birds (split first 3 classes) in the order of its labels; it seems to hold the training rows", "birds"}},
		{"another count", "", func(f *foreign) { f.put(t, "ms_1.npy", []int{39, 6}, f.flat(0, f.every()[:39])) }, []string{"birds: DIR/ms_1.npy has 39 rows, want the 40 test rows of birds (split all) in the order of its labels; save one row for each of them"}},
		{"NaN", "", func(f *foreign) {
			f.rows[1][7][2] = float32(math.NaN())
			f.save(t, "ms", f.every())
		}, []string{"birds: retrieval: DIR/ms_1.npy: row 7 holds NaN or infinity: remove or re-extract it"}},
		{"zeros", "", func(f *foreign) {
			f.rows[0][3], f.rows[0][9] = make([]float32, 6), make([]float32, 6)
			f.save(t, "ms", f.every())
		}, []string{"birds: retrieval: DIR/ms_0.npy: row 3 (the first of 2) is all zeros and has no direction: remove or re-extract it"}},
		{"integers", "", func(f *foreign) { f.put(t, "ms_0.npy", []int{40}, int64s(f.labels)) }, []string{"birds: npy: DIR/ms_0.npy: holds int64, want floats: save with arr.astype(np.float32)"}},
		{"one dimension", "", func(f *foreign) { f.put(t, "ms_0.npy", []int{240}, f.flat(0, f.every())) }, []string{"birds: npy: DIR/ms_0.npy: has the shape (240,), want (rows, columns)"}},
		{"no columns", "", func(f *foreign) { f.put(t, "ms_0.npy", []int{40, 0}, []float32{}) }, []string{"birds: datasets: DIR/ms_0.npy has the shape 40×0: there is nothing to retrieve"}},
		{"cut short", "", func(f *foreign) {
			if err := os.Truncate(f.path("ms_1.npy"), 500); err != nil {
				t.Fatal(err)
			}
		}, []string{"birds: npy: DIR/ms_1.npy: is cut short: "}},
		{"a folder", "", func(f *foreign) {
			os.Remove(f.path("ms_1.npy"))
			if err := os.Mkdir(f.path("ms_1.npy"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, []string{"birds: npy: DIR/ms_1.npy is a folder"}},
		{"other dimensions", "", func(f *foreign) { f.put(t, "ms_1.npy", []int{40, 3}, f.flat(1, f.every()[:20])) }, []string{"birds: DIR/ms_1.npy has 3 columns, DIR/ms_0.npy 6: the seeds of A must be of one training; give the others a label of their own"}},
		{"the same twice", "", func(f *foreign) { f.put(t, "ms_1.npy", []int{40, 6}, f.flat(0, f.every())) }, []string{"birds: DIR/ms_1.npy holds the same embeddings as DIR/ms_0.npy, and would count as another seed of A; save those of each seed, or lower seeds"}},
		{"in place of a stand-in", ", features: DIR/none.npy, synthetic: cub", func(f *foreign) { os.Remove(f.path("y.npy")) }, []string{"birds: DIR/none.npy is not there, and of a stand-in there are no embeddings; give the data set its files, or leave out A"}},
		{"no labels", "", func(f *foreign) { f.put(t, "y.npy", []int{0}, []int64{}) }, []string{"birds: datasets: DIR/y.npy has no labels"}},
		{"one class", "", func(f *foreign) { f.put(t, "y.npy", []int{40}, make([]int64, 40)) }, []string{"birds: no query has a negative among the 40 test rows of 1 class"}},
		{"no gallery", ", partition: DIR/p.npy", func(f *foreign) { f.put(t, "p.npy", []int{40}, slices.Repeat([]int64{1}, 40)) }, []string{"birds: datasets: the partition has 0 training, 40 query and 0 gallery rows: it needs queries and a gallery, or test rows that search each other, 3 or test"}},
		{"no test classes", ", split: {train_classes: 8}", nil, []string{"birds: datasets: 8 training classes of 8 leave none for the test: take at most 7"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newForeign(t, 2)
			f.save(t, "ms", f.every())
			var partition []int64
			queries := 0
			for _, l := range f.labels {
				switch {
				case !half(l):
					partition = append(partition, 0)
				case queries < 4:
					partition, queries = append(partition, 1), queries+1
				default:
					partition = append(partition, 2)
				}
			}
			f.put(t, "p.npy", []int{40}, partition)
			if c.change != nil {
				c.change(f)
			}

			s, dir := f.spec(t, c.dataset, row), filepath.Join(t.TempDir(), "none")
			_, ran := Run(t.Context(), s, dir, Options{Workers: 1})
			_, dry := DryRun(t.Context(), s, dir, Options{Workers: 1})
			for what, err := range map[string]error{"a run": ran, "a dry run": dry} {
				if err == nil {
					t.Fatalf("%s is not refused", what)
				}
				lines := strings.Split(err.Error(), "\n")
				if len(lines) != len(c.want) {
					t.Fatalf("%s: got\n%v\nwant %d lines", what, err, len(c.want))
				}
				for k, want := range c.want {
					if !strings.HasPrefix(lines[k], strings.ReplaceAll(want, "DIR", f.dir)) {
						t.Errorf("%s: got\n%s\nwant\n%s", what, lines[k], want)
					}
				}
			}
			if missing := new(MissingError); strings.Contains(c.want[0], "no file") != errors.As(ran, &missing) {
				t.Errorf("a MissingError where files are missing, and only there: %T", ran)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("the folder was made")
			}
		})
	}
}

// A dry run says what would run, on labels alone too, and reading ends with ctx.
func TestElsewhereDryRun(t *testing.T) {
	f := newForeign(t, 2)
	f.save(t, "ms", f.every())
	s := f.spec(t, "", "{label: A, embeddings: DIR/ms_{seed}.npy}")
	text, err := DryRun(t.Context(), s, t.TempDir(), Options{})
	want := strings.ReplaceAll("points: 2 runs\n\nbirds: labels DIR/y.npy, split all\n  40 test rows of 8 classes, labels alone\n  elsewhere A: DIR/ms_{seed}.npy\n", "DIR", f.dir)
	if err != nil || text != want {
		t.Errorf("error %v, got\n%swant\n%s", err, text, want)
	}

	// What a training would meet is of no concern where nothing is trained.
	training := []string{"preprocess=[sqrt, l2]", "head={init: whitened}", "protocol=holdout", "sampler.classes=99", "memory={name: xbm, size: 2}"}
	if _, err := DryRun(t.Context(), f.spec(t, "", "{label: A, embeddings: DIR/ms_{seed}.npy}", training...), t.TempDir(), Options{}); err != nil {
		t.Errorf("settings of a training are refused: %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := DryRun(ctx, s, t.TempDir(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of ctx", err)
	}
}

// Of several data sets each has files of its own, by its name, and $VARIABLES are
// replaced.
func TestElsewhereOfSeveralDatasets(t *testing.T) {
	f := newForeign(t, 2)
	t.Setenv("EMBEDDINGS", f.dir)
	f.put(t, "birds.npy", []int{40, 6}, f.flat(0, f.every()))
	f.put(t, "cars.npy", []int{20, 6}, f.flat(1, f.every()[:20]))
	f.put(t, "few.npy", []int{20}, int64s(f.labels[:20]))
	s := f.spec(t, "}, {name: cars, labels: DIR/few.npy", "{label: A, embeddings: $EMBEDDINGS/{dataset}.npy}", "seeds=5")
	rs := byLabel(t, s)["A"]
	if len(rs) != 2 || rs[0].Queries+rs[1].Queries != 60 || rs[0].Seed != 0 || rs[1].Seed != 0 {
		t.Errorf("%d records, without {seed} one run of each data set", len(rs))
	}

	t.Setenv("EMBEDDINGS", "")
	_, err := DryRun(t.Context(), s, t.TempDir(), Options{})
	if want := "birds: A: $EMBEDDINGS/birds.npy: $EMBEDDINGS is not set; set it to the folder that holds birds.npy"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
}

// A row has runs for its own seeds, under their numbers. A file without {seed} is of no
// seed: the plan says so, its records come back with it, and other runs keep their ids.
func TestElsewhereOfSomeSeeds(t *testing.T) {
	f := newForeign(t, 4)
	f.save(t, "ms", f.every())
	f.save(t, "tr", f.every())
	f.put(t, "one.npy", []int{40, 6}, f.flat(3, f.every()))
	all := byLabel(t, f.spec(t, "", "{label: A, embeddings: DIR/ms_{seed}.npy}", "seeds=4"))["A"]
	if err := os.Remove(f.path("ms_1.npy")); err != nil {
		t.Fatal(err)
	}

	rows := "{label: A, embeddings: DIR/ms_{seed}.npy, seeds: [2, 0]}, {label: one, embeddings: DIR/one.npy}, {label: B, embeddings: DIR/tr_{seed}.npy}"
	s, dir := f.spec(t, "", rows, "seeds=4"), t.TempDir()
	text, err := DryRun(t.Context(), s, dir, Options{})
	if err != nil || !strings.Contains(text, "ms_{seed}.npy, seeds 0, 2\n") || !strings.Contains(text, "one.npy, one file without a seed\n") {
		t.Fatalf("error %v, dry run\n%s", err, text)
	}
	if out, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil || out.Ran != 7 {
		t.Fatalf("outcome %+v, error %v", out, err)
	}
	for _, r := range records(t, dir) {
		if r.Label == "A" && (r.Seed != 0 && r.Seed != 2 || r.ID != all[r.Seed].ID) {
			t.Errorf("seed %d has the id %s, want that of a row of all seeds", r.Seed, r.ID)
		}
	}

	store, err := results.OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	plan, back, err := store.LoadPlan()
	if err != nil || len(back) != 7 || len(plan.Seedless) != 1 {
		t.Fatalf("%d records, %v without a seed, error %v", len(back), plan.Seedless, err)
	}
	for _, r := range back {
		if r.Seedless != (r.Label == "one") {
			t.Errorf("%s, seed %d: without a seed is %v", r.Label, r.Seed, r.Seedless)
		}
	}

	// The error of a missing file names its seed, and those that are there.
	if err := os.Remove(f.path("tr_2.npy")); err != nil {
		t.Fatal(err)
	}
	_, err = DryRun(t.Context(), s, dir, Options{})
	if want := "tr_2.npy; make it in NumPy with np.save(path, embeddings.astype(np.float32)), the test rows in the order of the labels; " +
		"1 of the 4 files of the row is missing; if never trained, give the row the seeds it has: seeds: [0, 1, 3]"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
}

// A missing file is told in the format that its name promises, with the name of its array.
func TestMissingFileByFormat(t *testing.T) {
	for path, want := range map[string]string{
		"x.npy":             "d: no file x.npy; make it in NumPy with np.save(path, features.astype(np.float32))",
		"x.npz:feats":       `d: no file x.npz (x.npz:feats); make it in NumPy with np.savez(path, **{"feats": features.astype(np.float32)})`,
		"x.npz":             `d: no file x.npz; make it in NumPy with np.savez(path, **{"features": features.astype(np.float32)})`,
		"x.mat:a.T":         `d: no file x.mat (x.mat:a.T); make it in SciPy with scipy.io.savemat(path, {"a": features.astype(np.float32)})`,
		"x.safetensors":     `d: no file x.safetensors; make it with safetensors.numpy.save_file({"features": features.astype(np.float32)}, path)`,
		"x.pt:state.feats":  `d: no file x.pt (x.pt:state.feats); make it in PyTorch with torch.save({"state.feats": features}, path)`,
		"x.csv":             `d: no file x.csv; make it in NumPy with np.savetxt(path, features, delimiter=",")`,
		"x.parquet:vectors": `d: no file x.parquet (x.parquet:vectors); make it in pandas with pd.DataFrame({"vectors": list(features)}).to_parquet(path)`,
	} {
		if got := missingFile("d", neededFile{path: path, kind: asFeatures}); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
		}
	}
	if got := missingFile("d", neededFile{"y.tsv", asLabels, ", the class of each row"}); got != `d: no file y.tsv; make it in NumPy with np.savetxt(path, labels, delimiter="\t", fmt="%d"), the class of each row` {
		t.Errorf("labels: %s", got)
	}
}
