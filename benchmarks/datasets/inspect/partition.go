package inspect

import (
	"fmt"

	"gpwbench/internal/arrays"
)

// parts are the words of a partition, with their numbers.
var parts = map[string]int{"train": 0, "query": 1, "gallery": 2, "test": 3, "validation": 3, "val": 3}

// Divide reads a partition of the rows: 0 train, 1 query, 2 gallery, or these words, and
// test or validation for rows that are both query and gallery.
func (s *Subject) Divide(path string) error {
	f, err := arrays.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	a, err := f.Labels()
	if err != nil {
		return err
	}
	numbers, words, err := a.Labels()
	if err != nil {
		return err
	}

	n := max(len(numbers), len(words))
	if want := s.length(); n != want {
		return fmt.Errorf("inspect: %s divides %d rows, and %s has %d: they must agree", path, n, s.Path, want)
	}
	s.Part = make([]int, n)
	for i := range s.Part {
		if words != nil {
			p, ok := parts[words[i]]
			if !ok {
				return fmt.Errorf("inspect: %s: row %d is %q: use train, query, gallery or test", path, i, words[i])
			}
			s.Part[i] = p
			continue
		}
		if s.Part[i] = numbers[i]; numbers[i] < 0 || numbers[i] > 2 {
			return fmt.Errorf("inspect: %s: row %d is %d: use 0 for train, 1 for query, 2 for gallery", path, i, numbers[i])
		}
	}
	return nil
}

// length is the number of rows, or of labels without features.
func (s *Subject) length() int {
	if s.X != nil {
		return s.X.N
	}
	return len(s.Labels)
}
