package analysis

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/gpw"
	"gpwbench/internal/npy"
	"gpwbench/results"
)

// Whatever is read as moments is written as a file that reads the same: nothing that no
// training comes to is let in.
func FuzzMoments(f *testing.F) {
	p, _ := momentBatch(f, 8, "multi_similarity")
	first := new(StatsCollector).Collect(p)
	second := first
	second.Step, second.Loss = 9, -0.25
	var b bytes.Buffer
	if err := WriteStats(&b, []WeightStats{first, second}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	head := strings.Join(statsColumns(), ",") + "\n"
	f.Add([]byte(head))
	f.Add([]byte(head + "0,Inf" + strings.Repeat(",0", 20) + "\n"))
	f.Add([]byte(head + "3,1,0,0,0,0,0,0,0,,,,0,0,0,0,0,0,0,,,\n3,1,0,0,0,0,0,0,0,,,,0,0,0,0,0,0,0,,,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		moments, err := readStats(bytes.NewReader(data))
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := WriteStats(&first, moments); err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		again, err := readStats(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("written but not read: %v", err)
		}
		if err := WriteStats(&second, again); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("written as\n%s\nthen, error %v, as\n%s", first.Bytes(), err, second.Bytes())
		}
		for _, m := range again {
			if e := m.Effective(); !(e >= 0) || !(m.Largest() >= 0) {
				t.Errorf("step %d: %v effective pairs, the largest share %v", m.Step, e, m.Largest())
			}
		}
	})
}

// Whatever is read as snapshots can be drawn, and everything else is an error that names
// the file.
func FuzzSnapshots(f *testing.F) {
	var b bytes.Buffer
	if err := WriteSnapshots(&b, []gpw.Snapshot{
		{Step: 0, Loss: 0.5, Labels: []int{0, 0, 7}, S: []float64{1, 0.5, -0.25, 0.5, 1, 0, -0.25, 0, 1}, G: []float64{0, -0.5, 0, -0.1, 0, 0, 0, 0, 0}},
		{Step: 9, Loss: 0, Labels: []int{4}, S: []float64{1}, G: []float64{0}},
	}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	b.Reset()
	if err := npy.WriteNPZ(&b, []npy.Member{{Name: "step", Shape: []int{1}, Data: []int64{0}}, {Name: "loss", Shape: []int{1}, Data: []float64{1}}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	path := filepath.Join(f.TempDir(), "w.npz")
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		snapshots, err := ReadSnapshots(path)
		if damaged := new(results.DamagedError); err != nil && (!errors.As(err, &damaged) || damaged.Path != path) {
			t.Fatalf("error %v, want one that says the file is damaged", err)
		}
		for _, s := range snapshots {
			w, err := s.WeightsPooled(gpw.Pooling{})
			if err != nil {
				t.Fatalf("step %d was read, and has no weights: %v", s.Step, err)
			}
			if _, err := NewScatter(w); err != nil {
				t.Fatalf("step %d was read, and cannot be drawn: %v", s.Step, err)
			}
		}
	})
}
