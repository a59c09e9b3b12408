package losstest

import (
	"math/rand/v2"
	"strings"
	"testing"

	"gpwbench/losses"
)

// A loss that panics only in the goroutines of a check fails it, and the program goes on.
func TestPanicInGoroutine(t *testing.T) {
	mutex.Lock()
	evaluations := 0
	fault = func(_ *losses.Batch, value float64, _ []float64) float64 {
		if evaluations++; evaluations > 5 {
			panic("mine")
		}
		return value
	}
	mutex.Unlock()

	c := &checker{choice: choose(broken{}, 0, losses.Rectangular), loss: broken{}, rng: rand.New(rand.NewPCG(1, 1))}
	if v := c.run((*checker).sameBits); v.status != Fail || !strings.Contains(v.why, "panics: mine") {
		t.Errorf("verdict %+v", v)
	}
}
