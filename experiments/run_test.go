package experiments

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"gpwbench/analysis"
	"gpwbench/experiments/spec"
	"gpwbench/internal/npy"
	"gpwbench/losses"
	"gpwbench/results"
	"gpwbench/results/table"
)

// tiny writes features of 12 classes with 6 rows each and returns their paths.
func tiny(t *testing.T) (features, labels string) {
	t.Helper()
	return clusters(t, 1, 1, 0)
}

// clusters writes features of 12 classes of 6 rows in 8 dimensions: a centre a class, all
// moved by an offset along the first axis, with noise.
func clusters(t *testing.T, seed uint64, noise, offset float64) (features, labels string) {
	t.Helper()
	const classes, rows, dim = 12, 6, 8
	r := rand.New(rand.NewPCG(seed, 1))
	var x []float32
	var y []int64
	for c := range classes {
		centre := make([]float64, dim)
		for k := range centre {
			centre[k] = r.NormFloat64()
		}
		centre[0] += offset
		for range rows {
			y = append(y, int64(c))
			for k := range dim {
				x = append(x, float32(centre[k]+noise*r.NormFloat64()))
			}
		}
	}

	return writeNPY(t, "x.npy", []int{classes * rows, dim}, x), writeNPY(t, "y.npy", []int{len(y)}, y)
}

// npyBytes are the bytes of a file with an array.
func npyBytes(t *testing.T, shape []int, data any) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch d := data.(type) {
	case []float32:
		err = npy.WriteFloat32(&b, shape, d)
	case []float64:
		err = npy.WriteFloat64(&b, shape, d)
	case []int64:
		err = npy.WriteInt64(&b, shape, d)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeNPY(t *testing.T, name string, shape []int, data any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, npyBytes(t, shape, data), 0o644); err != nil {
		t.Fatal(err)
	}

	return path
}

// tinySpec trains three losses on the tiny features, one by both protocols.
func tinySpec(t *testing.T, overrides ...string) *spec.Spec {
	t.Helper()
	features, labels := tiny(t)
	s, err := parseSpec(fmt.Sprintf(`name: tiny
datasets: [{name: tiny, features: %s, labels: %s}]
losses: [contrastive, multi_similarity, histogram, {name: nca, protocol: {name: paper, every: 3}}]
sampler: {classes: 4, per_class: 3}
optimizer: {lr: 0.01}
steps: 10
seeds: 2
`, features, labels), overrides...)
	if err != nil {
		t.Fatal(err)
	}

	return s
}

// silence receives progress and prints nothing. It keeps the notes, and can call a
// function after a number of runs.
type silence struct {
	mu      sync.Mutex
	remarks []string
	ended   int
	after   int
	call    func()
}

func (*silence) Loading(string) {}
func (s *silence) Note(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remarks = append(s.remarks, text)
}
func (*silence) Begin(int, int)            {}
func (*silence) Step(PlannedRun, int, int) {}
func (s *silence) End(PlannedRun, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended++; s.ended == s.after {
		s.call()
	}
}

func runInto(ctx context.Context, t *testing.T, dir string, s *spec.Spec, workers int, p Progress) (*Outcome, error) {
	t.Helper()
	return Run(ctx, s, dir, Options{Workers: workers, Revision: "test", Progress: p})
}

// A run without a Progress runs.
func TestNoProgress(t *testing.T) {
	out, err := runInto(t.Context(), t, t.TempDir(), tinySpec(t, "losses=[contrastive]", "seeds=1"), 1, nil)
	if err != nil || out.Ran == 0 || len(out.Failed) > 0 {
		t.Errorf("%+v, error %v", out, err)
	}
}

// contents are the files of a results folder that must be the same when the experiment is
// repeated. What was set aside is no part of them.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		if err != nil || d.IsDir() || strings.HasPrefix(name, "timings") || strings.HasPrefix(name, "locks") || strings.HasPrefix(name, "damaged") || strings.HasPrefix(name, ".") {
			return err
		}
		b, err := os.ReadFile(path)
		files[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	return files
}

