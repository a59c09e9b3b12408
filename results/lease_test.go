package results

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gpwbench/results/claims"
)

// leased opens a folder by leases.
func leased(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := OpenWith(dir, claims.Options{Kind: claims.Lease})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Two processes keep one run at the same time, which happens when one was taken for dead:
// whatever they do in turns, the record is whole, and stays as the first wrote it.
func TestSplitBrain(t *testing.T) {
	dir := t.TempDir()
	r := sample("cub", "contrastive", 0)
	name := "weights/" + r.ID + ".npz"
	stores := []*Store{leased(t, dir), leased(t, dir)}
	files := map[string]Content{name: func(w io.Writer) error {
		for range 100 {
			if _, err := fmt.Fprint(w, strings.Repeat("the same bytes ", 100)); err != nil {
				return err
			}
			time.Sleep(10 * time.Microsecond)
		}
		return nil
	}}
	var first []byte
	for range 20 {
		var wg sync.WaitGroup
		for _, s := range stores {
			wg.Go(func() {
				if err := s.KeepContents(r, files); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		got, err := stores[0].Get(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := stores[1].CheckFile(got, name); err != nil {
			t.Fatal(err)
		}
		text := value(os.ReadFile(stores[0].Path(RecordName(r.ID))))
		if first == nil {
			first = text
		}
		if string(text) != string(first) {
			t.Fatal("the record changed")
		}
	}
	if left := temporaries(t, dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// A process that was taken for dead has its private files removed by one that is alone,
// and writes them again.
func TestPrivateFilesRemoved(t *testing.T) {
	dir := t.TempDir()
	s := leased(t, dir)
	r := sample("cub", "contrastive", 0)
	calls := 0
	files := map[string]Content{
		"moments/" + r.ID + ".csv": Bytes([]byte("x")),
		"weights/" + r.ID + ".npz": func(w io.Writer) error {
			if calls++; calls == 1 {
				if err := s.tidy(); err != nil {
					return err
				}
			}
			_, err := io.WriteString(w, "y")
			return err
		},
	}
	if err := s.KeepContents(r, files); err != nil || calls != 2 {
		t.Fatalf("%v after %d calls, want a second", err, calls)
	}
	got := value(s.Get(r.ID))
	for name := range files {
		if err := s.CheckFile(got, name); err != nil {
			t.Error(err)
		}
	}
}

// Lines of several machines do not mix, and none is lost.
func TestLeasedTimings(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for k := range 3 {
		s := leased(t, dir)
		wg.Go(func() {
			for n := range 20 {
				if err := s.AppendTiming(Timing{ID: ID(fmt.Append(nil, k, n)), Seconds: float64(n), Host: "h"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if all := value(leased(t, dir).Timings()); len(all) != 60 {
		t.Errorf("%d lines, want 60", len(all))
	}
}

// A process whose claim of the tables was taken while it was stopped writes no more of
// them.
func TestTakenTables(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s, other := leased(t, dir), leased(t, dir)
		o := Output{Plan: Plan{Experiment: "x"}, Spec: []byte("name: x\n")}
		if err := s.Begin(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		_, err := s.Derive(t.Context(), func(d *Derived) error {
			if err := d.Write("table.md", []byte("first")); err != nil {
				return err
			}
			freeze(t, s) // so that its lease runs out
			if err := other.Begin(t.Context(), o); err != nil {
				return err
			}
			return d.Write("table.csv", []byte("second"))
		})
		wantError(t, err, dir, "took the claim of this process", "run again")
		if _, err := os.Stat(filepath.Join(dir, "table.csv")); !errors.Is(err, os.ErrNotExist) {
			t.Error("a table was written without the claim")
		}
	})
}

// freeze ends the renewals of a store, as if its process were stopped.
func freeze(t *testing.T, s *Store) {
	t.Helper()
	if err := s.claims.Leave(func() error { return nil }); err != nil {
		t.Fatal(err)
	}
}

// Leases leave nothing in a folder of which every run is done but the newest numbers of
// its locks; a claim that was lost stays until the run is made.
func TestLeasedFolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		r := sample("cub", "contrastive", 0)
		s := leased(t, dir)
		if _, ok, err := s.TryClaim(r.ID, "a run"); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if err := os.WriteFile(s.Path("records/."+r.ID+".json123"), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
		s.Close()

		s = leased(t, dir)
		if left := temporaries(t, dir); len(left) > 0 {
			t.Errorf("a process that is alone left %v", left)
		}
		var release func()
		for ok := false; !ok; time.Sleep(time.Second) {
			var err error
			if release, ok, err = s.TryClaim(r.ID, "a run"); err != nil {
				t.Fatal(err)
			}
		}
		if from, err := s.AppendLost(r.ID); from == nil || from.Run != "a run" || err != nil {
			t.Errorf("taken from %v, %v", from, err)
		}
		if err := s.Keep(r, nil); err != nil {
			t.Fatal(err)
		}
		release()
		s.Close()
		var names []string
		for _, e := range value(os.ReadDir(filepath.Join(dir, "locks"))) {
			names = append(names, e.Name())
		}
		if want := "[claims.json open.4.lease timings.1.lease]"; fmt.Sprint(names) != want {
			t.Errorf("left %v, want %s", names, want)
		}
		if lost := value(s.LostWork()); len(lost) != 1 || lost[0].ID != r.ID || lost[0].PID != os.Getpid() {
			t.Errorf("lost work: %+v", lost)
		}
	})
}

// A folder opened for reading cannot be claimed in.
func TestReadersClaimNothing(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	s := value(OpenRead(dir))
	if _, _, err := s.TryClaim(ID(nil), ""); err == nil {
		t.Error("a reader has a claim")
	}
	wantError(t, s.Begin(t.Context(), Output{}), "opened for reading")
}

func value[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
