package experiments

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/spec"
	"gpwbench/internal/npy"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train/headfile"
)

// A folder that is run into again with other parts to keep holds the same bytes as a
// fresh one, whatever was kept before. More need all runs again, fewer none, and the ids
// stay.
func TestKeptPartsChange(t *testing.T) {
	t.Parallel()
	features, labels := tiny(t)
	dir := t.TempDir()
	var ids []string
	for n, c := range []struct {
		keep string
		made bool // every run is made
	}{
		{"[]", true}, {"[head]", true}, {"[embeddings, neighbours, head]", true}, {"[neighbours, embeddings]", false}, {"embeddings", false}, {"[head]", true}, {"[]", false},
	} {
		s := tinySpec(t, "losses=[contrastive, {name: nca, protocol: {name: paper, every: 3}}]", "keep="+c.keep, fmt.Sprintf("datasets=[{name: tiny, features: %s, labels: %s}]", features, labels))
		out, err := runInto(t.Context(), t, dir, s, 2, &silence{})
		if err != nil || len(out.Failed) > 0 || out.Done != out.Runs {
			t.Fatalf("%s: outcome %+v, error %v", c.keep, out, err)
		}
		if out.Ran > 0 != c.made || c.made && out.Ran != out.Runs {
			t.Errorf("%s: %d of %d runs were made", c.keep, out.Ran, out.Runs)
		}
		if n > 0 && !slices.Equal(out.Plan.Runs, ids) {
			t.Errorf("%s: the ids changed", c.keep)
		}
		ids = out.Plan.Runs

		fresh := t.TempDir()
		if _, err := runInto(t.Context(), t, fresh, s, 1, &silence{}); err != nil {
			t.Fatal(err)
		}
		same(t, c.keep, contents(t, dir), contents(t, fresh))
		if again, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil || again.Ran != 0 {
			t.Errorf("%s again: outcome %+v, error %v, want nothing to do", c.keep, again, err)
		}
	}
	if aside, _ := filepath.Glob(filepath.Join(dir, "damaged", "*")); len(aside) > 0 {
		t.Errorf("set aside as damaged: %v", aside)
	}
}

// A kept part that is damaged, cut or missing is made again, to the same bytes. What a
// killed process left without a record is replaced or removed.
func TestKeptPartsDamaged(t *testing.T) {
	s, dir := tinySpec(t, "losses=contrastive", "seeds=1", "baselines=frozen", "keep=[head, embeddings, neighbours]"), t.TempDir()
	run := func() *Outcome {
		out, err := runInto(t.Context(), t, dir, s, 1, &silence{})
		if err != nil || out.Done != out.Runs {
			t.Fatal(out, err)
		}
		return out
	}
	id := run().Plan.Runs[1]
	before := contents(t, dir)
	for _, name := range []string{results.HeadFile(id), results.EmbeddingsFile(id), results.NeighboursFile(id)} {
		path := filepath.Join(dir, name)
		for _, data := range []string{before[name][:len(before[name])-1], before[name] + " ", ""} {
			if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
				t.Fatal(err)
			}
			if out := run(); out.Ran != 1 {
				t.Errorf("%s of %d bytes: %d runs", name, len(data), out.Ran)
			}
			same(t, name, contents(t, dir), before)
		}
		os.Remove(path)
		if out := run(); out.Ran != 1 {
			t.Errorf("%s is gone: %d runs", name, out.Ran)
		}
		same(t, name, contents(t, dir), before)
	}

	os.Remove(filepath.Join(dir, results.RecordName(id)))
	s.Keep = nil
	run()
	for _, name := range []string{results.HeadFile(id), results.EmbeddingsFile(id), results.NeighboursFile(id)} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s is there, and the run keeps none", name)
		}
	}
	if out := run(); out.Ran != 0 {
		t.Errorf("%d runs again", out.Ran)
	}
}

var keptCases = map[string][]string{
	"linear":    {"preprocess=[sqrt, l2, center, scale]", "head={dim: 5, init: pca}", "losses=[contrastive, nca]"},
	"residual":  {"head={name: residual, dim: 5, init: whitened}", "average={decay: 0.9}", "losses=contrastive"},
	"mlp":       {"head={name: mlp, init: orthogonal}", "losses=[{name: nca, protocol: {name: paper, every: 3}}]"},
	"none":      {"head=none", "preprocess=[l2]", "losses=[contrastive, nca]"},
	"baselines": {"losses=contrastive", "baselines=[raw, frozen, {name: pca, dim: 3}, whitening, untrained]", "head={init: orthogonal}"},
	"holdout":   {"losses=[contrastive]", "baselines=[pca, whitening]", "protocol={name: holdout, folds: 2, every: 3}", "sampler.classes=3"},
	"gallery":   {"datasets=[{name: shop, synthetic: inshop, scale: 0.003}]", "losses=[contrastive]", "baselines=[frozen, pca]", "head={dim: 6, init: pca}"},
}

