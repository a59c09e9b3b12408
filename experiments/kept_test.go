package experiments

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/analysis"
	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// A folder that is run into again with other steps to keep holds the same bytes as a
// fresh one, whatever was kept before: more steps, fewer, others, none. More need a run
// of the first seed of each row; fewer need no training. A run of a later seed stays done
// where its moments were not kept, as those of earlier programs are.
func TestKeptStepsChange(t *testing.T) {
	for name, overrides := range map[string][]string{
		"trained":   {"losses=[contrastive, npairs_mc, {name: nca, protocol: {name: paper, every: 3}}]"},
		"memory":    {"losses=[contrastive, {name: multi_similarity, memory: {name: xbm, size: 30, warmup: 5}}]"},
		"untrained": {"losses=[contrastive, {name: nca, protocol: {name: paper, every: 3}}]", "head=none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			features, labels := tiny(t)
			dir := t.TempDir()
			for n, step := range []struct {
				weights string
				trains  bool // where the head is trained
			}{
				{"{at: first}", true},
				{"{at: [first, 4, last]}", true},
				{"{at: [first, last]}", false},
				{"{at: [last]}", false},
				{"{at: [2]}", true},
				{"{at: []}", false},
				{"{at: [first, last]}", true},
			} {
				s := tinySpec(t, append(overrides, "weights="+step.weights, fmt.Sprintf("datasets=[{name: tiny, features: %s, labels: %s}]", features, labels))...)
				out, err := runInto(t.Context(), t, dir, s, 2, &silence{})
				if err != nil || len(out.Failed) > 0 || out.Done != out.Runs {
					t.Fatalf("%s: outcome %+v, error %v", step.weights, out, err)
				}
				want := 0
				switch {
				case n == 0:
					want = out.Runs
				case step.trains:
					want = len(s.Losses)
				}

				if name != "untrained" && out.Ran != want {
					t.Errorf("%s: %d runs, want %d", step.weights, out.Ran, want)
				}
				fresh := t.TempDir()
				if _, err := runInto(t.Context(), t, fresh, s, 2, &silence{}); err != nil {
					t.Fatal(err)
				}
				kept, wanted := contents(t, dir), contents(t, fresh)
				if n == 6 && name != "untrained" { // none were kept before
					laterMoments(t, kept, wanted, records(t, dir))
				}
				same(t, step.weights, kept, wanted)
				if again, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil || again.Ran != 0 {
					t.Errorf("%s again: outcome %+v, error %v, want nothing to do", step.weights, again, err)
				}
			}

			if aside, _ := filepath.Glob(filepath.Join(dir, "damaged", "*")); len(aside) > 0 {
				t.Errorf("set aside as damaged: %v", aside)
			}
		})
	}
}

// laterMoments takes the records and moments of later seeds out of both folders, of which
// the first has no such moments.
func laterMoments(t *testing.T, got, want map[string]string, all []results.Record) {
	t.Helper()
	later := 0
	for _, r := range all {
		if r.Kind != results.KindLoss || r.Seed == 0 {
			continue
		}
		later++
		moments := analysis.StatsFile(r.ID)
		if got[moments] != "" || want[moments] == "" {
			t.Errorf("%s, seed %d: %d bytes of moments, and %d of a fresh run", r.Label, r.Seed, len(got[moments]), len(want[moments]))
		}
		for _, folder := range []map[string]string{got, want} {
			delete(folder, moments)
			delete(folder, results.RecordName(r.ID))
		}
	}
	if later == 0 {
		t.Error("the folder has no later seed")
	}
}

