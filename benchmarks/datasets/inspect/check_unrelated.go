package inspect

import (
	"fmt"
	"math"
)

// The fewest sampled rows of which a lack of agreement says something, and the chance of
// that agreement at which it is believed to be no more.
const (
	fewestSampled = 100
	likely        = 0.01
)

// unrelatedLabels finds labels that near rows share no more often than by chance.
func unrelatedLabels(s *Subject) []Finding {
	hits, of, chance := agreement(s.near, s.Labels)
	if of < fewestSampled || len(s.classes) < 2 || chance <= 0 || chance >= 1 || logBinomialTail(of, hits, chance) < math.Log(likely) {
		return nil
	}
	if _, shifted := stepOf(s.near, s.Labels); shifted {
		return nil
	}
	return []Finding{{Severity: Warning, Count: hits,
		Text:   fmt.Sprintf("%d of %d rows share the label of their nearest row, and chance alone gives %.4g", hits, of, chance*float64(of)),
		Advice: "check that features and labels are of the same images in the same order; if they are, these features do not tell these classes apart",
	}}
}
