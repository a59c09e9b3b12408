package compat

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/benchmarks/metrics"
)

// All lists the tools.
var All = []*Tool{
	&ms,
	&proxyAnchor,
	&revisitingDML,
	&pml,
	&oml,
	&mteb,
}

// Names are the names of the tools, in the order of [All].
func Names() []string {
	var names []string
	for _, t := range All {
		names = append(names, t.Name)
	}
	return names
}

// Find returns the tool with a name or an alias, in small or capital letters, with - or
// _. An unknown name is refused with the nearest one.
func Find(name string) (*Tool, error) {
	key := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "-", "_")
	best, distance := "", 1+len(key)/2
	for _, t := range All {
		for _, known := range append([]string{t.Name}, t.Aliases...) {
			d := metrics.Edits(key, known)
			if d == 0 {
				return t, nil
			}
			if d < distance {
				best, distance = t.Name, d
			}
		}
	}
	if best != "" {
		return nil, fmt.Errorf("compat: unknown tool %q; did you mean %s?", name, best)
	}
	return nil, fmt.Errorf("compat: unknown tool %q; there are %s", name, strings.Join(slices.Clone(Names()), ", "))
}
