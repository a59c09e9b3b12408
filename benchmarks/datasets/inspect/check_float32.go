package inspect

import "fmt"

// beyondFloat32 finds rows that float32 cannot represent, in which training reads them.
func beyondFloat32(s *Subject) []Finding {
	all := s.stats.beyond
	if len(all) == 0 {
		return nil
	}
	few, text := firsts(all)
	return []Finding{{Severity: Error, Count: len(all), Rows: few,
		Text:   fmt.Sprintf("%s that float32 cannot represent, too large or too small: %s", rows(len(all)), text),
		Advice: "divide each row by its length; an evaluation in float64 takes the rows as they are, a training does not",
	}}
}
