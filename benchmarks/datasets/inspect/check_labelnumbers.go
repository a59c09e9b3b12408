package inspect

import (
	"fmt"
	"strings"
)

// labelNumbers finds integer labels that do not run from 0 without gaps.
func labelNumbers(s *Subject) []Finding {
	n := len(s.classes)
	if n == 0 || strings.HasPrefix(s.LabelType, "strings") {
		return nil
	}
	first, last := s.classes[0], s.classes[n-1]
	if first == 0 && last == n-1 {
		return nil
	}

	f := Finding{Severity: Note, Rows: nil}
	switch {
	case first < 0:
		f.Severity = Warning
		f.Text = fmt.Sprintf("the least label is %d: some tools mark rows without a class so", first)
		f.Advice = "remove those rows with their labels if they have no class; here it is a class as any other"
	case first == 1 && last == n:
		f.Text = fmt.Sprintf("labels run from 1 to %d, as in MATLAB and in the annotations of CUB and Cars", last)
		f.Advice = "leave them: only their order matters here; tools that take labels as indices are off by one with them"
	default:
		f.Text = fmt.Sprintf("%d classes have the labels %d to %d, with gaps or another beginning", n, first, last)
		f.Advice = "leave them if these are the classes that are meant; a class that is missing has lost all its rows"
	}
	return []Finding{f}
}
