package inspect

import "fmt"

// shiftedLabels finds labels that fit their rows only after a shift.
func shiftedLabels(s *Subject) []Finding {
	if len(s.near) == 0 || len(s.Labels) < 2 {
		return nil
	}
	found, ok := stepOf(s.near, s.Labels)
	if !ok {
		return nil
	}
	places := found.shift
	direction := "later"
	if places < 0 {
		places, direction = -places, "earlier"
	}
	text := "from the first row on"
	if found.from > 0 {
		text = fmt.Sprintf("from about row %d on", found.from)
	}
	before, after, of := sharing(s.near, s.Labels, found)
	return []Finding{{Severity: Error, Count: found.shift, Rows: []int{found.from},
		Text: fmt.Sprintf("labels are out of step with the rows: %s, near rows share labels if the label of each is taken %d %s: %d of %d then, %d now",
			text, places, direction, after, of, before),
		Advice: "find what was added or lost there (a header, an image that could not be read, another order of files) and write features and labels together",
	}}
}
