package torture

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// tuneTrials are the trials of each of the two losses: more than are quasi-random, so that
// some proposals depend on trials that a killed process made.
const tuneTrials = 14

// tuneCommand is gpw tune of the spec into a folder.
func tuneCommand(dir string, workers int) *exec.Cmd {
	return exec.Command(house.gpw, "tune", house.spec, "losses=[contrastive, multi_similarity]", "steps=300", "protocol={name: holdout, folds: 3, every: 100}",
		"--trials", fmt.Sprint(tuneTrials), "--workers", fmt.Sprint(workers), "-o", dir)
}

// Processes that search in one folder are killed, each at its own instant, several times
// over. The same command then ends with the files that an undisturbed search leaves, to
// the byte: the trials, the tuning, its figures and the tuned spec.
func TestTuneKills(t *testing.T) {
	if duration == 0 {
		t.Skip("make torture runs it")
	}
	whole := filepath.Join(filepath.Dir(house.whole), "tuned")
	start := time.Now()
	if out, code := finish(tuneCommand(whole, 2)); code != 0 {
		t.Fatalf("the undisturbed search: exit code %d\n%s", code, out)
	}
	took := time.Since(start)
	want, err := contents(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tuning.json", "tuning.txt", "tuned_made.yaml"} {
		if len(want[name]) == 0 {
			t.Fatalf("the undisturbed search left no %s", name)
		}
	}

	kills := 0
	rounds(t, func(r *round) {
		for range 2 + r.IntN(4) {
			kills += r.killSearches(took)
		}
		out, code := finish(tuneCommand(r.dir, 1+r.IntN(3)))
		r.calm("the last search", out, code, 0)
		r.compareWith(want)
	})
	t.Logf("%d kills of searches at work", kills)
	if kills == 0 {
		t.Error("every search ended before it was killed: the case says little")
	}
}

// killSearches starts one to three processes, kills each within a part of the time that a
// whole search takes, and returns how many had not ended.
func (r *round) killSearches(took time.Duration) int {
	processes := 1 + r.IntN(3)
	var killed atomic.Int64
	ended := make(chan struct{})
	for range processes {
		wait := time.Duration(r.Float64() * float64(took) / 2)
		c := tuneCommand(r.dir, 1+r.IntN(3))
		if err := c.Start(); err != nil {
			r.t.Fatal(err)
		}
		go func() {
			time.Sleep(wait)
			c.Process.Kill()
			c.Wait()
			if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
				killed.Add(1)
			}
			ended <- struct{}{}
		}()
	}

	for range processes {
		<-ended
	}
	r.did("%d of %d searches, killed", killed.Load(), processes)
	return int(killed.Load())
}

// compareWith holds the folder against what an undisturbed command left.
func (r *round) compareWith(want map[string][]byte) {
	r.t.Helper()
	got, err := contents(r.dir)
	if err != nil {
		r.fault("%v", err)
		return
	}

	for name, data := range want {
		if !bytes.Equal(got[name], data) {
			r.fault("%s differs from that of an undisturbed command: %d bytes for %d", name, len(got[name]), len(data))
		}
	}
	for name := range got {
		if _, known := want[name]; !known {
			r.fault("%s is left over", name)
		}
	}
	if aside, _ := os.ReadDir(filepath.Join(r.dir, "damaged")); len(aside) > 0 {
		r.fault("a kill left what was called damaged: %v", aside)
	}
}
