package experiments

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// The neighbours that are kept are those of the kept embeddings, by sorting all cosines,
// with the places of rows in the data set, and take no more than was told.
func TestKeptNeighbours(t *testing.T) {
	f := newRuled(t)
	for name, dataset := range map[string]string{"each other": "", "gallery": ", partition: " + f.dir + "/parts.txt"} {
		s, err := parseSpec(f.source(dataset, "baselines: [raw, pca]\nlosses: [contrastive]\nsampler: {classes: 2, per_class: 2}\nsteps: 3\nseeds: 1\nkeep: [embeddings, neighbours]\n"))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		out, err := runInto(t.Context(), t, dir, s, 2, nil)
		if err != nil || len(out.Failed) > 0 {
			t.Fatal(name, out, err)
		}
		d, err := load(&s.Datasets[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range records(t, dir) {
			data, err := os.ReadFile(filepath.Join(dir, results.NeighboursFile(rec.ID)))
			if err != nil {
				t.Fatal(err)
			}
			if told := d.partBytes(PlannedRun{}, spec.KeepNeighbours); float64(len(data)) > told+100 || float64(len(data)) < told/2 {
				t.Errorf("%s: %s has %d bytes, and at most %v were told", name, rec.Label, len(data), told)
			}
			lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			f.areNearest(t, lines, keptEmbeddings(t, dir, rec))
		}
	}
}

// areNearest holds lines of query, rank, row, similarity, class, positive and name
// against all cosines.
func (f *ruled) areNearest(t *testing.T, lines [][]string, e ruledEmbeddings) {
	t.Helper()
	at := map[int]int{}
	for k, row := range e.rows {
		at[row] = k
	}
	lines = lines[1:]
	for k, query := range e.rows {
		if e.parts != nil && e.parts[k] != 1 {
			continue
		}
		type found struct {
			row    int
			cosine float64
		}
		var all []found
		for m, row := range e.rows {
			if row != query && (e.parts == nil || e.parts[m] == 2) {
				all = append(all, found{row, cosine64(e.x.Row(k), e.x.Row(m))})
			}
		}
		slices.SortFunc(all, func(a, b found) int { return cmp.Compare(b.cosine, a.cosine) })
		for rank, n := range all[:keptNeighbours] {
			line := lines[0]
			lines = lines[1:]
			similarity, _ := strconv.ParseFloat(line[3], 64)
			want := []string{strconv.Itoa(query), strconv.Itoa(rank + 1), strconv.Itoa(n.row), line[3], line[4], strconv.FormatBool(f.labels[query] == f.labels[n.row]), f.labels[n.row]}
			if !slices.Equal(line, want) || math.Abs(similarity-n.cosine) > 1e-5 {
				t.Fatalf("line %q, want %q and a cosine of %v", line, want, n.cosine)
			}
		}
	}
	if len(lines) > 0 {
		t.Errorf("%d more lines", len(lines))
	}
}
