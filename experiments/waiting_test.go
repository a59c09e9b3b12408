package experiments

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"gpwbench/results"
)

// heard collects remarks, and calls a function at the first one about waiting.
type heard struct {
	silence
	mu      sync.Mutex
	remarks []string
	waiting func()
}

func (h *heard) Note(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remarks = append(h.remarks, text)
	if strings.HasPrefix(text, "waiting for ") && h.waiting != nil {
		h.waiting()
		h.waiting = nil
	}
}

// A run that another process has in hand keeps no other data set waiting; it is told
// which run and which process, the wait ends at once with the context, and goes on when
// the run is let go. The seconds between two looks pass at once.
func TestRunElsewhere(t *testing.T) { synctest.Test(t, runElsewhere) }

func runElsewhere(t *testing.T) {
	features, labels := tiny(t)
	s, err := parseSpec(fmt.Sprintf(`name: tiny
datasets: [{name: first, features: %[1]s, labels: %[2]s}, {name: second, features: %[1]s, labels: %[2]s}]
losses: [contrastive]
baselines: none
sampler: {classes: 4, per_class: 3}
steps: 2
seeds: 2
`, features, labels))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	store, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var release func()
	open := func(o results.Output) error {
		if release == nil {
			var ok bool
			if release, ok, err = store.TryClaim(o.Plan.Runs[0], ""); err != nil || !ok {
				t.Fatal(ok, err)
			}
		}
		return store.Begin(t.Context(), o)
	}

	run := func(ctx context.Context, p Progress) (*Outcome, error) {
		r, err := newRunner(s, Options{Workers: 2, Progress: p})
		if err != nil {
			t.Fatal(err)
		}
		r.open, r.store = open, store
		return r.run(ctx)
	}

	ctx, cancel := context.WithCancel(t.Context())
	h := &heard{waiting: cancel}
	out, err := run(ctx, h)
	if !errors.Is(err, context.Canceled) || out.Done != 3 {
		t.Errorf("outcome %+v, error %v, want the 3 runs that are free", out, err)
	}
	host, _ := os.Hostname()
	want := fmt.Sprintf("waiting for first: Contrastive, fixed, seed 0, which process %d on %s is making", os.Getpid(), host)
	if len(h.remarks) != 1 || h.remarks[0] != want {
		t.Errorf("remarks %q, want %q", h.remarks, want)
	}

	if out, err := run(t.Context(), &heard{waiting: func() { release() }}); err != nil || out.Done != 4 || out.Ran != 1 {
		t.Errorf("outcome %+v, error %v, want all, one of them now", out, err)
	}
}
