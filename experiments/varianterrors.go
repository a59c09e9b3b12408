package experiments

import (
	"errors"
	"fmt"

	"gpwbench/experiments/spec"
)

// variantErrors are what is wrong with the variants of a spec, each thing once.
type variantErrors struct {
	variants []spec.Variant
	all      []error // as they were added
	order    []string
	first    map[string]int // the variant that a line was found in first
	count    map[string]int // of variants that it was found in
}

func (w *variantErrors) add(v int, err error) {
	if err == nil {
		return
	}

	w.all = append(w.all, err)
	lines := []string{err.Error()}
	if e := new(spec.SpecError); errors.As(err, &e) {
		lines = e.Problems
	}
	if w.first == nil {
		w.first, w.count = map[string]int{}, map[string]int{}
	}
	for _, line := range lines {
		if w.count[line]++; w.count[line] == 1 {
			w.order = append(w.order, line)
			w.first[line] = v
		}
	}
}

// mostVariantErrors is the number of lines that are printed: a sweep may have thousands.
const mostVariantErrors = 20

// errors are those of a spec without a sweep as they are. Of a sweep, what is not wrong
// with all variants names the first that it is wrong with.
func (w *variantErrors) errors() []error {
	if len(w.variants) == 1 || len(w.all) == 0 {
		return w.all
	}

	shown := new(spec.SpecError)
	for k, line := range w.order {
		if k == mostVariantErrors {
			shown.Problems = append(shown.Problems, fmt.Sprintf("and %d more of this kind", len(w.order)-k))
			break
		}
		if w.count[line] < len(w.variants) {
			line += " (with " + spec.SweptText(w.variants[w.first[line]].Swept) + ")"
		}
		shown.Problems = append(shown.Problems, line)
	}
	return []error{shown}
}
