package report

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/internal/npy"
	"gpwbench/results"
)

// handmade is a folder of one run, with a label and labels of its batch.
func handmade(t *testing.T, label string, classes []int) (dir string, r results.Record) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "made")
	store, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	settings, err := results.Canonical(map[string]string{"run": label})
	if err != nil {
		t.Fatal(err)
	}
	r = results.Record{
		ID: results.ID(settings), Schema: results.Schema, Settings: json.RawMessage(settings), Kind: results.KindLoss,
		Dataset: results.DatasetInfo{Name: "birds"}, Label: label, Loss: "contrastive", Preset: "paper", Metrics: map[string]float64{"recall@1": 0.5},
	}
	m := len(classes)
	snapshot := gpw.Snapshot{Labels: classes, S: make([]float64, m*m), G: make([]float64, m*m)}
	for i := range m {
		for j := range m {
			snapshot.S[i*m+j] = 1
			if i != j {
				snapshot.G[i*m+j] = -0.5
			}
		}
	}
	var b bytes.Buffer
	if err := analysis.WriteSnapshots(&b, []gpw.Snapshot{snapshot}); err != nil {
		t.Fatal(err)
	}
	if err := store.Keep(r, map[string][]byte{analysis.SnapshotFile(r.ID): b.Bytes()}); err != nil {
		t.Fatal(err)
	}
	if err := store.Begin(t.Context(), results.Output{Plan: results.Plan{Schema: results.Schema, Experiment: label, Runs: []string{r.ID}}}); err != nil {
		t.Fatal(err)
	}
	return dir, r
}

// A batch of one class has no N and no negative pair, and equal rows have S = 1: numbers
// that do not exist are null and not NaN, and the page is made.
func TestOneClass(t *testing.T) {
	dir, _ := handmade(t, "one class", []int{3, 3, 3})
	loss := dataOf(t, pageOf(t, dir))[0]["losses"].([]any)[0].(map[string]any)
	batch := loss["steps"].([]any)[0].(map[string]any)
	pos, neg := batch["pos"].(map[string]any), batch["neg"].(map[string]any)
	if s := pos["s"].([]any); len(s) != 6 || s[0] != 1.0 {
		t.Errorf("the similarities of six equal pairs are %v", s)
	}
	if n := pos["n"].([]any); n[0] != nil {
		t.Errorf("N without a negative is %v, want null", n[0])
	}
	if n := neg["s"].([]any); len(n) != 0 {
		t.Errorf("negative pairs are %v, want none", n)
	}
	if w := pos["w"].([]any); w[0] != 1.5 {
		t.Errorf("three anchors times a half is %v, want 1.5", w[0])
	}
}

// Names of a user are text, whatever they look like.
func TestHostileNames(t *testing.T) {
	label := `</script><script>window.hurt=1</script><img src=x onerror=hurt()>`
	dir, _ := handmade(t, label, []int{0, 0})
	page := pageOf(t, dir)
	if n := strings.Count(page, "<script"); n != 2 {
		t.Errorf("the page has %d scripts, want its data and its script", n)
	}
	if strings.Contains(page, "<img") || strings.Count(page, "</script>") != 2 {
		t.Error("a label is an element of the page")
	}
	if name := dataOf(t, page)[0]["rows"].([]any)[0].(map[string]any)["name"]; name != label {
		t.Errorf("the label is %q in the data", name)
	}
}

func TestFoldersThatHaveNoPage(t *testing.T) {
	refused := func(dir string, words ...string) {
		t.Helper()
		_, err := Open(nil, dir)
		if err == nil {
			t.Fatalf("%s has a page", dir)
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("the error %q does not say %q", err, w)
			}
		}
	}
	write := func(dir, name, text string) {
		t.Helper()
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	refused(filepath.Join(t.TempDir(), "none"), "none")
	empty := t.TempDir()
	refused(empty, empty, "holds no records")

	dir, r := handmade(t, "a", []int{0, 0})
	write(filepath.Join(dir, "records"), r.ID+".json", "{}")
	refused(dir, "holds no finished run", r.ID[:12])

	dir, _ = handmade(t, "b", []int{0, 0})
	plan, err := os.ReadFile(filepath.Join(dir, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	write(dir, "plan.json", strings.Replace(string(plan), `"schema": 1`, `"schema": 2`, 1))
	refused(dir, "schema 2", "this program reads 1")

	dir, r = handmade(t, "c", []int{0, 0})
	write(filepath.Join(dir, "weights"), r.ID+".npz", "damaged")
	refused(dir, filepath.Join(dir, "weights", r.ID+".npz"))
}

// Files of embeddings that no run wrote are refused by what is wrong with them.
func TestMalformedEmbeddings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "e.npz")
	keep := func(rows int, labels []int64, value float32) {
		t.Helper()
		values := make([]float32, 2*rows)
		for k := range values {
			values[k] = value
		}
		var b bytes.Buffer
		err := npy.WriteNPZ(&b, []npy.Member{
			{Name: "embeddings", Shape: []int{rows, 2}, Data: values},
			{Name: "labels", Shape: []int{len(labels)}, Data: labels}, {Name: "rows", Shape: []int{len(labels)}, Data: labels},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for want, make := range map[string]func(){
		"do not fit":          func() { keep(3, []int64{1, 2}, 1) },
		"row 0 is not finite": func() { keep(2, []int64{1, 2}, float32(math.NaN())) },
	} {
		make()
		if _, err := mapFile(file, nil); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("the error is %v, want the file and %q", err, want)
		}
	}

	keep(4, []int64{7, 7, 7, 7}, 0)
	m, err := mapFile(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Views) != 0 || !strings.Contains(m.Says, "4 rows are zero") || !strings.Contains(m.Says, "the rows are equal") {
		t.Errorf("four collapsed rows of one class have %d maps: %s", len(m.Views), m.Says)
	}
}