// The embeddings that are kept are those that were measured: their metrics are those of
// the record, to the bit. The head gives the same embeddings from the raw features, and
// training again for an export gives the same files.
func TestKeptPartsAreThoseMeasured(t *testing.T) {
	for name, overrides := range keptCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tinySpec(t, append([]string{"steps=7", "weights.at=[]"}, overrides...)...)
			if name == "linear" { // whose features have a root
				s.Datasets[0].Features = positive(t, s.Datasets[0].Features)
			}
			if name == "none" {
				s.Weights = []int{0}
			}
			s.Keep = []string{spec.KeepHead, spec.KeepEmbeddings}
			with, without := t.TempDir(), t.TempDir()
			out, err := runInto(t.Context(), t, with, s, 2, &silence{})
			if err != nil || len(out.Failed) > 0 {
				t.Fatal(out, err)
			}
			s.Keep = nil
			if out, err := runInto(t.Context(), t, without, s, 2, &silence{}); err != nil || len(out.Failed) > 0 {
				t.Fatal(out, err)
			}

			before := contents(t, without)
			for _, r := range records(t, with) {
				keptIsMeasured(t, with, r)
				for _, dir := range []string{with, without} {
					exportIsKept(t, dir, with, r)
				}
			}
			same(t, "after the exports", contents(t, without), before)
		})
	}
}

