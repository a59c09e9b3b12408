package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/internal/input"
)

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t *testing.T, s *Store, records ...Record) {
	t.Helper()
	for _, r := range records {
		if err := s.putRecord(r); err != nil {
			t.Fatal(err)
		}
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("got no error, want one with %q", parts)
		return
	}

	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q lacks %q", err, p)
		}
	}

	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q has several lines", err)
	}
}

func TestStore(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "runs", "sample"))
	frozen := sample("cub", "frozen", 0)
	frozen.Kind = KindBaseline
	want := []Record{frozen, sample("cub", "contrastive", 0), sample("cub", "contrastive", 10), sample("cub", "triplet", 0), sample("sop", "contrastive", 0)}
	for i := len(want) - 1; i >= 0; i-- { // All orders them whatever came first
		if _, err := s.Get(want[i].ID); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Get of a run that is not done: error is %v, want fs.ErrNotExist", err)
		}
		put(t, s, want[i])
		got, err := s.Get(want[i].ID)
		if diff := cmp.Diff(want[i], got); err != nil || diff != "" {
			t.Errorf("Get: %v\n%s", err, diff)
		}
	}

	got, err := s.All()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("All: %v (-want +got)\n%s", err, diff)
	}

	for _, id := range []string{ID(nil), "", "../plan"} {
		if _, err := s.Get(id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Get(%q): error is %v, want fs.ErrNotExist", id, err)
		}
	}

	reader, err := OpenRead(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := reader.All(); err != nil || len(got) != len(want) {
		t.Errorf("OpenRead sees %d records, %v, want %d", len(got), err, len(want))
	}
}

func TestPutTwice(t *testing.T) {
	s := open(t, t.TempDir())
	r := sample("cub", "contrastive", 0)
	put(t, s, r)
	path := s.Path("records/" + r.ID + ".json")
	before, _ := os.Stat(path)
	put(t, s, r)
	if after, _ := os.Stat(path); !os.SameFile(before, after) {
		t.Error("a record with the same bytes was written again")
	}
	if mode := before.Mode().Perm(); mode&0o400 == 0 || mode&0o022 != 0 {
		t.Errorf("record has mode %v", mode)
	}
	r.SourceRevision = "another"
	put(t, s, r)
	if got, err := s.Get(r.ID); err != nil || got.SourceRevision != "another" {
		t.Errorf("a record that differs was not replaced: %v, %v", got.SourceRevision, err)
	}
	r.Metrics = nil
	r.ID = ID(nil)
	wantError(t, s.putRecord(r), "results: contrastive on cub, seed 0: ", "its settings hash to")
}

func TestOpenRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Open(file)
	wantError(t, err, "results: "+file+": a file stands where a folder must be: choose another folder")

	empty := t.TempDir()
	_, err = OpenRead(empty)
	wantError(t, err, "results: "+empty+" holds no records/", "name a folder that an experiment was run into")
	missing := filepath.Join(empty, "none")
	_, err = OpenRead(missing)
	wantError(t, err, "results: stat "+missing+": no such file or directory: name a folder that an experiment was run into")
	if left, _ := os.ReadDir(empty); len(left) > 0 {
		t.Errorf("OpenRead made %v", left)
	}
}

func TestForeignRecords(t *testing.T) {
	good := sample("cub", "contrastive", 0)
	summed, err := good.encode()
	if err != nil {
		t.Fatal(err)
	}
	data := unsummed(t, summed)
	change := func(old, new string) []byte {
		if !strings.Contains(string(data), old) {
			t.Fatalf("record lacks %q", old)
		}
		return []byte(strings.Replace(string(data), old, new, 1))
	}

	name := good.ID + ".json"
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{name, data[:len(data)/2], "is damaged: not a whole JSON record (unexpected end of JSON input): run the experiment again, which sets the file aside and makes it anew"},
		{name, nil, "not a whole JSON record"},
		{name, []byte("# notes\n"), "not a whole JSON record"},
		{name, append(data[:len(data):len(data)], data...), "is damaged: not a whole JSON record"},
		{name, change(`"schema": 1`, `"schema": 2`), "written by a newer program (schema 2, this one reads 1): use that program, or another folder"},
		{name, []byte(`{"loss": "ms", "recall": 1}`), "is damaged: not a record of this program (schema 0, want 1)"},
		{name, change(`"queries"`, `"Queery"`), `not a record of this program (json: unknown field "Queery")`},
		{name, change(`"queries": 585`, `"queries": "many"`), "not a record of this program (json: cannot unmarshal string"},
		{name, change(`"lr": 0.0001`, `"lr": 0.001`), "its settings hash to"},
		{name, change(`"id": "`, `"id": "00`), "record has id 00"},
		{ID(nil) + ".json", data, "is damaged: it holds run " + good.ID[:12]},
		{"copy of " + name, data, "not named as a record is (its id and .json): move it elsewhere"},
		{"notes.txt", nil, "not named as a record is"},
	} {
		s := open(t, t.TempDir())
		path := filepath.Join(s.Dir(), "records", c.name)
		if err := os.WriteFile(path, c.data, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := s.All()
		wantError(t, err, "results: "+path, c.want)
	}
}

