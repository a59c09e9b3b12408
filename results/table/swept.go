package table

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gpwbench/results"
)

// A sweepOrder is the keys of a sweep in the order of the spec, nil where it is not
// known.
type sweepOrder []results.SweepKey

// compare orders two records by their values, those of the first key first.
func (o sweepOrder) compare(a, b results.Record) int {
	for _, key := range o {
		if c := cmp.Compare(key.Place(a.Swept), key.Place(b.Swept)); c != 0 {
			return c
		}
	}
	return cmp.Compare(sweptKey(a.Swept), sweptKey(b.Swept))
}

// paths are the swept settings that some record is of: those of the sweep first, others
// by name.
func (o sweepOrder) paths(records []results.Record) []string {
	met := map[string]bool{}
	for _, r := range records {
		for path := range r.Swept {
			met[path] = true
		}
	}

	var paths []string
	for _, key := range o {
		if met[key.Path] {
			paths = append(paths, key.Path)
			delete(met, key.Path)
		}
	}
	return append(paths, slices.Sorted(maps.Keys(met))...)
}

// sweptKey tells swept values apart.
func sweptKey(s results.Swept) string {
	if len(s) == 0 {
		return ""
	}
	text, err := results.Canonical(s)
	if err != nil {
		panic(err) // it was read from JSON
	}
	return string(text)
}

// sweptHeaders are the heads of the columns of swept settings: their paths. Where another
// column has that head, it says which is swept.
func sweptHeaders(paths []string) []string {
	var heads []string
	for _, path := range paths {
		if slices.Contains([]string{"head", "protocol", "preprocess"}, path) {
			path = "swept " + path
		}
		heads = append(heads, path)
	}
	return heads
}

// sweptCells are the values of a row; one that a setting does not touch has none.
func (r Row) sweptCells(paths []string) []string {
	cells := r.sweptFields(paths)
	for k, text := range cells {
		if text == "" {
			cells[k] = "–"
		}
	}
	return cells
}

func (r Row) sweptFields(paths []string) []string {
	fields := make([]string, len(paths))
	for k, path := range paths {
		if v, ok := r.Swept[path]; ok {
			fields[k] = results.SweptText(v)
		}
	}
	return fields
}

// sweptWords name the values of a row: "head.dim 64, optimizer.lr 1e-5".
func (r Row) sweptWords(paths []string) string {
	var words []string
	for _, path := range paths {
		if v, ok := r.Swept[path]; ok {
			words = append(words, path+" "+results.SweptText(v))
		}
	}
	return strings.Join(words, ", ")
}
