package inspect

import "fmt"

// constantColumns finds columns that have one value in all rows.
func constantColumns(s *Subject) []Finding {
	all := s.stats.constant
	if len(all) == 0 {
		return nil
	}
	if len(s.copies) == len(s.stats.valid)-1 {
		return []Finding{{Severity: Error, Count: len(all), Text: "all rows are equal", Advice: "extract the features again: the network or its input is constant"}}
	}
	few, text := firsts(all)
	noun := "columns have"
	if len(all) == 1 {
		noun = "column has"
	}
	return []Finding{{Severity: Note, Count: len(all), Rows: few,
		Text:   fmt.Sprintf("%d of %d %s one value in all rows: %s", len(all), s.X.D, noun, text),
		Advice: "leave out columns that tell nothing; whitening gives them weight 0 up to rounding, and a header that was read as a column (a row number, a bias) shifts all similarities",
	}}
}
