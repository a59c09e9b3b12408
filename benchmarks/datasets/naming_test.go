package datasets

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/internal/npy"
)

// stringsNPY is an .npy file of strings of at most one byte.
func stringsNPY(labels string) []byte {
	dict := "{'descr': '|S1', 'fortran_order': False, 'shape': (" + string(rune('0'+len(labels))) + ",), }"
	return []byte("\x93NUMPY\x01\x00\x76\x00" + dict + strings.Repeat(" ", 117-len(dict)) + "\n" + labels)
}

func write(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Labels that are strings become integers in order of first appearance, and the queries
// and the gallery of an evaluation have the same.
func TestStringLabels(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	if err := npy.WriteNPZ(&b, []npy.Member{
		{Name: "feats", Shape: []int{3, 2}, Data: []float32{1, 0, 0, 1, 1, 1}},
		{Name: "y", Shape: []int{3}, Data: []int64{4, 5, 4}},
	}); err != nil {
		t.Fatal(err)
	}
	x := write(t, filepath.Join(dir, "x.npz"), b.Bytes())
	query := write(t, filepath.Join(dir, "q.npy"), stringsNPY("bab"))
	gallery := write(t, filepath.Join(dir, "g.npy"), stringsNPY("acb"))

	d, err := Load("birds", x, query)
	if err != nil || !slices.Equal(d.Labels, []int{0, 1, 0}) || !slices.Equal(d.Names, []string{"b", "a"}) || d.Provenance != "x.npz" {
		t.Fatalf("%+v, error %v", d, err)
	}
	numbered, err := Load("birds", x+":feats", x)
	if err != nil || !slices.Equal(numbered.Labels, []int{4, 5, 4}) || numbered.Names != nil || numbered.Provenance != "x.npz:feats" {
		t.Fatalf("%+v, error %v", numbered, err)
	}
	if l, err := LoadLabels("birds", gallery); err != nil || !slices.Equal(l.Labels, []int{0, 1, 2}) || !slices.Equal(l.Names, []string{"a", "c", "b"}) {
		t.Errorf("%+v, error %v", l, err)
	}

	var naming Naming
	if _, labels, err := naming.LoadVectors(x, query); err != nil || !slices.Equal(labels, []int{0, 1, 0}) {
		t.Errorf("labels of the queries %v, error %v", labels, err)
	}
	if _, labels, err := naming.LoadVectors(x, gallery); err != nil || !slices.Equal(labels, []int{1, 2, 0}) {
		t.Errorf("labels of the gallery %v, error %v", labels, err)
	}
	if _, _, err := naming.LoadVectors(x, x); err == nil || err.Error() != "datasets: the labels of "+x+` are integers, those of the file before are strings such as "b": they must be of one kind` {
		t.Errorf("integers after strings: %v", err)
	}
	naming = Naming{}
	_, _, first := naming.LoadVectors(x, x)
	if _, _, err := naming.LoadVectors(x, query); first != nil || err == nil || err.Error() != "datasets: the labels of "+query+" are strings, those of "+x+" are integers: they must be of one kind" {
		t.Errorf("strings after integers: %v, %v", first, err)
	}
}

// Features that lie in columns are told how to be turned.
func TestTransposed(t *testing.T) {
	features, labels := save(t, 2, 3, []float64{1, 2, 3, 4, 5, 6}, []int64{0, 1, 1})
	_, err := Load("x", features, labels)
	if want := "datasets: " + features + " has 2 rows, " + labels + " 3: they must agree; it has a column for each label, so it may be transposed: give " + features + ":.T"; err == nil || err.Error() != want {
		t.Fatalf("error %v\nwant %s", err, want)
	}
	d, err := Load("x", features+":.T", labels)
	if err != nil || d.X.Rows != 3 || !slices.Equal(d.X.Row(1), []float32{2, 5}) {
		t.Errorf("%+v, error %v", d, err)
	}
	e, err := LoadEmbeddings(features + ":.T")
	if err != nil || e.Rows != 3 || !slices.Equal(e.wide, []float64{1, 4, 2, 5, 3, 6}) {
		t.Errorf("%+v, error %v", e, err)
	}
}