// Whatever file of a run is damaged, and however, the next run names it, sets it aside as
// it is, and makes the run again: the folder is as it was. The runs beside it are left
// alone.
func TestDamagedFilesAreMadeAgain(t *testing.T) {
	s, dir := tinySpec(t, "losses=[contrastive, nca]", "seeds=2"), t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	for n, d := range damages(t, records(t, dir), before) {
		path := filepath.Join(dir, d.name)
		if err := os.WriteFile(path, d.data, 0o644); err != nil {
			t.Fatal(err)
		}
		p := &silence{}
		out, err := runInto(t.Context(), t, dir, s, 2, p)
		if err != nil || out.Ran != 1 || out.Done != out.Runs {
			t.Errorf("case %d, %s: outcome %+v, error %v, want one run", n, d.name, out, err)
		}
		same(t, fmt.Sprintf("case %d, %s", n, d.name), contents(t, dir), before)
		aside, err := filepath.Glob(filepath.Join(dir, "damaged", filepath.Base(d.name)+".*"))
		if err != nil || len(aside) == 0 {
			t.Fatalf("case %d, %s: set aside %v, error %v", n, d.name, aside, err)
		}
		last := fmt.Sprintf("%s.%d", filepath.Join("damaged", filepath.Base(d.name)), len(aside))
		if got, err := os.ReadFile(filepath.Join(dir, last)); err != nil || !bytes.Equal(got, d.data) {
			t.Errorf("case %d: %s holds %d bytes, error %v, want the %d of the damaged file", n, last, len(got), err, len(d.data))
		}
		if len(p.remarks) != 1 || !strings.Contains(p.remarks[0], path+" was damaged: ") || !strings.Contains(p.remarks[0], "it is "+last+" now, and the run is made again") {
			t.Errorf("case %d: remarks %q, want one that names %s and %s", n, p.remarks, path, last)
		}
	}
}

// A damage is what a file of a folder is to hold.
type damage struct {
	name string
	data []byte
}

// damages are those of the files of one run, and of files beside a run that kept none.
func damages(t *testing.T, all []results.Record, before map[string]string) []damage {
	t.Helper()
	var ids []string // of two runs that kept weights, and one that did not
	for _, r := range all {
		if r.Kind == results.KindLoss && (r.Seed == 0 || len(ids) == 2) {
			ids = append(ids, r.ID)
		}
	}

	first, second, bare := ids[0], ids[1], ids[2]
	read := func(name string) []byte {
		data, ok := before[name]
		if !ok {
			t.Fatalf("there is no file %s", name)
		}
		return []byte(data)
	}

	flip := func(name string) []byte {
		data := read(name)
		data[len(data)/2] ^= 1
		return data
	}

	cut := func(name string) []byte { return read(name)[:len(read(name))/2] }
	replace := func(name, old, new string) []byte {
		data := bytes.Replace(read(name), []byte(old), []byte(new), 1)
		if bytes.Equal(data, read(name)) {
			t.Fatalf("%s lacks %q", name, old)
		}
		return data
	}

	record, weights, moments := results.RecordName(first), analysis.SnapshotFile(first), analysis.StatsFile(first)
	return []damage{
		{record, flip(record)}, {record, cut(record)}, {record, nil}, {record, read(results.RecordName(second))},
		{record, replace(record, `"queries": 36`, `"queries": 35`)}, {record, replace(record, `"recall@1"`, `"recall@1 "`)},
		{weights, flip(weights)}, {weights, cut(weights)}, {weights, nil}, {weights, read(analysis.SnapshotFile(second))},
		{moments, flip(moments)}, {moments, cut(moments)}, {moments, nil}, {moments, read(analysis.StatsFile(second))},
		{moments, read(moments)[:bytes.IndexByte(read(moments), '\n')+1]},
		{analysis.SnapshotFile(bare), read(weights)}, {analysis.StatsFile(bare), read(moments)},
	}
}

// The record of an older program, without checksums, stands for its run, and one without
// a metric that its settings ask for does not.
func TestOlderRecords(t *testing.T) {
	s, dir := tinySpec(t, "losses=contrastive", "seeds=1", "baselines=none"), t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, results.RecordName(records(t, dir)[0].ID))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old, _, found := strings.Cut(string(data), ",\n  \"files\": {")
	if !found {
		t.Fatalf("the record lists no files:\n%s", data)
	}
	old += "\n}\n"

	for text, want := range map[string]int{old: 0, strings.Replace(old, `"recall_pessimistic@2"`, `"recall_pessimistic@3"`, 1): 1} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil || out.Ran != want {
			t.Errorf("outcome %+v, error %v, want %d runs", out, err, want)
		}
	}

	// It does not say which files are its own, so more of them than a spec asks for are
	// no reason to run, and fewer are.
	if err := os.WriteFile(path, []byte(old), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   []int
		want int
	}{{[]int{spec.Last}, 0}, {nil, 0}, {[]int{0, 3, spec.Last}, 1}} {
		s.Weights = c.at
		if out, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil || out.Ran != c.want {
			t.Errorf("weights at %v: outcome %+v, error %v, want %d runs", c.at, out, err, c.want)
		}
	}
}
