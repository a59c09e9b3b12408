package cli

import (
	"bytes"
	"context"
	"runtime"
	"testing"
)

// A probe that is stopped says so, and prints nothing.
func TestProbeStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := probing{losses: everyPreset(), seed: 1, ticks: true}
	measured, err := p.run(ctx, func(int) {})
	if measured != nil || err == nil || err.Error() != "probe was interrupted; nothing is written" {
		t.Errorf("%d losses, error %v", len(measured), err)
	}
}

// What is measured does not depend on how many are measured at a time.
func TestProbeWorkers(t *testing.T) {
	p := probing{losses: everyPreset()[:6], seed: 1, ticks: true, samples: fewestSamples}
	write := func(workers int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(workers))
		measured, err := p.run(context.Background(), func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := p.write(&b, "json", nil, measured); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if !bytes.Equal(write(1), write(4)) {
		t.Error("one worker and four print different numbers")
	}
}
