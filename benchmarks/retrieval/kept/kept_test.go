package kept

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

// set returns vectors of several blocks, and their classes.
func set(t *testing.T, rows int) (retrieval.Vectors, []int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	x, labels := matrix.New(rows, 4), make([]int, rows)
	for i := range labels {
		labels[i] = rng.IntN(rows / 5)
		for k := range x.Row(i) {
			x.Row(i)[k] = float32(rng.IntN(7)) - 2.5
		}
	}
	return retrieval.Float32(x), labels
}

func evaluate(t *testing.T, x retrieval.Vectors, labels []int, k retrieval.Keeper) (*retrieval.Scores, error) {
	t.Helper()
	return retrieval.Evaluate(t.Context(), x, labels, retrieval.Options{Ks: []int{1}, MAPAtR: true, Keeper: k})
}

func open(t *testing.T, path string, id Identity, share Share) *File {
	t.Helper()
	f, err := Open(path, id, share)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Parts that are kept in files and read together give the scores of one evaluation, with
// every field of a result. One that is missing is missed, and a file that is begun and
// empty, or read while it is written, is no error.
func TestParts(t *testing.T) {
	x, labels := set(t, 2500)
	id := IdentityOf(x, labels, nil, nil, nil)
	want, err := evaluate(t, x, labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var files []string
	for part := 1; part <= id.Blocks; part++ {
		path := filepath.Join(dir, string(rune('a'+part)))
		files = append(files, path)
		f := open(t, path, id, Share{part, id.Blocks})
		var missing *retrieval.IncompleteError
		if _, err := evaluate(t, x, labels, f); !errors.As(err, &missing) || missing.Missing != id.Blocks-1 || missing.Queries+f.Queries() != x.Rows {
			t.Fatalf("part %d: %v, with %d queries", part, err, f.Queries())
		}
		defer f.Close() // merged while it is open
	}
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := Merge(append(files, empty), id)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := evaluate(t, x, labels, m); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("merged: %v, other scores", err)
	}
	if m, err = Merge(files[1:], id); err != nil {
		t.Fatal(err)
	}
	if _, err := evaluate(t, x, labels, m); err == nil || m.Keep(0, nil) == nil {
		t.Errorf("without a part: %v", err)
	}
}

// However many bytes of the file a kill leaves, and whichever byte is damaged, the
// records before that count, the evaluation goes on, and its file is again what it was.
func TestKilled(t *testing.T) {
	x, labels := set(t, 2100)
	id := IdentityOf(x, labels, nil, nil, nil)
	path := filepath.Join(t.TempDir(), "results")
	f := open(t, path, id, Share{})
	want, err := evaluate(t, x, labels, f)
	f.Close()
	whole, _ := os.ReadFile(path)
	if err != nil || id.Blocks != 3 || len(f.done) != 3 {
		t.Fatalf("%v, %d of %d blocks", err, len(f.done), id.Blocks)
	}
	_, _, first, _ := readAll(strings.NewReader(string(whole[:len(id.line())])), int64(len(id.line())), id.line())
	ends := []int64{first}
	for k := range 3 {
		ends = append(ends, ends[k]+int64(len(encode(k, f.done[k]))))
	}
	if ends[3] != int64(len(whole)) {
		t.Fatalf("records end at %v of %d", ends, len(whole))
	}
	complete := func(at int) int {
		return max(0, slices.IndexFunc(append(ends, 1<<40), func(end int64) bool { return end > int64(at) })-1)
	}

	rng := rand.New(rand.NewPCG(3, 4))
	for trial := range 300 {
		at := rng.IntN(len(whole))
		if trial < 60 {
			at = trial * 5 // in the first line, and beyond
		}
		left := slices.Clone(whole[:at])
		if damaged := at >= int(first) && trial%2 == 1; damaged {
			left = slices.Clone(whole)
			left[at] ^= 0x10
		}
		if err := os.WriteFile(path, left, 0o644); err != nil {
			t.Fatal(err)
		}
		f := open(t, path, id, Share{})
		if len(f.done) != complete(at) {
			t.Fatalf("%d of %d bytes: %d records, want %d", at, len(whole), len(f.done), complete(at))
		}
		if trial%60 == 0 {
			if got, err := evaluate(t, x, labels, f); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("continued from %d bytes: %v, other scores", at, err)
			}
			if again, _ := os.ReadFile(path); string(again) != string(whole) {
				t.Fatalf("continued from %d bytes: another file", at)
			}
		}
		f.Close()
	}
}

