package results

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No byte of a record can change without being noticed, other than white space between
// its values: the checksum is over all fields and their names.
func TestEveryByteOfARecord(t *testing.T) {
	r := sample("cub", "contrastive", 0)
	r.Files = map[string]string{"moments/" + r.ID + ".csv": ID(nil)}
	data, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}

	for at := range data {
		// Package json would take a field's name in any case.
		for _, bit := range []byte{1 << (at % 8), 'a' - 'A'} {
			spoiled := bytes.Clone(data)
			spoiled[at] ^= bit
			if strings.TrimSpace(string(data[at])) == "" && strings.TrimSpace(string(spoiled[at])) == "" {
				continue
			}
			if got, err := decode(spoiled); err == nil {
				t.Fatalf("byte %d as %q instead of %q is taken: %+v", at, spoiled[at], data[at], got)
			}
		}
	}
}

// A digit of a metric that changes is found by the checksum; in a record of an older
// program, which has none, what cannot be is found by its range, and what is not there by
// its absence.
func TestDamagedRecords(t *testing.T) {
	data, err := sample("cub", "contrastive", 0).encode()
	if err != nil {
		t.Fatal(err)
	}
	old := string(unsummed(t, data))
	if _, err := decode([]byte(old)); err != nil {
		t.Fatalf("the record of an older program: %v", err)
	}
	below := strings.Replace(old, `"recall_pessimistic@1": 0.5`, `"ami": -0.01, "ami_low": -0.02`, 1)
	if _, err := decode([]byte(below)); below == old || err != nil {
		t.Errorf("clusters that agree with the classes less than by chance: error %v", err)
	}
	changed := strings.Replace(string(data), `"recall@1": 0.5`, `"recall@1": 0.6`, 1)
	if _, err := decode([]byte(changed)); err == nil || !strings.Contains(err.Error(), "it was changed since it was written (its checksum is ") {
		t.Errorf("a digit changed: error %v", err)
	}

	for _, c := range []struct{ old, new, want string }{
		{`"recall@1": 0.5`, `"recall@1": 5`, "its metric recall@1 is 5, want a number from 0 to 1"},
		{`"recall@1": 0.5`, `"recall@1": -0.5`, "its metric recall@1 is -0.5"},
		{`"recall_pessimistic@1": 0.5`, `"ami": -1.5`, "its metric ami is -1.5, want a number from -1 to 1"},
		{`"recall@1": 0.5`, `"recall@1": 1e999`, "not a record of this program (json"},
		{`"metrics": {`, `"metrics": {}, "learned": {`, "no recall@K among its metrics"},
		{`"queries": 585`, `"queries": -585`, "its queries is -585, want a count"},
		{`"ties": 0`, `"ties": 586`, "of its 585 queries 0 are lonely and 586 tied"},
		{`"train_rows": 594`, `"train_rows": -1`, "its dataset.train_rows is -1"},
		{`"step": 200`, `"step": -200`, "its trajectory has step -200 after step 0"},
		{`"params": "λ 0.5",`, ``, "it has no params"},
		{`"head": "linear 64→64, identity",`, ``, "it has no head"},
		{`"protocol": "fixed",`, ``, "it has no protocol"},
		{`"checksum": "c0ffee",`, ``, "it has no dataset.checksum"},
		{`"trainer": 1`, `"trainer ": 1`, "not a record of this program"},
		{`"queries": 585,`, ``, "it has no queries"},
	} {
		spoiled := strings.Replace(old, c.old, c.new, 1)
		if spoiled == old {
			t.Fatalf("the record lacks %s", c.old)
		}
		if _, err := decode([]byte(spoiled)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s in the place of %s: error %v, want %q", c.new, c.old, err, c.want)
		}
	}

}

