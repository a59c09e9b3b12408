package inspect

import "fmt"

// zeroRows finds rows of zeros, which have no direction.
func zeroRows(s *Subject) []Finding {
	all := s.stats.zero
	if len(all) == 0 {
		return nil
	}
	few, text := firsts(all)
	return []Finding{{Severity: Error, Count: len(all), Rows: few,
		Text:   fmt.Sprintf("%s of zeros, without a direction: %s", rows(len(all)), text),
		Advice: "extract these rows again (an image that could not be read leaves zeros), or remove them with their labels",
	}}
}