// Other vectors, labels, galleries, samples and files are refused by name, and left as
// they are.
func TestRefused(t *testing.T) {
	x, labels := set(t, 2100)
	id := IdentityOf(x, labels, nil, nil, nil)
	path := filepath.Join(t.TempDir(), "results")
	f := open(t, path, id, Share{})
	var busy *BusyError
	if _, err := Open(path, id, Share{}); !errors.As(err, &busy) || !strings.Contains(err.Error(), "another process keeps its results there") {
		t.Errorf("a file that is open: %v", err)
	}
	f.Close()

	y, others := set(t, 2100)
	moved := y.Take([]int{1, 0})
	others[7]++
	fewer, fewerLabels := set(t, 2000)
	changed := y.Take(func() (rows []int) {
		for i := range y.Rows {
			rows = append(rows, i^1)
		}
		return rows
	}())
	for what, c := range map[string]struct {
		id   Identity
		want string
	}{
		"labels":  {IdentityOf(x, others, nil, nil, nil), "the queries had other labels"},
		"values":  {IdentityOf(changed, labels, nil, nil, nil), "the queries had other values"},
		"rows":    {IdentityOf(fewer, fewerLabels, nil, nil, nil), "the queries were 2100×4, and are 2000×4"},
		"gallery": {IdentityOf(x, labels, &moved, []int{1, 2}, nil), "there was no gallery"},
		"sample":  {IdentityOf(x, labels, nil, nil, &Sample{1500, 3}), "it ranked all queries, and this one ranks a sample of 1500 queries with the seed 3"},
		"version": {Identity{Version: 9}, "a file of version 1, and this program writes version 9"},
	} {
		var other *ChangedError
		if _, err := Open(path, c.id, Share{}); !errors.As(err, &other) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
		if _, err := Merge([]string{path}, c.id); !errors.As(err, &other) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, merged: %v, want %q", what, err, c.want)
		}
	}
	if was, _ := os.ReadFile(path); string(was) != string(id.line()) {
		t.Errorf("a file that was refused is changed: %q", was)
	}

	foreign := filepath.Join(t.TempDir(), "x.npy")
	for _, content := range []string{"\x93NUMPY", "a,b\n1,2\n", `{"format":"other"}` + "\n", strings.Repeat("x", 1<<17)} {
		if err := os.WriteFile(foreign, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		_, opened := Open(foreign, id, Share{})
		_, merged := Merge([]string{foreign}, id)
		if was, _ := os.ReadFile(foreign); opened == nil || merged == nil || !strings.Contains(opened.Error(), "no file of results of an evaluation") || string(was) != content {
			t.Errorf("%.9q: %v, %v", content, opened, merged)
		}
	}
	if _, err := Open(t.TempDir(), id, Share{}); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none", "f"), id, Share{}); err == nil || !strings.Contains(err.Error(), "make its folder") {
		t.Errorf("no folder: %v", err)
	}
	if _, err := Merge([]string{foreign + "none"}, id); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file to merge: %v", err)
	}
}

// Results of vectors that were written to meanwhile are not kept.
func TestChangedMeanwhile(t *testing.T) {
	x, labels := set(t, 2100)
	path := filepath.Join(t.TempDir(), "results")
	id := IdentityOf(x, labels, nil, nil, nil)
	f := open(t, path, id, Share{})
	blocks := 0
	f.Changed = func() error {
		if blocks++; blocks == 2 {
			return errors.New("was written to")
		}
		return nil
	}
	if _, err := evaluate(t, x, labels, f); err == nil || err.Error() != "was written to" {
		t.Fatal(err)
	}
	f.Close()
	if f = open(t, path, id, Share{}); len(f.done) != 1 {
		t.Errorf("%d blocks are kept, want the first", len(f.done))
	}
	f.Close()
}
