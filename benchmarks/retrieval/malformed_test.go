package retrieval

import (
	"math"
	"slices"
	"testing"
)

// Nil Scores are of no query.
func TestNilScores(t *testing.T) {
	var s *Scores
	for k, v := range []float64{s.Recall(1), s.RecallPessimistic(1), s.RecallExpected(1)} {
		if !math.IsNaN(v) {
			t.Errorf("recall %d of nothing is %v", k, v)
		}
	}
	_, mapOK := s.MAPAtR()
	if _, ok := s.RPrecision(); ok || mapOK || !slices.Equal(s.Remarks(), new(Scores).Remarks()) {
		t.Error("nothing has a mean or a remark")
	}
}
