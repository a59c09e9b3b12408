package inspect

import (
	"fmt"
	"math"
)

// unitTolerance is how far lengths may be from 1. Rows that were normalised before they
// were rounded to float16 are within it.
const unitTolerance = 2e-3

// normalised finds features whose rows all have length 1.
func normalised(s *Subject) []Finding {
	if len(s.stats.valid) < 2 {
		return nil
	}
	for _, i := range s.stats.valid {
		if math.Abs(s.stats.norms[i]-1) > unitTolerance {
			return nil
		}
	}
	return []Finding{{Severity: Note,
		Text:   fmt.Sprintf("all %d rows have length 1: the features are normalised already", len(s.stats.valid)),
		Advice: "evaluate them as they are; for training take the features before normalisation where there are any, because centring and square roots are meant for those",
	}}
}
