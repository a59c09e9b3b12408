package inspect

import "slices"

const leakAdvice = "remove the copies from the training or from the test: what was trained on is found for another reason"

// leakInPartition finds test rows with the values of a training row.
func leakInPartition(s *Subject) []Finding {
	if s.Part == nil || s.X == nil || len(s.Part) != s.X.N {
		return nil
	}
	train := map[int]bool{} // by the first row of the values
	for _, c := range s.copies {
		train[c.first] = train[c.first] || s.Part[c.first] == 0 || s.Part[c.row] == 0
	}

	seen := map[int]bool{}
	var leaked []int
	for _, c := range s.copies {
		for _, row := range []int{c.first, c.row} {
			if train[c.first] && s.Part[row] != 0 && !seen[row] {
				seen[row] = true
				leaked = append(leaked, row)
			}
		}
	}
	slices.Sort(leaked)
	return leaks(leaked, " of the test with the values of training rows: ")
}

// leakBetweenFiles finds rows of a file with the values of rows of another.
func leakBetweenFiles(before, s *Subject) []Finding {
	if before.X == nil || s.X == nil || before.X.D != s.X.D {
		return nil
	}
	var leaked []int
	buffer := make([]float64, s.X.D)
	for _, i := range s.stats.valid {
		row := s.X.row(i, buffer)
		if before.index.find(hash(row), row) >= 0 {
			leaked = append(leaked, i)
		}
	}
	return leaks(leaked, " of the second file with the values of a row of the first: ")
}

func leaks(leaked []int, what string) []Finding {
	if len(leaked) == 0 {
		return nil
	}
	few, text := firsts(leaked)
	return []Finding{{Severity: Warning, Count: len(leaked), Rows: few, Text: rows(len(leaked)) + what + text, Advice: leakAdvice}}
}
