package inspect

// oneClass finds labels of one class, with which nothing can be retrieved.
func oneClass(s *Subject) []Finding {
	if len(s.classes) != 1 || len(s.Labels) < 2 {
		return nil
	}
	return []Finding{{Severity: Error,
		Text:   "all labels are of one class, " + s.class(s.classes[0]),
		Advice: "give labels of two classes or more; a column of another meaning may have been taken for the labels",
	}}
}
