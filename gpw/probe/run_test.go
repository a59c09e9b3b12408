package probe_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"testing"

	"gpwbench/gpw/probe"
	"gpwbench/losses/describe"
)

// A run that is stopped returns its context's error, and no results.
func TestRunStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	results, err := probe.Run(ctx, describe.EveryPreset(), probe.Options{Seed: 1})
	if results != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%d results, error %v", len(results), err)
	}
}

// What is measured does not depend on how many losses are measured at a time.
func TestRunWorkers(t *testing.T) {
	o := probe.Options{Seed: 1, Samples: probe.FewestSamples}
	write := func(workers int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(workers))
		results, err := probe.Run(context.Background(), describe.EveryPreset()[:6], o)
		if err != nil {
			t.Fatal(err)
		}

		var b bytes.Buffer
		if err := probe.Write(&b, results, "json", nil); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if !bytes.Equal(write(1), write(4)) {
		t.Error("one worker and four print different numbers")
	}
}

// Options that cannot be followed, and tables that were not measured, are errors.
func TestRunRefuses(t *testing.T) {
	for _, o := range []probe.Options{{Samples: 7}, {Samples: -1}, {Tables: []string{"tick"}}} {
		if _, err := probe.Run(context.Background(), nil, o); err == nil {
			t.Errorf("%+v are followed", o)
		}
	}

	results, err := probe.Run(context.Background(), describe.EveryPreset()[:1], probe.Options{Tables: []string{probe.CasesTable}})
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "csv", "json"} {
		if err := probe.Write(new(bytes.Buffer), results, format, nil); err == nil {
			t.Errorf("ticks that were not measured are written as %s", format)
		}
	}
	if err := probe.Write(new(bytes.Buffer), nil, "json", nil); err == nil {
		t.Error("no results are written")
	}
}
