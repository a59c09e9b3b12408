package status

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gpwbench/results"
	"gpwbench/results/claims"
)

// record is a run that measured something.
func record(t *testing.T, seed uint64) results.Record {
	t.Helper()
	settings, err := results.Canonical(map[string]any{"seed": seed})
	if err != nil {
		t.Fatal(err)
	}
	return results.Record{
		ID: results.ID(settings), Schema: results.Schema, Settings: settings, Experiment: "six", Label: "Triplet", Kind: results.KindLoss,
		Dataset: results.DatasetInfo{Name: "cub"}, Protocol: "fixed", Seed: seed, Metrics: map[string]float64{"recall@1": 0.5},
	}
}

// open opens a folder of six runs by a kind of claims.
func open(t *testing.T, dir string, kind claims.Kind, plan results.Plan) *results.Store {
	t.Helper()
	s, err := results.OpenWith(dir, claims.Options{Kind: kind, Revision: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Begin(t.Context(), results.Output{Plan: plan, Spec: []byte("name: six\n")}); err != nil {
		t.Fatal(err)
	}
	return s
}

// make6 is a folder in which two runs are done, one is running, one failed, one is lost,
// and one is missing. The process that lost its run let go of nothing.
func make6(t *testing.T, dir string, kind claims.Kind) (ids []string, release func()) {
	t.Helper()
	plan := results.Plan{Schema: results.Schema, Experiment: "six"}
	var records []results.Record
	for seed := range uint64(6) {
		records = append(records, record(t, seed))
		plan.Runs = append(plan.Runs, records[seed].ID)
	}
	lost := open(t, dir, kind, plan)
	if _, ok, err := lost.TryClaim(plan.Runs[4], "cub: Triplet, fixed, seed 4"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	s := open(t, dir, kind, plan)
	for k, seconds := range []float64{10, 20} {
		if err := s.Keep(records[k], nil); err != nil {
			t.Fatal(err)
		}
		if err := s.AppendTiming(results.Timing{ID: records[k].ID, Seconds: seconds, Host: "n1", Workers: 1}); err != nil {
			t.Fatal(err)
		}
	}
	release, ok, err := s.TryClaim(plan.Runs[2], "cub: Triplet, fixed, seed 2")
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := s.PutFailure(results.Failure{ID: plan.Runs[3], Run: "cub: Triplet, fixed, seed 3", Error: "the loss is NaN", Host: "n2"}); err != nil {
		t.Fatal(err)
	}
	lost.Close()
	t.Cleanup(func() { s.Close() })
	return plan.Runs, release
}

// Every state is found, under leases whose files are an hour older or newer than the
// clock of this machine says, and in a folder that nothing can be written to.
func TestStates(t *testing.T) {
	for _, off := range []time.Duration{0, -time.Hour, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			ids, release := make6(t, dir, claims.Lease)
			defer release()
			time.Sleep(2 * time.Second)
			age := func(id string, by time.Duration) {
				files, _ := filepath.Glob(filepath.Join(dir, "locks", id+".*"))
				at := time.Now().Add(by)
				if info, err := os.Stat(files[0]); err == nil {
					at = info.ModTime().Add(by)
				}
				if err := os.Chtimes(files[0], at, at); err != nil {
					t.Fatal(err)
				}
			}
			age(ids[4], -2*time.Minute+off)
			age(ids[2], off)

			s, err := Of(t.Context(), dir, Options{Tasks: []Task{
				{Runs: ids[:5], Job: "7_0", State: "TIMEOUT"}, {Runs: ids[4:], Job: "8_1", State: "PENDING", Log: "logs/8_1.out", Hint: "the partition is full"},
			}})
			if err != nil {
				t.Fatal(err)
			}
			var states []State
			for _, r := range s.All {
				states = append(states, r.State)
			}
			if want := []State{Done, Done, Running, Failed, Lost, Missing}; fmt.Sprint(states) != fmt.Sprint(want) {
				t.Fatalf("%v off: %v, want %v", off, states, want)
			}
			if *s.Mean != 15 || *s.Left != 60 || s.Timed != 2 || !s.Trained {
				t.Errorf("mean %v, left %v, of %d: want 15, 4 runs of it, and 2", *s.Mean, *s.Left, s.Timed)
			}
			running, failed, lost := s.All[2], s.All[3], s.All[4]
			if running.Process == nil || running.Process.PID != os.Getpid() || running.Process.LeaseLeft == nil || *running.Process.LeaseLeft > 60 || running.Revision != "r1" {
				t.Errorf("running: %+v %+v", running, running.Process)
			}
			if failed.Error != "the loss is NaN" || failed.Process != nil || failed.Task.Job != "7_0" {
				t.Errorf("failed: %+v", failed)
			}
			if lost.Process == nil || lost.Process.LeaseLeft != nil || lost.Task.Job != "8_1" {
				t.Errorf("lost: %+v", lost)
			}
			written(t, s)
		})
	}
}

// written holds the three formats of a status against each other.
func written(t *testing.T, s *Status) {
	t.Helper()
	var text, data, table bytes.Buffer
	for format, to := range map[string]*bytes.Buffer{"text": &text, "json": &data, "csv": &table} {
		if err := s.Write(to, format, false); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{
		"six: 6 runs: 2 done, 1 running, 1 failed, 1 lost, 1 missing\n", "time left: about 1m0s with 1 at the same time (by the mean of 2 runs, 15s)\n",
		"the loss is NaN", "7_0", "TIMEOUT", "8_1", "logs/8_1.out", "the partition is full", fmt.Sprintf("%d on ", os.Getpid()),
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("text lacks %q:\n%s", want, text.String())
		}
	}
	var read Status
	if err := json.Unmarshal(data.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil || len(rows) != 7 || len(read.All) != 6 {
		t.Fatalf("%d rows of CSV, %d runs of JSON, %v", len(rows), len(read.All), err)
	}
	for k, r := range read.All {
		row := map[string]string{}
		for c, name := range rows[0] {
			row[name] = rows[k+1][c]
		}
		if row["id"] != r.ID || row["state"] != string(r.State) || row["run"] != r.Run || row["error"] != r.Error || row["job"] != r.Task.Job {
			t.Errorf("CSV has %v, JSON %+v", row, r)
		}
	}
	if s.Write(&text, "yaml", false) == nil {
		t.Error("an unknown format was written")
	}
}

// A run whose claim was lost and that another process makes again is counted, and its
// failure is gone when it succeeds.
func TestBegunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		ids, release := make6(t, dir, claims.Lease)
		release()
		s, err := results.OpenWith(dir, claims.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for _, k := range []uint64{3, 4} {
			id := ids[k]
			var let func()
			for ok := false; !ok; time.Sleep(time.Second) {
				if let, ok, err = s.TryClaim(id, "again"); err != nil {
					t.Fatal(err)
				}
			}
			from, err := s.AppendLost(id)
			if (from != nil) != (k == 4) || err != nil {
				t.Errorf("run %d was taken from %v, %v", k, from, err)
			}
			if err := s.Keep(record(t, k), nil); err != nil {
				t.Fatal(err)
			}
			if err := s.PutFailure(results.Failure{ID: id, Error: "late"}); err != nil {
				t.Fatal(err)
			}
			let()
		}
		got, err := Of(t.Context(), dir, Options{})
		if err != nil || got.Counts[Done] != 4 || got.Counts[Failed] != 0 || got.BegunAgain != 1 || got.All[4].Again != 1 || got.Left != nil {
			t.Errorf("%+v, %v: want 4 runs done, one begun again, and nothing running", got, err)
		}
		if left, _ := os.ReadDir(filepath.Join(dir, "failures")); len(left) > 0 {
			t.Errorf("failures left: %v", left)
		}
	})
}

