package inspect

import (
	"fmt"

	"gpwbench/internal/arrays"
)

// Divide reads a partition of the rows; see [arrays.ReadParts].
func (s *Subject) Divide(path string) error {
	part, err := arrays.ReadParts(path)
	if err != nil {
		return err
	}
	if want := s.Rows(); len(part) != want {
		return fmt.Errorf("inspect: %s divides %d rows, and %s has %d: they must agree", path, len(part), s.Path, want)
	}
	s.Part = part
	return nil
}

// Rows is the number of rows, or of labels without features.
func (s *Subject) Rows() int {
	if s.X != nil {
		return s.X.N
	}
	return len(s.Labels)
}
