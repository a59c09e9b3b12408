package inspect

// published finds an annotation that has other counts than the published ones.
func published(s *Subject) []Finding {
	if s.Differs == "" {
		return nil
	}
	return []Finding{{Severity: Warning, Text: s.Differs,
		Advice: "get the annotation of the data set again, or say in every table which part of it was used",
	}}
}
