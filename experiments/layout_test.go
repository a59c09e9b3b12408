package experiments

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/datasets"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/results"
)

// An own is a folder with features of images of eight classes, four of which train; of the
// others, rows are queries and gallery by turns.
type own struct {
	dir    string
	rows   [][]float32
	labels []int64
	parts  []int64 // 0 train, 1 query, 2 gallery
	paths  []string
}

func newOwn(t *testing.T) *own {
	t.Helper()
	o := &own{dir: t.TempDir()}
	r := rand.New(rand.NewPCG(11, 4))
	centres := make([]float64, 8*5)
	for k := range centres {
		centres[k] = r.NormFloat64()
	}
	for i := range 48 {
		class := i % 8
		row := make([]float32, 5)
		for k := range row {
			row[k] = float32(centres[5*class+k] + 0.9*r.NormFloat64())
		}
		part := int64(0)
		if class >= 4 {
			part = 1 + int64(i/8%2)
		}
		o.rows, o.labels, o.parts = append(o.rows, row), append(o.labels, int64(class)), append(o.parts, part)
		o.paths = append(o.paths, fmt.Sprintf("c%d/%02d.jpg", class, i/8))
	}
	order := make([]int, len(o.rows))
	for i := range order {
		order[i] = i
	}
	o.save(t, "", order)
	return o
}

// save writes the given rows in their order: PREFIXx.npy, PREFIXy.npy, PREFIXp.npy.
func (o *own) save(t *testing.T, prefix string, order []int) {
	t.Helper()
	var x []float32
	var y, p []int64
	for _, i := range order {
		x, y, p = append(x, o.rows[i]...), append(y, o.labels[i]), append(p, o.parts[i])
	}
	o.write(t, prefix+"x.npy", string(npyBytes(t, []int{len(y), 5}, x)))
	o.write(t, prefix+"y.npy", string(npyBytes(t, []int{len(y)}, y)))
	o.write(t, prefix+"p.npy", string(npyBytes(t, []int{len(p)}, p)))
}

func (o *own) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// of are the rows of a part.
func (o *own) of(part int64) []int {
	var all []int
	for i, p := range o.parts {
		if p == part {
			all = append(all, i)
		}
	}
	return all
}

const ownSpec = `name: own
datasets: [{name: d, %s}]
losses: [contrastive]
baselines: [raw, frozen, whitening]
sampler: {classes: 4, per_class: 2}
steps: 3
seeds: 1
metrics: {recall_at: [1, 2]}
`

