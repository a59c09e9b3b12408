package inspect

import "fmt"

const leakAdvice = "remove the copies from the training or from the test: what was trained on is found for another reason"

// leakInPartition finds test rows with the values of a training row.
func leakInPartition(s *Subject) []Finding {
	if s.Part == nil || s.X == nil || len(s.Part) != s.X.N {
		return nil
	}
	train, test := map[int]bool{}, map[int]int{} // by the first row of the values; its first test row
	mark := func(row, first int) {
		if s.Part[row] == 0 {
			train[first] = true
		} else if _, ok := test[first]; !ok {
			test[first] = row
		}
	}
	for _, c := range s.copies {
		mark(c.first, c.first)
		mark(c.row, c.first)
	}

	var leaked []int
	for _, c := range s.copies {
		if row, ok := test[c.first]; ok && train[c.first] {
			leaked = append(leaked, row)
			delete(test, c.first)
		}
	}
	return leaks(leaked, "values that training and test rows share, in the test rows ")
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
	return leaks(leaked, "rows of the second file have the values of a row of the first: ")
}

func leaks(leaked []int, what string) []Finding {
	if len(leaked) == 0 {
		return nil
	}
	few, text := firsts(leaked)
	return []Finding{{Severity: Warning, Count: len(leaked), Rows: few, Text: fmt.Sprintf("%d %s%s", len(leaked), what, text), Advice: leakAdvice}}
}
