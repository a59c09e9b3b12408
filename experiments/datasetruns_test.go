package experiments

import (
	"context"
	"errors"
	"os"
	"testing"

	"gpwbench/results"
)

// A run that is stopped does not wait for a linear map, and a map that was made
// nevertheless is not kept; the next run makes it.
func TestLinearStops(t *testing.T) {
	s := tinySpec(t)
	data, err := load(&s.Datasets[0])
	if err != nil {
		t.Fatal(err)
	}
	store, err := results.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	for _, kind := range []string{"pca", "whitening"} {
		w := newDatasetRuns(data)
		w.store = store
		if m, err := w.linear(ctx, linearMap{kind, 2, whiteningShrink}, data, nil); m != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, error %v", kind, m, err)
		}
		for _, f := range w.maps {
			<-f.done
		}
		if files, _ := os.ReadDir(store.Path("prepared")); len(files) > 0 {
			t.Errorf("%s: kept as %v", kind, files)
		}
		w = newDatasetRuns(data)
		w.store = store
		if m, err := w.linear(t.Context(), linearMap{kind, 2, whiteningShrink}, data, nil); m == nil || err != nil {
			t.Errorf("%s again: %v, error %v", kind, m, err)
		}
		if err := os.RemoveAll(store.Path("prepared")); err != nil {
			t.Fatal(err)
		}
	}
}