// spec is a spec of a data set whose paths are relative to the folder.
func (o *own) spec(t *testing.T, dataset string, overrides ...string) *spec.Spec {
	t.Helper()
	s, err := spec.Parse(filepath.Join(o.dir, "s.yaml"), fmt.Appendf(nil, ownSpec, dataset), overrides, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plan returns the ids of the runs, and what is told before them.
func plan(t *testing.T, s *spec.Spec) (ids, notes []string, err error) {
	t.Helper()
	r, err := newRunner(s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.load(t.Context())
	if err != nil {
		return nil, nil, err
	}
	return l.plan(r.spec).Runs, l.notes(), nil
}

func mustPlan(t *testing.T, s *spec.Spec) []string {
	t.Helper()
	ids, _, err := plan(t, s)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// found is Recall@1 of queries among a gallery, by comparing all pairs.
func found(o *own, query, gallery []int) float64 {
	hits := 0
	for _, q := range query {
		x, y := [][]float32{o.rows[q]}, []int{int(o.labels[q])}
		for _, g := range gallery {
			x, y = append(x, o.rows[g]), append(y, int(o.labels[g]))
		}
		// Of the rows behind the first, the nearest to it.
		best, of := -2.0, -1
		for k := 1; k < len(x); k++ {
			if s := cosine(x[0], x[k]); s > best {
				best, of = s, y[k]
			}
		}
		if of == y[0] {
			hits++
		}
	}
	return float64(hits) / float64(len(query))
}

// A partition of one's own divides a data set of any size, whether an array, rows, files of
// each part or lists say it: the runs are the same, queries search the gallery alone, and
// training and holdout see the training rows alone.
func TestOwnDivision(t *testing.T) {
	o := newOwn(t)
	const arrays = "features: x.npy, labels: y.npy, "
	first := mustPlan(t, o.spec(t, arrays+"partition: p.npy"))
	if len(first) != 5 { // with untrained
		t.Fatalf("the runs are %v", first)
	}

	var words strings.Builder
	for _, p := range o.parts {
		fmt.Fprintln(&words, datasets.PartNames[p])
	}
	o.write(t, "words.txt", words.String())
	if got := mustPlan(t, o.spec(t, arrays+"partition: words.txt")); !slices.Equal(got, first) {
		t.Errorf("by words the runs are %v, want %v", got, first)
	}

	var rows [3][]string
	for i, p := range o.parts {
		rows[p] = append(rows[p], fmt.Sprintf("%d:%d", i, i+1))
	}
	byRows := fmt.Sprintf("partition: {train: [%s], query: [%s], gallery: [%s]}", strings.Join(rows[0], ", "), strings.Join(rows[1], ", "), strings.Join(rows[2], ", "))
	if got := mustPlan(t, o.spec(t, arrays+byRows)); !slices.Equal(got, first) {
		t.Errorf("by rows the runs are %v, want %v", got, first)
	}

	// Part after part, in one file and in three.
	for part, name := range []string{"t", "q", "g"} {
		o.save(t, name+"_", o.of(int64(part)))
	}
	o.save(t, "sorted_", slices.Concat(o.of(0), o.of(1), o.of(2)))
	const separate = "train: {features: t_x.npy, labels: t_y.npy}, query: {features: q_x.npy, labels: q_y.npy}, gallery: {features: g_x.npy, labels: g_y.npy}"
	sorted := mustPlan(t, o.spec(t, "features: sorted_x.npy, labels: sorted_y.npy, partition: sorted_p.npy"))
	if got := mustPlan(t, o.spec(t, separate)); !slices.Equal(got, sorted) {
		t.Errorf("of files of parts the runs are %v, want %v", got, sorted)
	}

	rs := byLabel(t, o.spec(t, separate, "losses=[contrastive, {name: nca, protocol: {name: holdout, folds: 2, every: 1}}]", "sampler.classes=2"))
	raw := rs["raw features"][0]
	if want := found(o, o.of(1), o.of(2)); raw.Metrics["recall@1"] != want || raw.Queries != 12 {
		t.Errorf("Recall@1 of %d queries is %v, want %v of 12", raw.Queries, raw.Metrics["recall@1"], want)
	}
	if d := raw.Dataset; d.TrainRows != 24 || d.TestRows != 24 || d.TrainClasses != 4 || d.TestClasses != 4 || !strings.HasSuffix(d.Provenance, "t_x.npy (train), "+o.dir+"/q_x.npy (query), "+o.dir+"/g_x.npy (gallery)") {
		t.Errorf("%+v", d)
	}
	if held := rs["NCA"]; len(held) != 1 || held[0].TestEvaluations != 1 {
		t.Errorf("the row of holdout is %+v", held)
	}
}

// Test rows of a partition search each other and leave themselves out, and another
// partition is another run, also of rows trained elsewhere.
func TestOwnTestRows(t *testing.T) {
	o := newOwn(t)
	for i := range o.parts {
		if o.parts[i] > 0 {
			o.parts[i] = 3
		}
	}
	o.save(t, "", o.every())
	rs := byLabel(t, o.spec(t, "features: x.npy, labels: y.npy, partition: p.npy"))
	var x [][]float32
	var y []int
	for _, i := range o.of(3) {
		x, y = append(x, o.rows[i]), append(y, int(o.labels[i]))
	}
	raw := rs["raw features"][0]
	if want := nearest(x, y); raw.Metrics["recall@1"] != want || raw.Queries != 24 {
		t.Errorf("Recall@1 of %d queries is %v, want %v of 24", raw.Queries, raw.Metrics["recall@1"], want)
	}

	o.save(t, "e_", o.of(3))
	elsewhere := func() string {
		t.Helper()
		s, err := spec.Parse(filepath.Join(o.dir, "s.yaml"), []byte("name: e\ndatasets: [{name: d, labels: y.npy, partition: p.npy}]\nlosses: [{label: A, embeddings: e_x.npy}]\n"), nil, losses.Catalogue)
		if err != nil {
			t.Fatal(err)
		}
		return mustPlan(t, s)[0]
	}
	before := elsewhere()
	o.parts[0], o.parts[4] = 3, 0 // as many test rows, and other ones
	o.save(t, "", o.every())
	if elsewhere() == before {
		t.Error("another partition gives the same run")
	}
}

func (o *own) every() []int {
	all := make([]int, len(o.rows))
	for i := range all {
		all[i] = i
	}
	return all
}

// An annotation gives the labels and the split: in its order, or by the paths of the rows.
func TestLayoutOfADataSet(t *testing.T) {
	o := newOwn(t)
	for i, p := range o.parts {
		if p > 0 {
			o.parts[i] = 3
		}
	}
	var train, test strings.Builder
	for i, path := range o.paths {
		if o.parts[i] == 0 {
			fmt.Fprintf(&train, "%s,%d\n", path, o.labels[i])
		} else {
			fmt.Fprintf(&test, "%s,%d\n", path, o.labels[i])
		}
	}
	o.write(t, "lists/train.txt", train.String())
	o.write(t, "lists/test.txt", test.String())

	inOrder := slices.Concat(o.of(0), o.of(3))
	o.save(t, "sorted_", inOrder)
	want := mustPlan(t, o.spec(t, "features: sorted_x.npy, labels: sorted_y.npy, partition: sorted_p.npy"))
	if got := mustPlan(t, o.spec(t, "features: sorted_x.npy, layout: lists")); !slices.Equal(got, want) {
		t.Errorf("in the order of the annotation the runs are %v, want %v", got, want)
	}

	// Rows in an order of their own, under other folders; the last image has no row.
	order := o.every()[:47]
	rand.New(rand.NewPCG(3, 3)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	var paths strings.Builder
	for _, i := range order {
		fmt.Fprintf(&paths, "/data/images/%s\n", o.paths[i])
	}
	o.write(t, "names.txt", paths.String())
	o.save(t, "mixed_", order)
	want = mustPlan(t, o.spec(t, "features: mixed_x.npy, labels: mixed_y.npy, partition: mixed_p.npy"))
	got, notes, err := plan(t, o.spec(t, "features: mixed_x.npy, layout: lists, paths: names.txt"))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("by paths the runs are %v, want %v, error %v", got, want, err)
	}
	if note := "d: 1 of 48 images of path,label lists have no row of features, first c7/05.jpg; they are left out"; !slices.Contains(notes, note) {
		t.Errorf("told is %q, want %q", notes, note)
	}

	// Of labels alone the annotation says which rows embeddings are of, and a split of the
	// spec divides otherwise.
	s, err := spec.Parse(filepath.Join(o.dir, "s.yaml"), []byte("name: e\ndatasets: [{name: d, layout: lists}]\nlosses: [{label: A, embeddings: t_x.npy}]\n"), nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	o.save(t, "t_", o.of(3))
	if _, _, err := plan(t, s); err != nil {
		t.Error(err)
	}
	half := mustPlan(t, o.spec(t, "features: sorted_x.npy, layout: lists, split: half"))
	if want := mustPlan(t, o.spec(t, "features: sorted_x.npy, labels: sorted_y.npy")); !slices.Equal(half, want) {
		t.Errorf("by half the runs are %v, want %v", half, want)
	}
}

// Classes that train and are searched are told, before the run and in its records.
func TestLeakIsTold(t *testing.T) {
	o := newOwn(t)
	for _, i := range o.of(1)[:2] { // of the classes 4 and 5
		o.parts[i] = 0
	}
	o.save(t, "", o.every())
	s := o.spec(t, "features: x.npy, labels: y.npy, partition: p.npy")
	_, notes, err := plan(t, s)
	want := "d: 2 of 4 test classes are training classes too, first 4; figures of classes that were trained on are higher, and papers on metric learning have none"
	if err != nil || !slices.Contains(notes, want) {
		t.Errorf("told is %q, error %v", notes, err)
	}
	if raw := byLabel(t, s)["raw features"][0]; !strings.HasSuffix(raw.Dataset.Provenance, " (2 of 4 test classes train)") {
		t.Errorf("the record has %s", raw.Dataset.Provenance)
	}
}

// What a run would refuse, a dry run refuses, with the same words and nothing made.
func TestDivisionsRefused(t *testing.T) {
	o := newOwn(t)
	o.write(t, "lists/train.txt", "a/1.jpg,0\na/2.jpg,1\n")
	o.write(t, "lists/test.txt", "b/1.jpg,2\n")
	o.write(t, "alone/list.txt", "a/1.jpg,0\na/2.jpg,1\n")
	o.write(t, "one.txt", "a/1.jpg\n")
	o.write(t, "sop/Ebay_train.txt", "image_id class_id super_class_id path\n1 1 1 a/1.JPG\n")
	o.write(t, "sop/Ebay_test.txt", "image_id class_id super_class_id path\n2 2 1 a/2.JPG\n")
	o.save(t, "two_", []int{0, 1})
	o.write(t, "wide.npy", string(npyBytes(t, []int{2, 3}, []float32{1, 2, 3, 4, 5, 6})))
	o.write(t, "words.csv", "label\ncat\nowl\n")
	for dataset, want := range map[string]string{
		"features: x.npy, layout: lists":                                                                  "x.npy has 48 rows, " + o.dir + "/lists 3: they must agree; rows without paths are taken in the order of the annotation: give paths",
		"features: two_x.npy, layout: lists, paths: one.txt":                                              "two_x.npy has 2 rows, " + o.dir + "/lists 1: they must agree",
		"features: two_x.npy, layout: lists, paths: lists/train.txt":                                      "2 of 2 rows are of images that path,label lists does not list, first row 0, a/1.jpg,0",
		"features: two_x.npy, layout: alone/list.txt, split: partition":                                   "alone/list.txt (path,label lists) does not divide its images; leave out split: partition",
		"features: two_x.npy, layout: sop":                                                                "sop (Stanford Online Products): 1 train images of 1 classes, published are 59551 of 11318; 1 test images of 1 classes, published are 60502 of 11316; copy the annotation again, or",
		"features: two_x.npy, layout: nowhere":                                                            "d: no file " + o.dir + "/nowhere; get the folder or the file of the annotation as it is distributed",
		"features: two_x.npy, labels: lists":                                                              "are a folder; of a data set as it is distributed, write layout: " + o.dir + "/lists in place of labels",
		"features: two_x.npy, layout: lists, paths: nowhere.csv":                                          `nowhere.csv; make it in NumPy with np.savetxt(path, paths, delimiter=",", fmt="%s"), of the image of each row`,
		"features: x.npy, labels: y.npy, partition: {train: 0:4, test: 4:8}":                              "d: the partition has 40 rows in no part, first row 8 of 48",
		"train: {features: two_x.npy, labels: two_y.npy}, test: {features: wide.npy, labels: two_y.npy}":  "wide.npy has 3 dimensions, " + o.dir + "/two_x.npy 5: the parts must be of one network",
		"train: {features: two_x.npy, labels: two_y.npy}, test: {features: two_x.npy, labels: words.csv}": "words.csv are strings, those of " + o.dir + "/two_y.npy are integers",
		"train: {features: two_x.npy, labels: y.npy}, test: {features: two_x.npy, labels: two_y.npy}":     "two_x.npy has 2 rows, " + o.dir + "/y.npy 48: they must agree",
		"features: x.npy, labels: y.npy, partition: p.npy, split: inshop":                                 "inshop has 7982 classes, these labels have 8: if they are not In-Shop Clothes Retrieval, leave out the split",
	} {
		folder := filepath.Join(t.TempDir(), "out")
		s := o.spec(t, dataset)
		_, ran := Run(t.Context(), s, folder, Options{})
		_, dry := DryRun(t.Context(), s, folder, Options{})
		for what, err := range map[string]error{"a run": ran, "a dry run": dry} {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s of %s: error %v, want %s", what, dataset, err, want)
			}
		}
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%s: a folder was made", dataset)
		}
	}
}

// A spec in a folder of its own reads the files beside it, and its copy among the results
// runs again from any working directory, to the same runs.
func TestCopyRunsAgain(t *testing.T) {
	o := newOwn(t)
	o.write(t, "specs/s.yaml", fmt.Sprintf(ownSpec, "features: ../x.npy, labels: $OWN/y.npy, partition: ~/p.npy"))
	t.Setenv("OWN", o.dir)
	t.Setenv("HOME", o.dir)
	t.Chdir(o.dir)
	s, err := Open("specs/s.yaml", nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Run(t.Context(), s, "results", Options{SpecFile: "specs/s.yaml"})
	if err != nil || out.Done != 5 {
		t.Fatalf("%+v, error %v", out, err)
	}

	t.Chdir(t.TempDir())
	copied := filepath.Join(o.dir, "results", "spec.yaml")
	s, err = Open(copied, nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Run(t.Context(), s, filepath.Join(o.dir, "results"), Options{SpecFile: copied})
	if err != nil || again.Done != 5 || again.Ran != 0 {
		t.Errorf("%+v, error %v", again, err)
	}
	var records []results.Record
	store, err := results.OpenRead(filepath.Join(o.dir, "results"))
	if err == nil {
		records, err = store.CompletedRecords(again.Plan)
	}
	if err != nil || len(records) != 5 || records[0].Dataset.Provenance != "frozen features x.npy" {
		t.Errorf("%d records, error %v, the first %+v", len(records), err, records[0].Dataset)
	}
}