// keptIsMeasured evaluates the kept embeddings of a run.
func keptIsMeasured(t *testing.T, dir string, r results.Record) {
	t.Helper()
	archive, err := npy.ReadNPZ(filepath.Join(dir, results.EmbeddingsFile(r.ID)))
	if err != nil {
		t.Fatal(err)
	}
	ints := func(name string) []int {
		if archive[name] == nil {
			return nil
		}
		v, err := archive[name].Ints()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	labels, partition, shape := ints("labels"), ints("partition"), archive["embeddings"].Shape
	data, err := archive["embeddings"].Float64s()
	if err != nil || len(labels) != shape[0] || len(ints("rows")) != shape[0] {
		t.Fatal(shape, len(labels), err)
	}
	take := func(part int) (matrix.Matrix, []int) {
		var x []float32
		var y []int
		for i, l := range labels {
			if partition == nil || partition[i] == part {
				for _, v := range data[i*shape[1] : (i+1)*shape[1]] {
					x = append(x, float32(v))
				}
				y = append(y, l)
			}
		}
		m, err := matrix.Of(len(y), shape[1], x)
		if err != nil {
			t.Fatal(err)
		}
		return m, y
	}

	o := retrieval.Options{Ks: []int{1, 2, 4}, MAPAtR: true}
	query, queryLabels := take(1)
	scores, err := retrieval.Evaluate(t.Context(), retrieval.Float32(query), queryLabels, o)
	if partition != nil {
		gallery, galleryLabels := take(2)
		scores, err = retrieval.EvaluateGallery(t.Context(), retrieval.Float32(query), queryLabels, retrieval.Float32(gallery), galleryLabels, o)
	}
	if err != nil {
		t.Fatal(err)
	}
	mapAtR, _ := scores.MAPAtR()
	for key, got := range map[string]float64{"recall@1": scores.Recall(1), "map_at_r": mapAtR.Expected} {
		if want, ok := r.Metrics[key]; !ok || got != want {
			t.Errorf("%s, seed %d: the kept embeddings have %s %v, the record %v", r.Label, r.Seed, key, got, want)
		}
	}
}

// exportIsKept exports from one folder what another kept.
func exportIsKept(t *testing.T, dir, kept string, r results.Record) {
	t.Helper()
	e, err := NewExport(readStore(t, dir), r, losses.Catalogue, nil)
	if dir != kept {
		of := recordsOf(t, dir)
		k := slices.IndexFunc(of, func(o results.Record) bool { return o.ID == r.ID })
		e, err = NewExport(readStore(t, dir), of[k], losses.Catalogue, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	h, was, err := e.Head(t.Context())
	if err != nil || was != (dir == kept) {
		t.Fatalf("%s: kept %v, error %v", r.Label, was, err)
	}
	var head bytes.Buffer
	if err := h.Write(&head, e.Metadata()); err != nil {
		t.Fatal(err)
	}
	isFile(t, head.Bytes(), filepath.Join(kept, results.HeadFile(r.ID)))

	x, was, err := e.Embeddings(t.Context(), "test", false)
	if err != nil || was != (dir == kept) {
		t.Fatalf("%s: kept %v, error %v", r.Label, was, err)
	}
	var embeddings bytes.Buffer
	if err := x.WriteNPZ(&embeddings); err != nil {
		t.Fatal(err)
	}
	isFile(t, embeddings.Bytes(), filepath.Join(kept, results.EmbeddingsFile(r.ID)))

	// The head, as it is read, from the features.
	read, metadata, err := headfile.Read(filepath.Join(kept, results.HeadFile(r.ID)))
	if err != nil || metadata["row"] != r.Label || metadata["run"] != r.ID {
		t.Fatal(metadata, err)
	}
	if err := e.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := e.on.testEmbeddings(read).WriteNPZ(&again); err != nil || !bytes.Equal(again.Bytes(), embeddings.Bytes()) {
		t.Errorf("%s: the head gives other embeddings from the features (%v)", r.Label, err)
	}
	splitsAreParts(t, e, x)
}

// splitsAreParts holds the embeddings of every split against its rows: the training ones
// are the others, and queries and gallery make up the test.
func splitsAreParts(t *testing.T, e *Export, test *Embeddings) {
	t.Helper()
	rows := map[string][]int{}
	for _, split := range Splits {
		x, _, err := e.Embeddings(t.Context(), split, true)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		err = x.Each(func(row []float32) error {
			n++
			if len(row) != x.Dim {
				return fmt.Errorf("%d dimensions, want %d", len(row), x.Dim)
			}
			return nil
		})
		if err != nil || n != len(x.Rows) || n != len(x.Labels) || n == 0 {
			t.Errorf("%s: %d embeddings of %d rows, error %v", split, n, len(x.Rows), err)
		}
		rows[split] = x.Rows
	}
	all := slices.Sorted(slices.Values(slices.Concat(rows["train"], rows["test"])))
	for k, row := range all {
		if k != row {
			t.Fatalf("row %d stands at %d of training and test rows", row, k)
		}
	}
	if test.Partition == nil {
		rows["gallery"] = nil
	}
	if !slices.Equal(slices.Sorted(slices.Values(slices.Concat(rows["query"], rows["gallery"]))), rows["test"]) {
		t.Error("queries and gallery are not the test rows")
	}
}

func isFile(t *testing.T, data []byte, path string) {
	t.Helper()
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(data, want) {
		t.Errorf("%d bytes, and %s has %d (%v)", len(data), path, len(want), err)
	}
}

// positive writes features with their absolute values.
func positive(t *testing.T, path string) string {
	t.Helper()
	rows, cols, x, err := npy.ReadFloats(path)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range x {
		x[k] = max(v, -v)
	}
	return writeNPY(t, "x.npy", []int{rows, cols}, x)
}

// A dry run says what the parts take, and the files have that many bytes beside headers
// of at most 2 KiB.
func TestKeptPartsPrice(t *testing.T) {
	for name, overrides := range keptCases {
		if name == "holdout" || name == "linear" { // dimensions are chosen; other features
			continue
		}
		s, dir := tinySpec(t, append([]string{"steps=3", "keep=[head, embeddings]"}, overrides...)...), t.TempDir()
		text, err := DryRun(t.Context(), s, dir, Options{})
		if err != nil || !strings.Contains(text, "  keep      head ") && name != "none" || !strings.Contains(text, "embeddings ") {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
		out, err := runInto(t.Context(), t, dir, s, 1, &silence{})
		if err != nil || len(out.Failed) > 0 {
			t.Fatal(out, err)
		}
		r, err := newRunner(s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		l, err := r.load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, js := range l.jobs {
			for _, j := range js {
				for part, file := range map[string]string{spec.KeepHead: results.HeadFile(j.record.ID), spec.KeepEmbeddings: results.EmbeddingsFile(j.record.ID)} {
					info, err := os.Stat(filepath.Join(dir, file))
					if err != nil {
						t.Fatal(err)
					}
					slack := 2048.0
					if part == spec.KeepEmbeddings {
						slack += 8 * float64(len(j.on.testRows())) // a partition that there may be
					}
					if want := j.on.partBytes(j.PlannedRun, part); float64(info.Size()) > want+slack || float64(info.Size()) < want-slack {
						t.Errorf("%s: %s of %s has %d bytes, and %v were told", name, part, j, info.Size(), want)
					}
				}
			}
		}
	}
}

// A run that the folder's spec does not have any more is refused, and so is one that now
// gives other metrics.
func TestExportRefusals(t *testing.T) {
	s, dir := tinySpec(t, "losses=contrastive", "seeds=1", "baselines=none"), t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil {
		t.Fatal(err)
	}
	r := records(t, dir)[0]
	export := func(r results.Record) error {
		e, err := NewExport(readStore(t, dir), r, losses.Catalogue, nil)
		if err == nil {
			_, _, err = e.Head(t.Context())
		}
		return err
	}
	if err := export(r); err != nil {
		t.Fatal(err)
	}
	other := r
	other.Metrics = map[string]float64{"recall@1": 0.123}
	if err := export(other); err == nil || !strings.Contains(err.Error(), "has recall@1") || !strings.Contains(err.Error(), "and its record 0.123") {
		t.Errorf("other metrics: %v", err)
	}
	other = r
	other.ID = results.ID(nil)
	if err := export(other); err == nil || !strings.Contains(err.Error(), "has no run e3b0c44298fc (Contrastive on tiny, seed 0) any more") {
		t.Errorf("another id: %v", err)
	}
	other = r
	other.Kind = results.KindElsewhere
	if err := export(other); err == nil || !strings.Contains(err.Error(), "was trained elsewhere") {
		t.Errorf("trained elsewhere: %v", err)
	}
	e, err := NewExport(readStore(t, dir), r, losses.Catalogue, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.Embeddings(t.Context(), "tset", false); err == nil || !strings.Contains(err.Error(), "did you mean test") {
		t.Errorf("another split: %v", err)
	}
}