// A settings object that is written differently, by hand or by another tool, is the same
// settings.
func TestSettingsSpelling(t *testing.T) {
	r := sample("cub", "contrastive", 0)
	r.Settings = json.RawMessage(`{ "seed": 0, "lr": 1E-4, "label": "contrastive", "dataset": "cub" }`)
	s := open(t, t.TempDir())
	put(t, s, r)
	got, err := s.Get(r.ID)
	if want := sample("cub", "contrastive", 0); err != nil || string(got.Settings) != string(want.Settings) {
		t.Errorf("got settings %s, %v, want %s", got.Settings, err, want.Settings)
	}
}

// begin makes a plan the folder's own.
func begin(t *testing.T, s *Store, p Plan) {
	t.Helper()
	if err := s.Begin(t.Context(), Output{Plan: p, Spec: []byte("name: " + p.Experiment + "\n")}); err != nil {
		t.Fatal(err)
	}
}

func TestFiles(t *testing.T) {
	s := open(t, t.TempDir())
	begin(t, s, Plan{})
	id := ID(nil)
	rewrite := func(name string, write func(string, []byte) error) {
		for _, data := range []string{"first", "second"} {
			if err := write(name, []byte(data)); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(s.Path(name)); string(got) != data {
				t.Errorf("%s holds %q, %v, want %q", name, got, err, data)
			}
		}
	}

	refuse := func(name string, write func(string, []byte) error) {
		if err := write(name, nil); err == nil {
			t.Errorf("%q was taken", name)
		}
	}

	ok, err := s.Derive(t.Context(), func(d *Derived) error {
		rewrite("table.md", d.Write)
		rewrite("figures/b.svg", d.Write)
		for _, name := range []string{"records/x.json", "locks/x.lock", "../escaped.md", "/escaped.md", ".hidden", "", "figures/../a.svg", "figures/.a.svg", "plan.json", "notes.md"} {
			refuse(name, d.Write)
		}
		return nil
	})

	if !ok || err != nil {
		t.Errorf("Derive: %v, %v", ok, err)
	}
	rewrite("weights/"+id+".npz", s.PutArtifact)
	for _, name := range []string{"weights/latest.npz", "records/" + id + ".json", "weights/" + id + "/../."} {
		refuse(name, s.PutArtifact)
	}
}

func TestTimings(t *testing.T) {
	s := open(t, t.TempDir())
	if got, err := timings(s); err != nil || got != nil {
		t.Errorf("no timings yet: got %v, %v", got, err)
	}
	first, second := Timing{ID: ID(nil), Seconds: 1.5, Host: "a", Workers: 2}, Timing{ID: ID(nil), Seconds: 2.5, Host: "b", Workers: 1}
	if err := s.AppendTiming(first); err != nil {
		t.Fatal(err)
	}
	path := s.Path("timings.jsonl")
	data, _ := os.ReadFile(path)
	if err := os.WriteFile(path, append(data, `{"id": "torn`...), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.AppendTiming(second); err != nil {
		t.Fatal(err)
	}
	got, err := timings(s)
	if diff := cmp.Diff([]Timing{first, second}, got); err != nil || diff != "" {
		t.Errorf("after a torn line: %v (-want +got)\n%s", err, diff)
	}
}

func TestPlan(t *testing.T) {
	s := open(t, t.TempDir())
	if _, _, err := s.LoadPlan(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no plan yet: error is %v, want fs.ErrNotExist", err)
	}
	stale, done, second, missing := sample("cub", "ms", 0), sample("cub", "triplet", 0), sample("cub", "contrastive", 0), sample("cub", "nca", 0)
	put(t, s, stale, done, second)
	want := Plan{Schema: Schema, Experiment: "sample", Order: []string{"cub", "triplet", "contrastive"}, Reference: "ms_cvpr2019", Runs: []string{done.ID, missing.ID, second.ID}}
	begin(t, s, want)
	plan, records, err := s.LoadPlan()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, plan); diff != "" {
		t.Errorf("plan (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]Record{done, second}, records); diff != "" {
		t.Errorf("records (-want +got)\n%s", diff)
	}

	for data, want := range map[string]string{
		`{"schema": 1, "runs`: "not a whole plan",
		`{"schema": 2}`:       "plan of schema 2, this program reads 1",

		`{"schema": 1, "runs": ["../x"]}`:                               `not a whole plan ("../x" is no id of a run)`,
		`{"schema": 1, "runs": ["` + done.ID + `", "` + done.ID + `"]}`: "stands in it twice",
	} {
		if err := os.WriteFile(s.Path("plan.json"), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
		_, _, err := s.LoadPlan()
		wantError(t, err, "results: "+s.Path("plan.json"), want, "run the experiment again")
	}
}

// timings returns the timings of a folder in the order in which they were added. An
// incomplete line of a killed process is skipped, as any reader of the file must.
func timings(s *Store) ([]Timing, error) {
	data, err := input.ReadFile(s.path(timingsName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("results: %w", err)
	}

	var all []Timing
	for line := range bytes.Lines(data) {
		var t Timing
		if json.Unmarshal(line, &t) == nil {
			all = append(all, t)
		}
	}

	return all, nil
}

// putRecord stores a record as it is, its files left alone.
func (s *Store) putRecord(r Record) error {
	data, err := r.encode()
	if err != nil {
		return fmt.Errorf("results: %s on %s, seed %d: %w", r.Label, r.Dataset.Name, r.Seed, err)
	}
	return s.write(RecordName(r.ID), data)
}
