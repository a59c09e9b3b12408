package experiments

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/results"
)

const partSpec = `name: parts
datasets: [{name: cub, synthetic: cub, scale: 0.05}, {name: cars, synthetic: cars, scale: 0.05}]
baselines: [frozen, pca]
losses: [contrastive, triplet]
seeds: 2
steps: 3
weights: {at: [first]}
sweep: {datasets.cub.optimizer.lr: [1e-4, 1e-3], head.dim: [8, 16]}
`

// Two processes make a part each of an experiment that a third one began. The folder is
// that of one process to the byte, timings apart.
func TestParts(t *testing.T) {
	s, err := parseSpec(partSpec)
	if err != nil {
		t.Fatal(err)
	}
	ctx, o := context.Background(), Options{Revision: "r", Workers: 1}
	local := t.TempDir()
	want, err := Run(ctx, s, local, o)
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	planned, err := FindMissing(ctx, s, filepath.Join(dir, "none"), o)
	if err != nil || len(planned) != want.Runs {
		t.Fatalf("%d runs are planned, want %d: %v", len(planned), want.Runs, err)
	}
	begun, err := Begin(ctx, s, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	defer begun.Close()
	if len(begun.Missing) != want.Runs || begun.Outcome.Done != 0 {
		t.Fatalf("%d of %d runs are missing", len(begun.Missing), want.Runs)
	}

	for _, dataset := range []string{"cars", "cub"} {
		o.Part = &Part{Datasets: []string{dataset}}
		for _, m := range begun.Missing {
			if m.Seconds <= 0 {
				t.Errorf("%s takes %g seconds", m, m.Seconds)
			}
			if m.Dataset.Name == dataset {
				o.Part.Runs = append(o.Part.Runs, m.ID)
			}
		}
		read := &loadedNames{}
		o.Progress = read
		out, err := Run(ctx, s, dir, o)
		if err != nil || out.Ran != len(o.Part.Runs) || out.Done != out.Ran || out.Table != nil {
			t.Fatalf("%s: %+v, %v", dataset, out, err)
		}
		if !slices.Equal(read.names, []string{dataset}) {
			t.Errorf("for the runs on %s it reads %v", dataset, read.names)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, results.TableFile("text"))); err == nil {
		t.Error("a part wrote a table")
	}
	if err := errors.Join(begun.Update(), begun.Derive(ctx)); err != nil {
		t.Fatal(err)
	}
	if len(begun.Missing) != 0 || begun.Outcome.Done != want.Runs {
		t.Errorf("%d runs are missing of all that were made", len(begun.Missing))
	}
	sameFolders(t, local, dir)
}

type loadedNames struct {
	noProgress
	names []string
}

func (l *loadedNames) Loading(name string) { l.names = append(l.names, name) }

// sameFolders compares what two folders hold, but for timings and locks.
func sameFolders(t *testing.T, a, b string) {
	t.Helper()
	names := func(dir string) (all []string) {
		_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			name, _ := filepath.Rel(dir, path)
			if err == nil && !d.IsDir() && name != "timings.jsonl" && !strings.HasPrefix(name, "locks") {
				all = append(all, name)
			}
			return err
		})
		return all
	}
	if x, y := names(a), names(b); !slices.Equal(x, y) || len(x) < 10 {
		t.Fatalf("the files are %v and %v", x, y)
	}
	for _, name := range names(a) {
		x, err1 := os.ReadFile(filepath.Join(a, name))
		y, err2 := os.ReadFile(filepath.Join(b, name))
		if err1 != nil || err2 != nil || string(x) != string(y) {
			t.Errorf("%s differs (%v, %v)", name, err1, err2)
		}
	}
}

// A part of other runs, and one of an experiment whose folder has another plan by now,
// make nothing.
func TestChangedPart(t *testing.T) {
	s, err := parseSpec(partSpec, "sweep={}", "baselines=none")
	if err != nil {
		t.Fatal(err)
	}
	ctx, dir := context.Background(), t.TempDir()
	begun, err := Begin(ctx, s, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	begun.Close()
	part := &Part{Datasets: []string{"cub"}, Runs: []string{begun.Missing[0].ID}}

	other, err := parseSpec(partSpec, "sweep={}", "baselines=none", "steps=4")
	if err != nil {
		t.Fatal(err)
	}
	changed := new(ChangedError)
	if _, err := Run(ctx, other, dir, Options{Part: part}); !errors.As(err, &changed) || changed.Superseded || !strings.Contains(err.Error(), "do not follow from the spec and the data as they are here") {
		t.Errorf("another spec: %v", err)
	}

	if begun, err = Begin(ctx, other, dir, Options{}); err != nil {
		t.Fatal(err)
	}
	begun.Close()
	if _, err := Run(ctx, s, dir, Options{Part: part}); !errors.As(err, &changed) || !changed.Superseded || !strings.Contains(err.Error(), "another experiment was begun there") {
		t.Errorf("another plan: %v", err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "records", "*.json")); len(files) > 0 {
		t.Errorf("records were made: %v", files)
	}
}

// Runs that are like some in the folder are expected to take as long as those did.
func TestPriceFromTimings(t *testing.T) {
	s, err := parseSpec(partSpec, "sweep={}", "baselines=none")
	if err != nil {
		t.Fatal(err)
	}
	ctx, dir := context.Background(), t.TempDir()
	begun, err := Begin(ctx, s, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var cub string
	for _, m := range begun.Missing {
		if m.Dataset.Name == "cub" {
			cub = m.ID
		}
	}
	begun.Close()
	if _, err := Run(ctx, s, dir, Options{Part: &Part{Datasets: []string{"cub"}, Runs: []string{cub}}}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "timings.jsonl")
	if err := os.WriteFile(file, []byte(`{"id":"`+cub+`","seconds":1234,"host":"h","workers":1}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}

	missing, err := FindMissing(ctx, s, dir, Options{})
	if err != nil || len(missing) != 7 {
		t.Fatalf("%d runs are missing, want 7: %v", len(missing), err)
	}
	for _, m := range missing {
		if like := m.Dataset.Name == "cub"; like != (m.Seconds == 1234) {
			t.Errorf("%s takes %g seconds", m, m.Seconds)
		}
	}
}
