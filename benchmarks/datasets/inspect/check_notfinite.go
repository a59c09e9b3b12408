package inspect

import "fmt"

// notFinite finds rows with NaN or an infinity.
func notFinite(s *Subject) []Finding {
	all := s.stats.notFinite
	if len(all) == 0 {
		return nil
	}
	few, text := firsts(all)
	return []Finding{{Severity: Error, Count: len(all), Rows: few,
		Text:   fmt.Sprintf("%s with NaN or an infinity: %s", rows(len(all)), text),
		Advice: "extract these rows again, in float32 if it was in float16, or remove them with their labels",
	}}
}
