package inspect

import "fmt"

// conflictingCopies finds rows of the same values and different labels.
func conflictingCopies(s *Subject) []Finding {
	_, conflicting := s.divideCopies()
	if len(conflicting) == 0 {
		return nil
	}
	few, text := firsts(conflicting)
	return []Finding{{Severity: Warning, Count: len(conflicting), Rows: few,
		Text:   fmt.Sprintf("%s with the values of an earlier row and another label: %s", rows(len(conflicting)), text),
		Advice: "correct the labels or remove the rows: one of the two is wrong, or an image is in two classes",
	}}
}

// plainCopies finds rows of the same values, and of the same label where there are
// labels.
func plainCopies(s *Subject) []Finding {
	plain, _ := s.divideCopies()
	if len(plain) == 0 {
		return nil
	}
	few, text := firsts(plain)
	return []Finding{{Severity: Warning, Count: len(plain), Rows: few,
		Text:   fmt.Sprintf("%s with the values of an earlier row: %s", rows(len(plain)), text),
		Advice: "remove them: a copy is its row's nearest neighbour for any embedding, and raises Recall@1",
	}}
}

// divideCopies returns the copies with the label of the row they are copies of, or
// without labels, and those with another.
func (s *Subject) divideCopies() (plain, conflicting []int) {
	for _, c := range s.copies {
		if len(s.Labels) == s.X.N && s.Labels[c.row] != s.Labels[c.first] {
			conflicting = append(conflicting, c.row)
		} else {
			plain = append(plain, c.row)
		}
	}
	return plain, conflicting
}
