package experiments

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"gpwbench/results"
	"gpwbench/results/claims"
)

// A run that a process of another machine lost is made again once its lease has run out,
// and is counted. A process of another revision in the folder is told of. The folder ends
// as any other. The minute passes at once.
func TestLostRun(t *testing.T) { synctest.Test(t, lostRun) }

func lostRun(t *testing.T) {
	features, labels := tiny(t)
	s, err := parseSpec(fmt.Sprintf(`name: tiny
datasets: [{name: first, features: %s, labels: %s}]
losses: [contrastive]
baselines: none
sampler: {classes: 4, per_class: 3}
steps: 2
seeds: 2
`, features, labels))
	if err != nil {
		t.Fatal(err)
	}
	whole, dir := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "lost")
	out, err := Run(t.Context(), s, whole, Options{Revision: "r2"})
	if err != nil {
		t.Fatal(err)
	}

	lost, err := results.OpenWith(dir, claims.Options{Kind: claims.Lease, Revision: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := lost.TryClaim(out.Plan.Runs[1], "a run of another machine"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	lost.Close() // whose claim nobody renews from here on

	h := &heard{}
	again, err := Run(t.Context(), s, dir, Options{Revision: "r2", Progress: h})
	if err != nil || again.Ran != 2 {
		t.Fatalf("%+v, %v", again, err)
	}
	notes := strings.Join(h.remarks, "\n")
	for _, want := range []string{"with revision r1 of the program, and this is revision r2", "waiting for first: Contrastive, fixed, seed 1", "first: Contrastive, fixed, seed 1 is made again: process "} {
		if !strings.Contains(notes, want) {
			t.Errorf("remarks %q lack %q", h.remarks, want)
		}
	}
	store, err := results.OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	counted, err := store.LostWork()
	if err != nil || len(counted) != 1 || counted[0].ID != out.Plan.Runs[1] || counted[0].Revision != "r1" {
		t.Errorf("lost work %+v, %v", counted, err)
	}
	for _, id := range out.Plan.Runs {
		for _, name := range []string{results.RecordName(id), results.QueriesFile(id)} {
			want, err1 := os.ReadFile(filepath.Join(whole, name))
			got, err2 := os.ReadFile(filepath.Join(dir, name))
			if err := errors.Join(err1, err2); err != nil || !bytes.Equal(want, got) {
				t.Errorf("%s differs from that of an undisturbed run (%v)", name, err)
			}
		}
	}
}

// The error of a run that failed is kept in the folder until the run succeeds.
func TestFailureIsKept(t *testing.T) {
	features, labels := tiny(t)
	text := fmt.Sprintf(`name: tiny
datasets: [{name: first, features: %s, labels: %s}]
losses: [{name: margin, preset: learned, params: {beta_lr: 1e39}}]
baselines: none
optimizer: {name: sgd}
sampler: {classes: 4, per_class: 3}
steps: 5
seeds: 1
`, features, labels)
	s, err := parseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out, err := Run(t.Context(), s, dir, Options{Revision: "r1"})
	if err != nil || len(out.Failed) != 1 {
		t.Fatalf("%+v, %v: want a failed run", out, err)
	}
	store, err := results.OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := store.GetFailure(out.Plan.Runs[0])
	if err != nil || !strings.HasSuffix(out.Failed[0], f.Error) || f.Revision != "r1" || !strings.HasPrefix(out.Failed[0], f.Run+": ") {
		t.Errorf("%+v, %v, want %q", f, err, out.Failed[0])
	}
	if _, err := store.GetFailure(results.ID(nil)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a failure of no run: %v", err)
	}
}
