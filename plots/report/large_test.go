package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/internal/npy"
	"gpwbench/results"
)

// A large folder has many rows on two data sets, each with ten batches, statistics of 101
// steps, evaluations after 120 steps, per-query results and, of some, embeddings. Without
// thinning, a page of it would have more than 40 MB.
const (
	largeRows    = 60
	largeBatches = 10
	largeSteps   = 120
	largeMapped  = 12 // rows of a data set that kept embeddings
)

func largeFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "large")
	store, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()

	weights, moments, embeddings := largeFiles(t)
	random := rand.New(rand.NewPCG(1, 2))
	plan := results.Plan{Schema: results.Schema, Experiment: "large"}
	for _, set := range []string{"birds", "wheels"} {
		for row := range largeRows {
			settings, err := results.Canonical(map[string]any{"row": row, "set": set})
			if err != nil {
				t.Fatal(err)
			}
			r := results.Record{
				ID: results.ID(settings), Schema: results.Schema, Settings: json.RawMessage(settings), Kind: results.KindLoss,
				Dataset: results.DatasetInfo{Name: set}, Label: fmt.Sprintf("Loss %d", row), Loss: "contrastive", Preset: "paper", Params: "λ 0.5",
				Metrics: map[string]float64{}, TestEvaluations: largeSteps, Queries: 60,
			}
			queries := &results.Queries{}
			for k := range 60 {
				queries.Classes = append(queries.Classes, int32(k/4))
				queries.Above = append(queries.Above, int32(random.IntN(4+row%9)))
				queries.Equal, queries.PosEqual = append(queries.Equal, 0), append(queries.PosEqual, 1)
			}
			for _, key := range []string{"recall@1", "recall@2", "recall@4"} {
				values, _ := queries.Values(key)
				for _, v := range values {
					r.Metrics[key] += v / float64(len(values))
				}
			}
			for step := range largeSteps {
				p := results.Point{Step: step + 1, Loss: random.Float64(), Metrics: map[string]float64{}}
				for key := range r.Metrics {
					p.Metrics[key] = random.Float64()
				}
				r.Trajectory = append(r.Trajectory, p)
			}
			var kept bytes.Buffer
			if err := queries.Write(&kept); err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{analysis.SnapshotFile(r.ID): weights, analysis.StatsFile(r.ID): moments, results.QueriesFile(r.ID): kept.Bytes()}
			if row < largeMapped {
				files[results.EmbeddingsFile(r.ID)] = embeddings
			}
			writeRun(t, dir, r, files)
			plan.Runs = append(plan.Runs, r.ID)
		}
	}
	if err := store.Begin(t.Context(), results.Output{Plan: plan}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// writeRun writes a run as a store does, but does not wait until each file is on the
// disk.
func writeRun(t *testing.T, dir string, r results.Record, files map[string][]byte) {
	t.Helper()
	r.Files = map[string]string{}
	for name, data := range files {
		r.Files[name] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	record, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	files[results.RecordName(r.ID)] = record
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

// largeFiles are what every run of a large folder kept.
func largeFiles(t *testing.T) (weights, moments, embeddings []byte) {
	t.Helper()
	const m, rows, dim = 30, 60, 8
	var snapshots []gpw.Snapshot
	for step := range largeBatches {
		s := gpw.Snapshot{Step: step, Loss: 1, S: make([]float64, m*m), G: make([]float64, m*m)}
		for i := range m {
			s.Labels = append(s.Labels, i%6)
			for j := range m {
				s.S[i*m+j] = math.Sin(float64(1 + step + min(i, j)*m + max(i, j)))
				if i == j {
					s.S[i*m+j] = 1
				} else {
					s.G[i*m+j] = math.Abs(math.Cos(float64(i*m+j))) * 1e-3
				}
				if i != j && i%6 == j%6 {
					s.G[i*m+j] *= -1
				}
			}
		}
		snapshots = append(snapshots, s)
	}
	var steps []analysis.WeightStats
	for step := range 101 {
		side := analysis.SideStats{Pairs: 100, Weighted: 50, Mass: 1.2345e-3 * float64(1+step), Effective: 12.345, Hardest: 0.12345, Largest: 0.023456, Force: 0.3456789, Mean: 0.12345, Low: -0.5, High: 0.5}
		steps = append(steps, analysis.WeightStats{Step: step, Loss: 0.98765, Positive: side, Negative: side})
	}
	var labels []int64
	var values []float32
	for i := range rows {
		labels = append(labels, int64(i/4))
		for k := range dim {
			values = append(values, float32(math.Sin(float64(i*dim+k))))
		}
	}
	var w, s, e bytes.Buffer
	for _, err := range []error{
		analysis.WriteSnapshots(&w, snapshots), analysis.WriteStats(&s, steps),
		npy.WriteNPZ(&e, []npy.Member{{Name: "embeddings", Shape: []int{rows, dim}, Data: values}, {Name: "labels", Shape: []int{rows}, Data: labels}, {Name: "rows", Shape: []int{rows}, Data: labels}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return w.Bytes(), s.Bytes(), e.Bytes()
}

// The page of a large folder, and of two, has at most MostBytes, and every part of which
// something is left out says so, with what shows the rest.
func TestLargeFolder(t *testing.T) {
	dir := largeFolder(t)
	f := opened(t, dir)
	for _, folders := range [][]*Folder{{f}, {f, f}} {
		var b bytes.Buffer
		if err := Write(&b, folders...); err != nil {
			t.Fatal(err)
		}
		t.Logf("a page of %d large folders has %.2f MB", len(folders), float64(b.Len())/(1<<20))
		data := dataOf(t, b.String())
		if b.Len() > MostBytes || len(data) != len(folders) {
			t.Fatalf("a page of %d folders has %d bytes", len(folders), b.Len())
		}
		for _, d := range data {
			checkThinned(t, d)
		}
	}
}

// checkThinned holds what the data of a page say of what is left out against what is
// there.
func checkThinned(t *testing.T, d map[string]any) {
	t.Helper()
	says := func(part, text any, format string, values ...any) {
		t.Helper()
		if s, _ := text.(string); !strings.Contains(s, fmt.Sprintf(format, values...)) {
			t.Errorf("%v says %q, want %q", part, s, fmt.Sprintf(format, values...))
		}
	}
	list := func(v any) []any { l, _ := v.([]any); return l }

	shown := list(d["losses"])
	if len(shown) >= 2*largeRows {
		t.Fatalf("%d rows have weights, which is all", len(shown))
	}
	says("the part of weights", d["weightsSay"], "The weights of %d of %d rows are on this page, those of the best means in R@1", len(shown), 2*largeRows)
	for _, l := range shown {
		loss := l.(map[string]any)
		steps, at := list(loss["steps"]), list(loss["at"])
		if len(steps) < 2 || len(at) < 5 || len(at) >= 101 {
			t.Fatalf("%v has %d batches and statistics of %d steps", loss["name"], len(steps), len(at))
		}
		says(loss["name"], loss["caption"], "%d of %d kept batches are not on this page", largeBatches-len(steps), largeBatches)
		says(loss["name"], loss["momentsSay"], "%d of 101 steps are drawn", len(at))
		for _, s := range steps {
			neg := s.(map[string]any)["neg"].(map[string]any)["s"]
			says(loss["name"], s.(map[string]any)["thin"], "%d of 750 negative pairs are drawn", len(list(neg)))
		}
	}

	says("the part of maps", d["mapsSay"], "%d of %d rows that kept embeddings are on this page", len(list(d["maps"])), 2*largeMapped)
	for _, s := range list(d["sets"]) {
		for _, c := range list(s.(map[string]any)["curves"]) {
			row := list(c.(map[string]any)["rows"])[0].(map[string]any)
			says("a curve", c.(map[string]any)["thin"], "%d steps are drawn", len(list(row["steps"])))
		}
		tested := 0
		for metric, m := range s.(map[string]any)["measures"].(map[string]any) {
			matrix := m.(map[string]any)["matrix"].(map[string]any)
			n, said := len(list(matrix["rows"])), list(matrix["says"])
			says(metric, said[len(said)-1], "%d of %d rows stand here, those of the best means. gpw compare DIR ROW ROW … --metric %s", n, largeRows, metric)
			if list(list(matrix["cells"])[0])[1].(map[string]any)["tied"] != nil {
				tested += n * (n - 1) / 2
			} else {
				says(metric, said[0], "none is tested: a page has time for %d tests", mostTests)
			}
		}
		if tested == 0 || 2*tested > mostTests {
			t.Errorf("%d pairs of a data set are tested", tested)
		}
	}
}

// Whatever was kept, the plan of the weights stays within its bytes and wastes few.
func TestPlanWeights(t *testing.T) {
	for _, c := range []struct{ rows, kept int }{{1, 1}, {1, 500}, {9, 2}, {40, 50}, {90, 10}, {1000, 2}, {3000, 12}} {
		var counts []int
		for range c.rows {
			counts = append(counts, c.kept)
		}
		p := planWeights(counts, weightBytes)
		batches := p.rows * min(p.batches, c.kept)
		bytes := batches * (batchBytes + 2*p.pairs*pairBytes)
		if bytes > weightBytes || p.pairs < fewPairs || p.pairs > manyPairs || p.batches < 2 {
			t.Errorf("%d rows of %d batches: %+v takes %d bytes", c.rows, c.kept, p, bytes)
		}
		if whole := p.rows == c.rows && p.batches >= c.kept && p.pairs == manyPairs; !whole && bytes < weightBytes/2 {
			t.Errorf("%d rows of %d batches: %+v takes %d bytes alone", c.rows, c.kept, p, bytes)
		}
	}
	if p := planWeights(nil, weightBytes); p.rows != 0 {
		t.Errorf("without rows the plan is %+v", p)
	}
}