// What a newer program adds to the format is whole by its checksum, so it is not called
// damaged.
func TestNewerRecord(t *testing.T) {
	r := sample("cub", "contrastive", 0)
	data, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	newer := strings.Replace(string(unsummed(t, data)), `"queries"`, `"median": 1, "queries"`, 1)
	text, err := canonical(jsonText(newer))
	if err != nil {
		t.Fatal(err)
	}
	newer = strings.TrimSuffix(newer, "}\n") + `, "checksum": "` + ID(text) + `"}`
	foreign := new(foreignError)
	if _, err := decode([]byte(newer)); !errors.As(err, &foreign) || !strings.Contains(err.Error(), `written by a newer program (json: unknown field "median"): use that program, or another folder`) {
		t.Errorf("record %.12s with a field of a newer program: error %v", r.ID, err)
	}
}

type jsonText string

func (t jsonText) MarshalJSON() ([]byte, error) { return []byte(t), nil }

func spoil(t *testing.T, path, old, new string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s lacks %q", path, old)
	}
	if err := os.WriteFile(path, bytes.Replace(data, []byte(old), []byte(new), 1), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What is set aside is moved and never replaced: a second file of the same name takes
// another number.
func TestSetAside(t *testing.T) {
	s := open(t, t.TempDir())
	for n, want := range []string{"1", "2", "3"} {
		name := "weights/" + ID(nil) + ".npz"
		if err := s.PutArtifact(name, []byte(want)); err != nil {
			t.Fatal(err)
		}
		to, err := s.SetAside(name)
		if err != nil || to != s.Path("damaged/"+ID(nil)+".npz."+want) {
			t.Errorf("time %d: moved to %s, %v", n+1, to, err)
		}
		if _, err := os.Stat(s.Path(name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("time %d: it is still in its place: %v", n+1, err)
		}
	}

	s.Close()
	open(t, s.Dir()) // tidies
	for _, n := range []string{"1", "2", "3"} {
		if data, err := os.ReadFile(s.Path("damaged/" + ID(nil) + ".npz." + n)); err != nil || string(data) != n {
			t.Errorf("file %s holds %q, %v", n, data, err)
		}
	}

	if to, err := s.SetAside("weights/" + ID(nil) + ".npz"); err != nil || to != "" {
		t.Errorf("a file that is gone: %q, %v", to, err)
	}
	if left, _ := filepath.Glob(s.Path("damaged/*")); len(left) != 3 {
		t.Errorf("damaged/ holds %v, want three files", left)
	}
}

// kept keeps a run with files of its own and returns its record, as it is read.
func kept(t *testing.T, s *Store, r Record, files map[string][]byte) Record {
	t.Helper()
	if err := s.Keep(r, files); err != nil {
		t.Fatal(err)
	}
	got, err := s.Get(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Files) != len(files) || got.Files == nil {
		t.Fatalf("the record lists %v, want %d files", got.Files, len(files))
	}
	return got
}

// A run is kept with the files of its own: one that another run wrote, or that is gone,
// is found.
func TestCheckFile(t *testing.T) {
	s, r := open(t, t.TempDir()), sample("cub", "MS", 0)
	weights, moments := "weights/"+r.ID+".npz", "moments/"+r.ID+".csv"
	both := map[string][]byte{weights: []byte("w"), moments: []byte("m")}
	got := kept(t, s, r, both)
	for name := range both {
		if err := s.CheckFile(got, name); err != nil {
			t.Error(err)
		}
	}

	if err := os.WriteFile(s.Path(weights), []byte("another"), 0o644); err != nil {
		t.Fatal(err)
	}
	damaged := new(DamagedError)
	if err := s.CheckFile(got, weights); !errors.As(err, &damaged) || !strings.Contains(err.Error(), "it is not the file that the run kept") {
		t.Errorf("the file of another run: error %v", err)
	}
	os.Remove(s.Path(weights))
	if err := s.CheckFile(got, weights); !errors.As(err, &damaged) || !strings.Contains(err.Error(), "the run kept it, and it is not there") {
		t.Errorf("a file that is gone: error %v", err)
	}
	got = kept(t, s, r, map[string][]byte{moments: []byte("m")})
	if err := s.CheckFile(got, weights); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that was not kept: error %v", err)
	}
	if err := os.WriteFile(s.Path(weights), []byte("w"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.CheckFile(got, weights); !errors.As(err, &damaged) || !strings.Contains(err.Error(), "lists no such file") {
		t.Errorf("a file that the record does not list: error %v", err)
	}
	// Where the record is another one by now, the file is that of a process at work.
	stale := got
	stale.Files = map[string]string{weights: ID([]byte("before"))}
	if err := s.CheckFile(stale, weights); !errors.Is(err, ErrChanging) {
		t.Errorf("by a record that was replaced: error %v, want ErrChanging", err)
	}
	got.Files = nil // as in the record of an older program
	if err := s.CheckFile(got, weights); err != nil {
		t.Errorf("beside a record without a list: %v", err)
	}
}

// A run that is kept again with fewer files leaves none of the others, and no temporary
// ones.
func TestKeep(t *testing.T) {
	s, r := open(t, t.TempDir()), sample("cub", "MS", 0)
	weights, moments := "weights/"+r.ID+".npz", "moments/"+r.ID+".csv"
	kept(t, s, r, map[string][]byte{weights: []byte("w"), moments: []byte("m")})
	kept(t, s, r, map[string][]byte{moments: []byte("m")})
	if _, err := os.Stat(s.Path(weights)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is no longer kept is there: %v", err)
	}
	got := kept(t, s, r, nil)
	if !maps.Equal(got.Files, map[string]string{}) || got.Files == nil {
		t.Errorf("files %v, want a list without any", got.Files)
	}
	if left := temporaries(t, s.Dir()); len(left) > 0 {
		t.Errorf("temporary files left: %v", left)
	}
	wantError(t, s.Keep(r, map[string][]byte{"weights/" + ID(nil) + ".npz": nil}), "is none of a run")
}

// What cannot be written beside its place costs nothing that is there.
func TestKeepFails(t *testing.T) {
	s, r := open(t, t.TempDir()), sample("cub", "MS", 0)
	weights, moments := "weights/"+r.ID+".npz", "moments/"+r.ID+".csv"
	kept(t, s, r, map[string][]byte{moments: []byte("m")})
	if err := os.WriteFile(s.Path("weights"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.Keep(r, map[string][]byte{weights: []byte("w"), moments: []byte("n")}), "a file stands where a folder must be")
	got, err := s.Get(r.ID)
	if err != nil {
		t.Errorf("a run that could not be written cost the record that was there: %v", err)
	}
	if err := s.CheckFile(got, moments); err != nil {
		t.Error(err)
	}

	if left := temporaries(t, s.Dir()); len(left) > 0 {
		t.Errorf("temporary files left: %v", left)
	}
}

// A file that stays is neither read nor written again, its checksum is that of the record
// before, and what no record lists cannot stay. A content that fails costs nothing.
func TestKeepContents(t *testing.T) {
	s, r := open(t, t.TempDir()), sample("cub", "MS", 0)
	weights, moments := "weights/"+r.ID+".npz", "moments/"+r.ID+".csv"
	wantError(t, s.KeepContents(r, map[string]Content{weights: nil}), "has no "+weights+" that could stay")
	before := kept(t, s, r, map[string][]byte{weights: []byte("w"), moments: []byte("m")})
	long := func(w io.Writer) error {
		for k := range 100_000 {
			if _, err := fmt.Fprintln(w, k); err != nil {
				return err
			}
		}
		return nil
	}
	if err := s.KeepContents(r, map[string]Content{weights: nil, moments: long}); err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	long(&want)
	after, err := s.Get(r.ID)
	if err != nil || after.Files[weights] != before.Files[weights] || after.Files[moments] != ID(want.Bytes()) || s.CheckFile(after, moments) != nil || s.CheckFile(after, weights) != nil {
		t.Errorf("files %v, error %v", after.Files, err)
	}

	failed := errors.New("row 3 is not finite")
	err = s.KeepContents(r, map[string]Content{moments: func(w io.Writer) error { return errors.Join(long(w), failed) }})
	if now, _ := s.Get(r.ID); !errors.Is(err, failed) || !maps.Equal(now.Files, after.Files) || s.CheckFile(now, weights) != nil {
		t.Errorf("a content that fails: error %v, files %v", err, now.Files)
	}
	if left := temporaries(t, s.Dir()); len(left) > 0 {
		t.Errorf("temporary files left: %v", left)
	}
}