// Under locks of the operating system a killed process has let go; here its claim is
// signed, and nobody holds it.
func TestFlock(t *testing.T) {
	dir := t.TempDir()
	ids, release := make6(t, dir, claims.Flock)
	defer release()
	path := filepath.Join(dir, "locks", ids[5]+".lock")
	if err := os.WriteFile(path, []byte("process 12 on n3\nrun cub: Triplet, fixed, seed 5\nsince 2026-01-02T03:04:05Z\nrevision r0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Of(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r := s.All[2]; r.State != Running || r.Process.PID != os.Getpid() || r.Process.LeaseLeft != nil {
		t.Errorf("%+v", r)
	}
	if r := s.All[5]; r.State != Lost || r.Process.Host != "n3" || r.Process.Since.Hour() != 3 || r.Revision != "r0" {
		t.Errorf("%+v", r)
	}
}

// What is wrong with a folder is said: no experiment, a damaged record, a damaged
// failure, a claim that cannot be read, processes of two revisions.
func TestWrong(t *testing.T) {
	if _, err := Of(t.Context(), t.TempDir(), Options{}); err == nil || !strings.Contains(err.Error(), "records/") {
		t.Errorf("an empty folder: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		ids, release := make6(t, dir, claims.Lease)
		defer release()
		other, err := results.OpenWith(dir, claims.Options{Revision: "r2"})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		letGo, _, _ := other.TryClaim(ids[5], "")
		defer letGo()
		for name, text := range map[string]string{
			results.RecordName(ids[0]): "{", results.FailureFile(ids[3]): `{"id": "x"}`, "locks/" + ids[0] + ".1.lease": `{"schema":9}`,
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Of(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		notes := strings.Join(s.Notes, "\n")
		if !strings.Contains(notes, "is damaged") || !strings.Contains(notes, "2 revisions") {
			t.Errorf("notes %q", s.Notes)
		}
		if r := s.All[0]; r.State != Running || !strings.Contains(r.Problem, "later version") {
			t.Errorf("%+v", r)
		}
		if r := s.All[3]; r.State != Failed || !strings.Contains(r.Problem, "damaged") {
			t.Errorf("%+v", r)
		}
	})
}
