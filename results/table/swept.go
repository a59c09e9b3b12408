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

// orOf is the order, and where it is not known one by the names of the paths and the
// values.
func (o sweepOrder) orOf(records []results.Record) sweepOrder {
	if o != nil {
		return o
	}
	values := map[string][]any{}
	for _, r := range records {
		for path, v := range r.Swept {
			if !slices.ContainsFunc(values[path], func(w any) bool { return results.EqualSwept(v, w) }) {
				values[path] = append(values[path], v)
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(values)) {
		slices.SortFunc(values[path], compareValues)
		o = append(o, results.SweepKey{Path: path, Values: values[path]})
	}
	return o
}

// compareValues puts numbers first.
func compareValues(a, b any) int {
	x, xIs := a.(float64)
	y, yIs := b.(float64)
	switch {
	case xIs && yIs:
		return cmp.Compare(x, y)
	case xIs != yIs:
		return map[bool]int{true: -1, false: 1}[xIs]
	}
	return cmp.Compare(results.SweptText(a), results.SweptText(b))
}

// values are those of a setting.
func (o sweepOrder) values(path string) []any {
	for _, key := range o {
		if key.Path == path {
			return key.Values
		}
	}
	return nil
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
			fields[k] = results.SweptTextAmong(v, r.sweep.values(path))
		}
	}
	return fields
}

// sweptWords name the values of a row: "head.dim 64, optimizer.lr 1e-5".
func (r Row) sweptWords(paths []string) string {
	var words []string
	for _, path := range paths {
		if v, ok := r.Swept[path]; ok {
			words = append(words, path+" "+results.SweptTextAmong(v, r.sweep.values(path)))
		}
	}
	return strings.Join(words, ", ")
}

// tooWideNotes say which dimensions of a sweep a stand-in is too narrow for, and has no
// rows of.
func tooWideNotes(blocks []Block, sweep sweepOrder) []string {
	var n []string
	for _, b := range blocks {
		for _, key := range sweep {
			if !b.Dataset.Synthetic || key.Path != "head.dim" && key.Path != "datasets."+b.Dataset.Name+".head.dim" {
				continue
			}
			var dims []string
			for _, v := range key.Values {
				if dim, is := v.(float64); is && int(dim) > b.Dataset.Dim {
					dims = append(dims, thousands(int(dim)))
				}
			}
			if len(dims) > 0 {
				n = append(n, b.datasetCell()+": heads of "+strings.Join(dims, ", ")+" dimensions are left out, because the stand-in has "+thousands(b.Dataset.Dim)+" features.")
			}
		}
	}
	return n
}
