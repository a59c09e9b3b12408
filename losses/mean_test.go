package losses

import (
	"math"
	"testing"
)

// made returns the loss of a Factory that has to give one.
func made(l Loss, err error) Loss {
	if err != nil {
		panic(err)
	}
	return l
}

// counting has the gradient 1 for every pair, and counts of its anchors in turn.
type counting struct {
	counts []float64
	next   int
}

func (l *counting) EvalAnchor(a *Anchor) (sum, terms float64) {
	for _, g := range [][]float64{a.GPos, a.GNeg} {
		for k := range g {
			g[k] = 1
		}
	}
	l.next++
	return 1, l.counts[l.next-1]
}

// The mean divides by what its anchors count, whenever one counts something else than 1.
func TestMeanDivides(t *testing.T) {
	for _, counts := range [][]float64{
		{1, 1, 1, 1, 1, 1}, {0, 1, 1, 1, 1, 1}, {1, 1, 1, 0, 1, 1}, {1, 1, 1, 1, 1, 0}, {1, 1, 7, 1, 2, 1}, {1, 1, 2, 0, 1, 1}, {0, 0, 0, 0, 0, 3}, {0, 0, 0, 0, 0, 0}, {1, 1, 1, -3, 0, 0},
	} {
		for name, labels := range map[string][]int{"sorted": {1, 1, 2, 2, 3, 3}, "mixed": {3, 1, 2, 1, 3, 2}} {
			b, err := NewBatch(make([]float64, 36), labels)
			if err != nil {
				t.Fatal(err)
			}
			total := 0.0
			for _, c := range counts {
				total += c
			}
			want, wantG := 0.0, 0.0
			if total != 0 {
				want, wantG = 6/total, 1/total
			}
			g := make([]float64, 36)
			if value := Mean(&counting{counts: counts}).Eval(b, g); value != want {
				t.Errorf("%v, %s: value %v, want %v", counts, name, value, want)
			}
			for k, v := range g {
				if k%7 == 0 { // self
					if v != 0 {
						t.Errorf("%v, %s: self has %v", counts, name, v)
					}
				} else if math.Abs(v-wantG) > 3e-16*math.Abs(wantG) {
					t.Errorf("%v, %s: pair %d has %v, want %v", counts, name, k, v, wantG)
				}
			}
		}
	}
}
