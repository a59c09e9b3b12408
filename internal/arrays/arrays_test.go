package arrays

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// open opens bytes as a file of that name, which may name an array.
func open(t testing.TB, path string, content []byte) (*File, error) {
	t.Helper()
	file, selector := Split(path)
	return openReader(file, selector, bytes.NewReader(content), int64(len(content)))
}

func mustOpen(t testing.TB, path string, content []byte) *File {
	t.Helper()
	f, err := open(t, path, content)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// readAll reads every array in every way, and returns the first error of opening. A text
// may have thousands of columns, each of which is found by reading the text again: the
// first and the last of them stand for all.
func readAll(t testing.TB, path string, content []byte) error {
	t.Helper()
	f, err := open(t, path, content)
	if err != nil {
		return err
	}
	f.Features()
	f.Labels()
	wrong := []error{}
	some := f.Arrays
	if n := len(some); n > 32 {
		some = slices.Concat(some[:16], some[n-16:])
	}
	for _, a := range some {
		for _, a := range []*Array{a, a.T()} {
			rows, cols, narrow, err1 := a.Float32s()
			if err1 == nil && len(narrow) != rows*cols {
				t.Fatalf("%s: %d×%d, and %d elements", a.Name, rows, cols, len(narrow))
			}
			rows, cols, wide, err2 := a.Float64s()
			if err2 == nil && len(wide) != rows*cols {
				t.Fatalf("%s: %d×%d, and %d elements", a.Name, rows, cols, len(wide))
			}
			ints, names, err3 := a.Labels()
			if n := count(a.Shape); err3 == nil && len(ints) != n && len(names) != n {
				t.Fatalf("%s: %d integers and %d strings of the shape %v", a.Name, len(ints), len(names), a.Shape)
			}
			if err1 != nil && err2 != nil && err3 != nil {
				wrong = append(wrong, err1, err3)
			}
		}
	}
	return errors.Join(wrong...)
}

// everyLength reads all beginnings of a file, none of which may be taken for the whole.
func everyLength(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := readAll(t, path, content); err != nil {
		t.Fatalf("%s, whole: %v", path, err)
	}
	for n := range content {
		if err := readAll(t, path, content[:n]); err == nil {
			t.Errorf("%d of %d bytes of %s were read", n, len(content), path)
		} else if strings.Contains(err.Error(), "runtime error") || strings.ContainsAny(err.Error()[:1], " :") {
			t.Errorf("%d of %d bytes of %s: %v", n, len(content), path, err)
		}
	}
}

// fuzzReader reads whatever bytes as the file of that name, within a bound of memory.
func fuzzReader(f *testing.F, path string, seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		readAll(t, path, content)
		runtime.ReadMemStats(&after)
		// Every array is read six times, and small files are given some slack.
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<26+1<<12*uint64(len(content)) {
			t.Fatalf("%d bytes took %d bytes of memory", len(content), used)
		}
	})
}

// matrixOf reads the features of a file as float64.
func matrixOf(t testing.TB, f *File) (rows, cols int, data []float64) {
	t.Helper()
	a, err := f.Features()
	if err != nil {
		t.Fatal(err)
	}
	rows, cols, data, err = a.Float64s()
	if err != nil {
		t.Fatal(err)
	}
	_, _, narrow, err := a.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range data {
		if float32(v) != narrow[k] && v == v {
			t.Errorf("element %d is %v, as float32 %v", k, v, narrow[k])
		}
	}
	return rows, cols, data
}

func wantMatrix(t testing.TB, f *File, rows, cols int, want ...float64) {
	t.Helper()
	r, c, got := matrixOf(t, f)
	if r != rows || c != cols || !slices.Equal(got, want) {
		t.Errorf("%s: %d×%d %v, want %d×%d %v", f.Path, r, c, got, rows, cols, want)
	}
}

func wantInts(t testing.TB, f *File, want ...int) {
	t.Helper()
	a, err := f.Labels()
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := a.Labels()
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%s: labels %v, want %v, error %v", f.Path, got, want, err)
	}
}

func wantStrings(t testing.TB, f *File, want ...string) {
	t.Helper()
	a, err := f.Labels()
	if err != nil {
		t.Fatal(err)
	}
	_, got, err := a.Labels()
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%s: labels %q, want %q, error %v", f.Path, got, want, err)
	}
}

// wantError opens and reads a file, and compares the beginning of an error with the path
// in the place of PATH.
func wantError(t testing.TB, path string, content []byte, want string) {
	t.Helper()
	err := readAll(t, path, content)
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%s: error %v\nwant %s", path, err, want)
	}
}

func TestSplit(t *testing.T) {
	dir := t.TempDir()
	plain, odd := filepath.Join(dir, "plain"), filepath.Join(dir, "a:b.npz")
	for _, path := range []string{plain, odd} {
		if err := os.WriteFile(path, []byte("0\n1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ path, file, name string }{
		{"x.npz", "x.npz", ""},
		{"x.npz:feats", "x.npz", "feats"},
		{"x.NPZ:a:b", "x.NPZ", "a:b"},
		{"dir:1/x.pth:model.weight.T", "dir:1/x.pth", "model.weight.T"},
		{"none:x", "none:x", ""},
		{plain + ":x", plain, "x"},
		{odd, odd, ""},
		{odd + ":x", odd, "x"},
	} {
		if file, name := Split(c.path); file != c.file || name != c.name {
			t.Errorf("%s is %q and %q, want %q and %q", c.path, file, name, c.file, c.name)
		}
	}
}

func TestOpenRefusals(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(filepath.Join(dir, "x.npz:a")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), " is a folder, not a file: give a file of arrays") {
		t.Errorf("a folder: %v", err)
	}
	pipe := filepath.Join(dir, "x.csv")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(pipe); err == nil || !strings.Contains(err.Error(), " is a pipe, not a file") {
		t.Errorf("a pipe: %v", err)
	}
	wantError(t, "x", nil, "arrays: x: is empty")
	wantError(t, "x.csv", []byte("\x1f\x8b\x08"), "text: x.csv: is compressed by gzip: gunzip it")
	wantError(t, "x.bin", []byte("\x00\x01\x02"), "arrays: x.bin: is none of the formats that are read: ")
}