func same(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s: %s differs", what, name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d files, want %d", what, len(got), len(want))
	}
}

// The same spec gives the same bytes with any number of workers, and after an
// interruption at any run.
func TestSameBytes(t *testing.T) {
	s := tinySpec(t)
	whole := t.TempDir()
	out, err := runInto(t.Context(), t, whole, s, 1, &silence{})
	if err != nil || out.Done != out.Runs || out.Ran != 4+4*2 || len(out.Failed) > 0 {
		t.Fatalf("outcome %+v, error %v, want 12 runs", out, err)
	}
	want := contents(t, whole)
	for _, workers := range []int{2, 8} {
		dir := t.TempDir()
		if _, err := runInto(t.Context(), t, dir, s, workers, &silence{}); err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprintf("%d workers", workers), contents(t, dir), want)
	}

	for _, after := range []int{1, 4, 9} {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		out, err := runInto(ctx, t, dir, s, 2, &silence{after: after, call: cancel})
		if !errors.Is(err, context.Canceled) || out.Done < after {
			t.Fatalf("stopped after %d runs: outcome %+v, error %v", after, out, err)
		}
		again, err := runInto(t.Context(), t, dir, s, 2, &silence{})
		if err != nil || again.Ran != again.Runs-out.Done {
			t.Fatalf("resumed: outcome %+v after %+v, error %v", again, out, err)
		}
		same(t, fmt.Sprintf("stopped after %d", after), contents(t, dir), want)
	}
}

// Two runners in one folder share the work: every run is done once, and both see it done.
func TestTwoRunnersInOneFolder(t *testing.T) {
	s, dir := tinySpec(t), t.TempDir()
	var ran [2]int
	var wait sync.WaitGroup
	for k := range ran {
		wait.Go(func() {
			out, err := runInto(t.Context(), t, dir, s, 2, &silence{})
			if err != nil || out.Done != out.Runs {
				t.Errorf("outcome %+v, error %v", out, err)
				return
			}
			ran[k] = out.Ran
		})
	}

	wait.Wait()
	if total := ran[0] + ran[1]; total != 12 {
		t.Errorf("%d and %d runs, want 12 together", ran[0], ran[1])
	}
}

