package experiments

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// A stand-in has fewer features than those of most networks. Where it runs in place of
// missing files, the dimensions of a sweep that it is too narrow for are left out, so
// that the sweep still runs. On the files of the spec themselves they are refused.

// leavesOut reports whether a variant is left out on a data set because its head is to
// have more dimensions than the stand-in has features. A sweep of which no value fits is
// not left out: it is refused.
func (l *loader) leavesOut(v int, s *loadedDataset) bool {
	key := l.sweptDim(v, s.spec.Name)
	if key == nil || !s.data.Synthetic || !s.spec.HasFiles() || s.spec.Head.Dim <= s.info.Dim {
		return false
	}
	return slices.ContainsFunc(key.Values, func(value any) bool {
		dim, is := value.(int)
		return is && dim <= s.info.Dim
	})
}

// sweptDim is the key that sweeps the dimensions of the head on a data set, nil without
// one.
func (l *loader) sweptDim(v int, dataset string) *spec.SweepKey {
	for _, swept := range l.variants[v].Swept {
		if swept.Path != "head.dim" && swept.Path != "datasets."+dataset+".head.dim" {
			continue
		}
		k := slices.IndexFunc(l.spec.Sweep, func(k spec.SweepKey) bool { return k.Path == swept.Path })
		return &l.spec.Sweep[k]
	}
	return nil
}

// leftOutNote names the dimensions that were left out on a data set, "" for none.
func (l *loadedSpec) leftOutNote(dataset int) string {
	if len(l.tooWide[dataset]) == 0 {
		return ""
	}
	return fmt.Sprintf("heads of %s dimensions are left out: the stand-in has %d features", strings.Join(l.tooWide[dataset], ", "), l.width[dataset])
}

// leaveOut notes the head that a variant is left out for.
func (l *loadedSpec) leaveOut(dataset int, s *loadedDataset) {
	text := results.SweptText(float64(s.spec.Head.Dim))
	if l.tooWide == nil {
		l.tooWide, l.width = map[int][]string{}, map[int]int{}
	}
	if !slices.Contains(l.tooWide[dataset], text) {
		l.tooWide[dataset] = append(l.tooWide[dataset], text)
	}
	l.width[dataset] = s.info.Dim
}
