package results

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func derive(t *testing.T, s *Store, files map[string]string) (ok bool) {
	t.Helper()
	ok, err := s.Derive(t.Context(), func(d *Derived) error {
		for name, text := range files {
			if err := d.Write(name, []byte(text)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	return ok
}

func listed(t *testing.T, s *Store) map[string]string {
	t.Helper()
	w, err := s.readWritten()
	if err != nil || w == nil {
		t.Fatal(w, err)
	}
	return w.Files
}

// Two experiments in one folder at the same time: plan, spec, tables and figures are
// those of the one that was begun last, in whatever order they end.
func TestTwoPlans(t *testing.T) {
	dir := t.TempDir()
	long, short := open(t, dir), open(t, dir)
	begin(t, long, Plan{Experiment: "long"})
	begin(t, short, Plan{Experiment: "short"})
	if !derive(t, short, map[string]string{"table.md": "short", "figures/weights_short.svg": "short"}) {
		t.Error("the plan begun last is not its own")
	}
	if derive(t, long, map[string]string{"table.md": "long", "figures/weights_long.svg": "long"}) {
		t.Error("the plan of the other is its own")
	}
	plan, _, err := long.LoadPlan()
	if err != nil || plan.Experiment != "short" {
		t.Errorf("the plan is of %q, %v", plan.Experiment, err)
	}

	for name, want := range map[string]string{"table.md": "short", "figures/weights_short.svg": "short", "spec.yaml": "name: short\n"} {
		if data, err := os.ReadFile(short.Path(name)); string(data) != want {
			t.Errorf("%s holds %q, %v, want %q", name, data, err, want)
		}
	}

	// What a killed process left of the other's figures is told by their names, which the
	// list has no longer after this.
	for _, name := range []string{".weights_short.svg1234567890123456789", ".mine.svg1234567890123456789"} {
		if err := os.WriteFile(short.Path("figures/"+name), []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	defer func() {
		if left := temporaries(t, dir); len(left) != 1 || left[0] != short.Path("figures/.mine.svg1234567890123456789") {
			t.Errorf("left %v, want mine", left)
		}
	}()

	// Begun again, the long one takes the folder and leaves nothing of the other.
	begin(t, long, Plan{Experiment: "long"})
	if !derive(t, long, map[string]string{"table.md": "long"}) {
		t.Error("the plan begun last is not its own")
	}
	if _, err := os.Stat(long.Path("figures/weights_short.svg")); err == nil {
		t.Error("a figure of the other plan is there")
	}
	plan1, err := Plan{Experiment: "long"}.encode()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"plan.json": checksum(plan1), "spec.yaml": checksum([]byte("name: long\n")), "table.md": checksum([]byte("long"))}
	if diff := cmp.Diff(want, listed(t, long)); diff != "" {
		t.Error(diff)
	}
	// The same plan of another spec is another's, too.
	if err := short.Begin(t.Context(), Output{Plan: Plan{Experiment: "long"}, Spec: []byte("name: long\nseeds: 1\n")}); err != nil {
		t.Fatal(err)
	}
	if derive(t, long, nil) {
		t.Error("the spec of the other is its own")
	}
}

// A writer that was stopped in the middle has listed what it was about to write, so that
// the next one may go on, whatever stands there.
func TestDeriveStopped(t *testing.T) {
	s := open(t, t.TempDir())
	begin(t, s, Plan{})
	stop := errors.New("stopped")
	_, err := s.Derive(t.Context(), func(d *Derived) error {
		if err := d.Announce("table.md", "figures/a.svg"); err != nil {
			return err
		}
		return errors.Join(d.Write("table.md", []byte("half of the table")), stop)
	})

	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if !derive(t, s, map[string]string{"table.md": "table", "figures/a.svg": "a"}) {
		t.Error("not its own")
	}
	// What appears while the experiment runs is not written over.
	if err := os.WriteFile(s.Path("figures/b.svg"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = s.Derive(t.Context(), func(d *Derived) error { return d.Write("figures/b.svg", []byte("b")) })
	wantError(t, err, "results: "+s.Path("figures/b.svg")+" was not written by gpw: move it elsewhere")
	if data, _ := os.ReadFile(s.Path("figures/b.svg")); string(data) != "mine" {
		t.Errorf("it holds %q", data)
	}
}

// A folder that an earlier gpw left has no list. What that program wrote is told by the
// plan and by what each file looks like.
func TestAdopt(t *testing.T) {
	figure := "<?xml version=\"1.0\"?>\n<svg width=\"1pt\" role=\"img\">\n<title>a</title></svg>"
	png := "\x89PNG\r\n\x1a\n"
	plan, err := Plan{Experiment: "old", Runs: []string{ID(nil)}}.encode()
	if err != nil {
		t.Fatal(err)
	}
	old := map[string]string{
		"plan.json":                 string(plan),
		"spec.yaml":                 "name: old\n",
		"table.txt":                 "cub\n method    n\n──────────────\n NCA\n",
		"table.md":                  "### cub\n\n| method  | n |\n|:--|--:|\n",
		"table.tex":                 "% \n\\begin{tabular}{lr}\nmethod & n \\\\\n\\end{tabular}\n",
		"table.csv":                 "dataset,label,loss,preset,head,protocol,n,recall@1_mean\n",
		"table.json":                `{"rows": [], "notes": []}`,
		"figures/weights_cub_a.svg": figure,
		"figures/weights_cub_a.png": png,
	}

	empty := map[string]string{
		"table.txt": "no runs yet\n", "table.md": "no runs yet\n", "table.tex": "% \nno runs yet\n", "table.csv": "dataset,label,loss,preset,head,protocol,n\n",
	}
	o := Output{
		Plan: Plan{Experiment: "new"}, Spec: []byte("name: new\n"),
		Figures:  func([]Record) []string { return []string{"figures/weights_cub_a.svg", "figures/weights_cub_a.png"} },
		SpecName: func(spec []byte) string { return strings.TrimSuffix(strings.TrimPrefix(string(spec), "name: "), "\n") },
	}

	lay := func(changes map[string]string) *Store {
		s := open(t, t.TempDir())
		for _, files := range []map[string]string{old, changes} {
			for name, text := range files {
				if err := os.MkdirAll(filepath.Dir(s.Path(name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(s.Path(name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		return s
	}

	for _, changes := range []map[string]string{nil, empty} {
		if err := lay(changes).Begin(t.Context(), o); err != nil {
			t.Errorf("a folder without a list is refused: %v", err)
		}
	}

	for name := range old {
		s := lay(map[string]string{name: "mine\n"})
		err := s.Begin(t.Context(), o)
		if name == "figures/weights_cub_a.png" {
			name += " was not written by gpw: "
		}
		wantError(t, err, s.Path(name))
	}

	s := lay(map[string]string{"spec.yaml": "name: another\n"})
	wantError(t, s.Begin(t.Context(), o), s.Path("spec.yaml")+" was not written by gpw: move it elsewhere or delete it, or choose another folder")
}

// Close waits for a file that is being written, so that the end of the program leaves no
// half of it, and refuses a later one.
func TestCloseEndsWrites(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.writing.RLock() // as write does
	closed := make(chan error)
	go func() { closed <- s.Close() }()

	select {
	case <-closed:
		t.Error("closed while a file was being written")
	case <-time.After(20 * time.Millisecond):
	}

	s.writing.RUnlock()
	if err := <-closed; err != nil {
		t.Error(err)
	}
	wantError(t, s.PutArtifact("prepared/"+ID(nil)+".npz", nil), "the folder is closed")
}

// A list with names that gpw does not write is refused, because another program may have
// made it.
func TestForeignList(t *testing.T) {
	for text, want := range map[string]string{
		"notes":                                 "is not the list that gpw keeps of its files there",
		`{"schema": 1, "files": {}, "more": 1}`: "is not the list that gpw keeps",
		`{"schema": 2, "files": {}}`:            "list of schema 2, this program reads 1",
		`{"schema": 1, "files": {"figures/../../a.svg": ""}}`: `lists "figures/../../a.svg", which gpw does not write`,
		`{"schema": 1, "files": {"records/a.json": ""}}`:      `lists "records/a.json"`,
		`{"schema": 1, "files": {"mine.txt": ""}}`:            `lists "mine.txt"`,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "written.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		wantError(t, Check(dir, Output{}), "results: "+filepath.Join(dir, "written.json"), want)
	}
}