// readStore opens a results folder to read it.
func readStore(t *testing.T, dir string) *results.Store {
	t.Helper()
	store, err := results.OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func records(t *testing.T, dir string) []results.Record {
	t.Helper()
	_, rs, err := readStore(t, dir).LoadPlan()
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

// Clusters are measured where they are asked for, and make another run.
func TestClusteringIsAskedFor(t *testing.T) {
	s, dir := tinySpec(t), t.TempDir()
	ids := map[string]bool{}
	for _, asked := range []bool{false, true} {
		for k := range s.Datasets {
			s.Datasets[k].Metrics.Clustering = asked
		}
		if _, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil {
			t.Fatal(err)
		}

		for _, r := range records(t, dir) {
			nmi, ok := r.Metrics["nmi"]
			ami, also := r.Metrics["ami"]
			if ok != asked || also != asked || asked && (nmi <= 0 || nmi > 1 || ami >= nmi) {
				t.Errorf("asked %v: %s has NMI %v, AMI %v", asked, r.Label, nmi, ami)
			}
			if ids[r.ID] {
				t.Errorf("asked %v: %s is the run of before", asked, r.Label)
			}
			ids[r.ID] = true
		}
	}
}

func TestRecords(t *testing.T) {
	s, dir := tinySpec(t), t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil {
		t.Fatal(err)
	}
	var batch []float64
	for _, r := range records(t, dir) {
		for _, m := range []string{"recall@1", "recall@8", "recall_pessimistic@1", "map_at_r", "r_precision"} {
			if v, ok := r.Metrics[m]; !ok || v < 0 || v > 1 {
				t.Errorf("%s: %s = %v, %v", r.Label, m, v, ok)
			}
		}

		evaluations := 1
		if r.Protocol == "paper" {
			evaluations = 4 // after 3, 6, 9 and 10 steps
			if o := r.Metrics["optimism"]; o < 0 {
				t.Errorf("%s: choosing the best step flatters by %v, want 0 or more", r.Label, o)
			}
		}

		if r.TestEvaluations != evaluations {
			t.Errorf("%s: %d evaluations on the test, want %d", r.Label, r.TestEvaluations, evaluations)
		}
		if r.Kind == results.KindBaseline || r.Seed > 0 {
			continue
		}

		snapshots, err := analysis.ReadSnapshots(filepath.Join(dir, analysis.SnapshotFile(r.ID)))
		if err != nil || len(snapshots) != 2 || snapshots[0].Step != 0 || snapshots[1].Step != 9 {
			t.Fatalf("%s: snapshots %v, error %v, want those of steps 0 and 9", r.Label, snapshots, err)
		}
		if batch == nil {
			batch = snapshots[0].S
		}
		if !slices.Equal(snapshots[0].S, batch) {
			t.Errorf("%s does not share the first batch with the other losses", r.Label)
		}
	}
}

// A spec that changes makes its runs new; one that adds seeds keeps the old ones.
func TestOnlyWhatIsMissing(t *testing.T) {
	dir := t.TempDir()
	first := tinySpec(t, "losses=contrastive")
	if _, err := runInto(t.Context(), t, dir, first, 2, &silence{}); err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		override string
		want     int
	}{
		{"seeds=3", 1},           // one more seed
		{"optimizer.lr=0.02", 2}, // both seeds anew
		{"seeds=2", 0},
	} {
		out, err := runInto(t.Context(), t, dir, tinySpec(t, "losses=contrastive", c.override), 2, &silence{})
		if err != nil || out.Ran != c.want {
			t.Errorf("%s: outcome %+v, error %v, want %d runs", c.override, out, err, c.want)
		}
	}

	if n := len(records(t, dir)); n != 4+2 {
		t.Errorf("the table covers %d records, want those of the last spec, 6", n)
	}
}

// A default that the data cannot meet gives way, and the record says so; a number that
// the spec gives does not.
func TestDefaultSamplerShrinks(t *testing.T) {
	s := tinySpec(t, "sampler={per_class: 3}", "losses=contrastive", "seeds=1", "steps=1")
	dir := t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil {
		t.Fatal(err)
	}
	const want = "batches have all 6 training classes, fewer than the default 16; sampler.classes sets the number"
	trained := 0
	for _, r := range records(t, dir) {
		if r.Kind != results.KindLoss {
			continue
		}
		trained++
		if !slices.Equal(r.Warnings, []string{want}) || !strings.Contains(string(r.Settings), `"classes":6`) {
			t.Errorf("%s: warnings %q, settings %s", r.Label, r.Warnings, r.Settings)
		}
	}

	if trained != 1 {
		t.Errorf("%d trained runs, want 1", trained)
	}
}

func TestMissingData(t *testing.T) {
	t.Setenv("GPW_DATA", t.TempDir())
	s, err := Open("features", nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	_, err = runInto(t.Context(), t, t.TempDir(), s, 1, &silence{})
	var missing *MissingError
	if !errors.As(err, &missing) || len(missing.Lines) != 4 {
		t.Fatalf("error %v, want the four missing files", err)
	}

	for _, want := range []string{"cars196: no file ", "$GPW_DATA/cars196_train_mobilenetv2/features.npy", "np.save("} {
		if !strings.Contains(missing.Lines[0], want) {
			t.Errorf("%q does not contain %q", missing.Lines[0], want)
		}
	}

	t.Setenv("GPW_DATA", "")
	_, err = runInto(t.Context(), t, t.TempDir(), s, 1, &silence{})
	if !errors.As(err, &missing) || !strings.Contains(missing.Lines[0], "$GPW_DATA is not set; set it to the folder that holds cars196_train_mobilenetv2/features.npy") {
		t.Errorf("error %v, want that GPW_DATA is not set", err)
	}
}

// Where files are missing and the spec names a stand-in, it runs and says in whose place.
func TestStandInForMissingFiles(t *testing.T) {
	t.Setenv("GPW_DATA", t.TempDir())
	s, err := Open("cub_cars_sop", []string{"seeds=1", "steps=1", "losses=contrastive", "baselines=frozen",
		"datasets=[{name: cub200, features: $GPW_DATA/cub200/features.npy, labels: $GPW_DATA/cub200/labels.npy, split: cub200, synthetic: cub, scale: 0.5}]"}, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil {
		t.Fatal(err)
	}

	for _, r := range records(t, dir) {
		d := r.Dataset
		if !d.Synthetic || d.TrainClasses != 50 || d.TestClasses != 50 || !strings.Contains(d.Provenance, "in place of $GPW_DATA/cub200/features.npy, which is not there") {
			t.Errorf("data set %+v, want the stand-in of half the classes, named as such", d)
		}
		if _, ok := r.Metrics["recall@32"]; !ok {
			t.Errorf("%s has no Recall@32, which the benchmark reports", r.Label)
		}
	}
}

// Without a head nothing trains, and the weights on frozen features are there to see.
func TestHeadNone(t *testing.T) {
	s, dir := tinySpec(t, "head=none", "losses=contrastive,triplet", "seeds=1"), t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil {
		t.Fatal(err)
	}
	var recall []float64
	for _, r := range records(t, dir) {
		if r.Kind == results.KindLoss {
			recall = append(recall, r.Metrics["recall@1"])
			if _, err := analysis.ReadSnapshots(filepath.Join(dir, analysis.SnapshotFile(r.ID))); err != nil {
				t.Error(err)
			}
		}
	}

	if len(recall) != 2 || recall[0] != recall[1] {
		t.Errorf("recalls %v, want two that are equal", recall)
	}
}

// A memory bank and the other samplers train, to the same bytes again, and a memory too
// small for a batch is refused with what to do.
func TestMemoryAndSamplers(t *testing.T) {
	for _, override := range []string{"memory={name: xbm, size: 30, warmup: 2}", "sampler={name: random_identity, classes: 4, per_class: 3}", "sampler={name: uniform, classes: 4, per_class: 3}"} {
		s, first, second := tinySpec(t, override, "losses=contrastive,multi_similarity"), t.TempDir(), t.TempDir()
		for _, dir := range []string{first, second} {
			out, err := runInto(t.Context(), t, dir, s, 2, &silence{})
			if err != nil || len(out.Failed) > 0 {
				t.Fatalf("%s: outcome %+v, error %v", override, out, err)
			}
		}
		same(t, override, contents(t, second), contents(t, first))
		again, err := runInto(t.Context(), t, first, s, 2, &silence{})
		if err != nil || again.Ran != 0 {
			t.Errorf("%s: again: outcome %+v, error %v, want nothing to do", override, again, err)
		}
	}

	// A memory of one batch has a square S that is not of the batch with itself: no
	// weights are kept of it, only of the warm-up.
	dir := t.TempDir()
	if _, err := runInto(t.Context(), t, dir, tinySpec(t, "memory={name: xbm, size: 12, warmup: 2}", "losses=contrastive", "seeds=1"), 1, &silence{}); err != nil {
		t.Fatal(err)
	}

	for _, r := range records(t, dir) {
		if r.Kind != results.KindLoss {
			continue
		}
		if kept, err := analysis.ReadSnapshots(filepath.Join(dir, analysis.SnapshotFile(r.ID))); err != nil || len(kept) != 1 || kept[0].Step != 0 {
			t.Errorf("snapshots %v, error %v, want that of step 0 alone", kept, err)
		}
	}
}

// The comparators with proxies train beside the others and are no part of "all".
func TestProxies(t *testing.T) {
	dir := t.TempDir()
	s := tinySpec(t, "losses=[proxy_anchor, {name: soft_triple, proxies: {per_class: 2, lr: 0.1}}, proxy_nca, contrastive]", "seeds=1")
	out, err := runInto(t.Context(), t, dir, s, 2, &silence{})
	if err != nil || len(out.Failed) > 0 || out.Done != 4+4 {
		t.Fatalf("outcome %+v, error %v", out, err)
	}
	if again, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil || again.Ran != 0 {
		t.Errorf("again: outcome %+v, error %v, want nothing to do", again, err)
	}

	for _, r := range tinySpec(t, "losses=all").Losses {
		if r.Proxies.PerClass > 0 {
			t.Errorf("all holds %s, which needs proxies", r.Label)
		}
	}

	for override, want := range map[string]string{
		"losses=[{name: nca, proxies: {per_class: 2}}]":              "nca compares the samples of a batch and has no proxies",
		"losses=[{name: proxy_nca, memory: {name: xbm, size: 100}}]": "proxy_nca compares with proxies, not with a memory bank; give it memory: none",
		"losses=[{name: proxy_nca, proxies: {per_clas: 2}}]":         `unknown key "per_clas" in proxies (did you mean per_class?)`,
	} {
		if _, err := parseSpec(smallSpec, override); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", override, err, want)
		}
	}
}

// Prepared maps are kept, and a file that is damaged is named, set aside and made again;
// so is the map of other data in its place.
func TestPreparedMaps(t *testing.T) {
	s, dir := tinySpec(t, "losses=contrastive", "seeds=1"), t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "prepared", "*.npz"))
	if err != nil || len(files) != 2 {
		t.Fatalf("prepared maps %v, error %v, want PCA and whitening", files, err)
	}
	before := contents(t, dir)
	other, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}

	for n, damage := range [][]byte{[]byte("PK torn"), other} {
		if err := os.WriteFile(files[0], damage, 0o644); err != nil {
			t.Fatal(err)
		}
		p := &silence{}
		if _, err := Run(t.Context(), s, dir, Options{Workers: 1, Fresh: true, Revision: "test", Progress: p}); err != nil {
			t.Fatal(err)
		}
		same(t, "after damage", contents(t, dir), before)
		aside := filepath.Join("damaged", fmt.Sprintf("%s.%d", filepath.Base(files[0]), n+1))
		if got, err := os.ReadFile(filepath.Join(dir, aside)); err != nil || !bytes.Equal(got, damage) {
			t.Errorf("%s holds %d bytes, error %v, want the damaged map", aside, len(got), err)
		}
		if len(p.remarks) != 1 || !strings.Contains(p.remarks[0], files[0]+" was damaged; it is "+aside+" now") {
			t.Errorf("remarks %q, want one that names %s", p.remarks, files[0])
		}
	}
}

