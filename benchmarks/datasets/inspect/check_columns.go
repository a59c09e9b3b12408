package inspect

import "fmt"

// differentColumns finds files whose rows do not compare.
func differentColumns(before, s *Subject) []Finding {
	if before.X == nil || s.X == nil || before.X.D == s.X.D {
		return nil
	}
	return []Finding{{Severity: Error,
		Text:   fmt.Sprintf("%d columns in the first file and %d in the second", before.X.D, s.X.D),
		Advice: "give rows of the same network and layer: training, queries and gallery have to agree",
	}}
}
