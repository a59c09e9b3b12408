package inspect

import (
	"fmt"
	"strings"
)

// singleRows finds classes of one row.
func singleRows(s *Subject) []Finding {
	of := map[int]bool{}
	for k, n := range s.sizes {
		if n == 1 {
			of[s.classes[k]] = true
		}
	}
	if len(of) == 0 || len(s.classes) == 1 {
		return nil
	}
	var all []int
	for i, l := range s.Labels {
		if of[l] {
			all = append(all, i)
		}
	}
	few, text := firsts(all)
	has := "have"
	if len(all) == 1 {
		has = "has"
	}
	f := Finding{Severity: Note, Count: len(all), Rows: few,
		Text:   fmt.Sprintf("%d of %d classes %s one row: %s", len(all), len(s.classes), has, text),
		Advice: "in training they are positives of copies of themselves, and a run says so; in a test their queries are in no mean",
	}
	if len(all) == len(s.classes) {
		f.Severity, f.Text = Error, "every class has one row, so no row has a positive"
		f.Advice = "give the class of each row as its label, not the number of its image"
		if first := s.class(s.Labels[len(s.Labels)-1]); strings.ContainsAny(first, " /") {
			f.Text += fmt.Sprintf("; a label is a whole line, such as %.60q", first)
			f.Advice = "name the column of the labels, as FILE:COLUMN, of a list with one separator; a list of a benchmark has to be read as such"
		}
	}
	return []Finding{f}
}
