package arrays

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"gpwbench/internal/npy"
)

// smallMemory lets the process use 64 MB, so that 16 MB are copied at most.
func smallMemory(t *testing.T) {
	t.Helper()
	before := debug.SetMemoryLimit(64e6)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	t.Setenv("TMPDIR", t.TempDir())
}

// TestFloats: what is beyond a quarter of the memory is zeros in a file without a name,
// and the same numbers are read into it, in any order of the file.
func TestFloats(t *testing.T) {
	smallMemory(t)
	if most := MostCopied(); most != 16e6 {
		t.Fatalf("%d bytes are copied, want a quarter of 64 MB", most)
	}

	const rows, cols = 2100, 2000 // 16.8 MB
	x, release, err := Floats(rows * cols)
	if err != nil {
		t.Fatal(err)
	}
	if len(x) != rows*cols || slices.ContainsFunc(x, func(v float32) bool { return v != 0 }) {
		t.Fatalf("%d floats, want %d zeros", len(x), rows*cols)
	}
	for k := range x {
		x[k] = float32(k)
	}
	maps, _ := os.ReadFile("/proc/self/maps")
	if len(maps) > 0 && !strings.Contains(string(maps), "gpw-features-") {
		t.Error("the floats are in no file")
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("the folder has %v", left)
	}

	path := filepath.Join(t.TempDir(), "x.npy")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := npy.WriteFloat32(f, []int{rows, cols}, x); err != nil {
		t.Fatal(err)
	}
	f.Close()

	for _, name := range []string{"", ":.T"} {
		a, file, err := OpenRows(path + name)
		if err != nil {
			t.Fatal(err)
		}
		_, _, want, err := a.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		_, _, got, err := a.Features()
		file.Close()
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %d other features than %d, error %v", name, len(got), len(want), err)
		}
	}

	release()
	if maps, _ := os.ReadFile("/proc/self/maps"); strings.Count(string(maps), "gpw-features-") > 2 {
		t.Error("the file is still mapped after its release")
	}
}

// TestFloatsWithoutSpace: an error says how much is missing, and where to.
func TestFloatsWithoutSpace(t *testing.T) {
	smallMemory(t)
	dir := filepath.Join(t.TempDir(), "missing")
	t.Setenv("TMPDIR", dir)
	_, _, err := Floats(5e6)
	if err == nil || !strings.Contains(err.Error(), "20 MB") || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("error %v", err)
	}
	if x, _, err := Floats(100); err != nil || len(x) != 100 {
		t.Errorf("few floats: error %v", err)
	}
}
