package plots

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// TestMemoryOfPanels: an overview of pairs that are read keeps nothing of their number
// while it is drawn, and of each panel no more than its compressed image.
func TestMemoryOfPanels(t *testing.T) {
	few, _ := drawnMemory(t, 128)
	many, perPanel := drawnMemory(t, 400)
	if pairs := 400 * 399; many > few+2*pairs {
		t.Errorf("%d bytes are in use while panels of %d pairs are drawn, and %d while those of %d are", many, pairs, few, 128*127)
	}
	if perPanel > 1<<17 {
		t.Errorf("%d bytes are kept of each panel", perPanel)
	}
}

// drawnMemory draws an overview of three losses of n rows, whose panels are all images.
// It returns the most memory in use when pairs were read for it, and how much more is in
// use with each panel.
func drawnMemory(t *testing.T, n int) (most, perPanel int) {
	t.Helper()
	var used []int
	rows := func(yield func([]gpw.Pair) bool) {
		row := make([]gpw.Pair, 0, n-1)
		for i := range n {
			row = row[:0]
			for j := range n {
				if i != j {
					s := math.Sin(float64(i*n + j))
					row = append(row, gpw.Pair{Anchor: i, Candidate: j, Positive: i/32 == j/32, S: s, G: (2 + s) / float64(n)})
				}
			}
			if !yield(row) {
				return
			}
		}
		runtime.GC()
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		used = append(used, int(now.HeapAlloc))
	}

	var all []*analysis.Scatter
	for range 3 {
		c, err := analysis.ReadScatter(n, gpw.Pooling{}, "one", rows, make([]float64, n*n))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	f := Overview(all, gpw.S, Column)

	used = used[:0]
	if _, err := f.SVG(); err != nil {
		t.Fatal(err)
	}
	ofLoss := len(used) / len(all)
	if ofLoss == 0 {
		t.Fatal("no pairs were read for the panels")
	}
	first, last := slices.Max(used[:ofLoss]), slices.Max(used[len(used)-ofLoss:])
	return slices.Max(used), (last - first) / (2 * (len(all) - 1))
}
