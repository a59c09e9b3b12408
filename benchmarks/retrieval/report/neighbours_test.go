package report

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

// Lists that are in a file for the most part are printed as those in memory are, in every
// format, and a file that cannot be made or read is an error.
func TestListsInFile(t *testing.T) {
	defer func(most int) { mostInMemory = most }(mostInMemory)
	rng := rand.New(rand.NewPCG(1, 2))
	x, labels := matrix.New(60, 5), make([]int, 60)
	for k := range x.Data {
		x.Data[k] = float32(rng.NormFloat64())
	}
	for i := range labels {
		labels[i] = i % 7
	}
	rows := Labelled{Vectors: retrieval.Float32(x), Labels: labels, Names: []string{"a", "b", "c", "d", "e", "f", "g"}}
	printed := func(format string) string {
		all, err := Nearest(t.Context(), rows, nil, 9)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := WriteNeighbours(&b, format, all); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}

	for _, format := range []string{"text", "csv", "json"} {
		mostInMemory = 1000
		want := printed(format)
		for _, most := range []int{0, 40, 300} {
			mostInMemory = most
			if got := printed(format); got != want || len(got) < 540*10 {
				t.Errorf("%s, %d neighbours in memory: %d bytes, want %d", format, most, len(got), len(want))
			}
		}
	}

	mostInMemory = 40
	all, err := Nearest(t.Context(), rows, nil, 9)
	if err != nil {
		t.Fatal(err)
	}
	all.lists.file.Close()
	if err := WriteNeighbours(new(bytes.Buffer), "csv", all); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("without the file: %v", err)
	}
	t.Setenv("TMPDIR", t.TempDir()+"/missing")
	if _, err := Nearest(t.Context(), rows, nil, 9); err == nil || !strings.Contains(err.Error(), "set TMPDIR to another folder") {
		t.Errorf("without a folder for the file: %v", err)
	}
}

// More neighbours than there are rows are told.
func TestMoreNeighboursThanRows(t *testing.T) {
	x := matrix.New(4, 2)
	for k := range x.Data {
		x.Data[k] = float32(k + 1)
	}
	rows := Labelled{Vectors: retrieval.Float32(x), Labels: []int{0, 0, 1, 1}}
	for _, test := range []struct {
		gallery *Labelled
		k       int
		want    string
	}{{nil, 3, ""}, {nil, 4, "4 neighbours are asked for, and a query has 3 rows"}, {&rows, 4, ""}, {&rows, 9, "a query has 4 rows"}} {
		all, err := Nearest(t.Context(), rows, test.gallery, test.k)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(all.Remarks, " "); strings.Contains(got, "asked for") != (test.want != "") || !strings.Contains(got, test.want) {
			t.Errorf("%d neighbours, gallery %v: %q, want %q", test.k, test.gallery != nil, got, test.want)
		}
	}
}