// The order of a shipped spec's published rows is that of its reference, and every loss
// that the reference names is in the catalogue.
func TestPublishedNames(t *testing.T) {
	ref, err := table.Published("ms_cvpr2019")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, c := range ref.Values {
		if c.Loss == "" {
			continue
		}
		named++
		if _, err := losses.Choose(losses.Catalogue, c.Loss); err != nil {
			t.Errorf("%s, %s: %v", c.Method, c.Metric, err)
		}
	}

	if named == 0 {
		t.Error("the reference names no loss of the catalogue")
	}
	s, err := Open("ablation", nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	data := &s.Datasets[0]
	var runs []results.Record

	for _, r := range s.Losses {
		runs = append(runs, results.Record{
			Dataset: results.DatasetInfo{Name: data.Name}, Kind: results.KindLoss, Label: r.Label, Loss: r.Choice.Spec.Name, Preset: r.Choice.Preset,
			Head: headCaption(data.Head, 1280), AsPreset: r.AsPreset(data),
		})
	}

	for _, row := range table.Summarize(runs, nil, ref).Blocks[0].Rows {
		if len(row.Published) != 1 || row.Unpublished != "" {
			t.Errorf("the ablation row %q has the published numbers %v: %s", row.Label, row.Published, row.Unpublished)
		}
	}
}
