package train

import (
	"math"
	"slices"
	"testing"

	"gpwbench/losses"
	"gpwbench/train/config"
)

// unselective hides that a loss selects, so that it is given all pairs.
type unselective struct{ losses.Loss }

// A loss that selects trains as it does on all pairs. Whole shows the S and G of all
// pairs, to the bit while the weights are the same.
func TestSelectedTrainsAsWhole(t *testing.T) {
	npairs := losses.NPairsMC{Scale: 4}
	for _, head := range []string{"none", "linear"} {
		x, labels := data(6, 5, 9)
		c := settings(4, 3)
		c.Head = config.DefaultHead(head)
		selecting, all := newTrainer(t, c, x, labels, npairs), newTrainer(t, c, x, labels, unselective{npairs})

		for range 5 {
			s, want := mustStep(t, selecting), mustStep(t, all)
			if len(s.S) != 4*4 || s.Self != nil || !slices.Equal(s.Anchors, s.Candidates) {
				t.Fatalf("%d similarities of classes %v and %v, selves %v: want a pair of each class", len(s.S), s.Anchors, s.Candidates, s.Self)
			}
			whole := selecting.Whole()
			if whole.Index != want.Index || !slices.Equal(whole.Rows, want.Rows) || !slices.Equal(whole.Self, want.Self) {
				t.Fatalf("the whole step is %d of rows %v, want %d of %v", whole.Index, whole.Rows, want.Index, want.Rows)
			}
			tolerance := 1e-5
			if s.Index == 0 || head == "none" {
				tolerance = 0
			}
			if math.Abs(s.Loss-want.Loss) > tolerance {
				t.Errorf("%s, step %d: loss %v, on all pairs %v", head, s.Index, s.Loss, want.Loss)
			}
			wantClose(t, "S", whole.S, want.S, tolerance)
			wantClose(t, "G", whole.G, want.G, tolerance)
		}

		w, want := selecting.Weights().W, all.Weights().W
		wantClose(t, "weights", wide64(w.Data), wide64(want.Data), 1e-5)
	}
}

// A batch without a pair has nothing to select: the loss is 0 and nothing moves.
func TestSelectedOfNoPairs(t *testing.T) {
	x, labels := data(12, 1, 9)
	c := settings(3, 2)
	c.Sampler.Name = "uniform"
	tr := newTrainer(t, c, x, labels, losses.NPairsMC{Scale: 4})
	before := tr.Weights().W
	s := mustStep(t, tr)
	if s.Loss != 0 || len(s.S) != 0 || !slices.Equal(tr.Weights().W.Data, before.Data) {
		t.Errorf("loss %v of %d similarities, or the weights moved", s.Loss, len(s.S))
	}
	if whole := tr.Whole(); len(whole.S) != 36 || slices.ContainsFunc(whole.G, func(g float64) bool { return g != 0 }) {
		t.Errorf("the whole step has %d similarities and the weights %v", len(whole.S), whole.G)
	}
}

// Of a loss that looks at all pairs, the whole step is the step.
func TestWholeOfOthers(t *testing.T) {
	x, labels := data(5, 4, 7)
	tr := newTrainer(t, settings(4, 3), x, labels, multiSimilarity)
	s := mustStep(t, tr)
	if whole := tr.Whole(); &whole.S[0] != &s.S[0] || &whole.G[0] != &s.G[0] || whole.Loss != s.Loss {
		t.Error("the step is another one")
	}
}

func wide64(x []float32) []float64 {
	y := make([]float64, len(x))
	for k, v := range x {
		y[k] = float64(v)
	}
	return y
}

func wantClose(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for k, v := range got {
		if !(math.Abs(v-want[k]) <= tolerance) {
			t.Fatalf("%s: number %d is %v, want %v", what, k, v, want[k])
		}
	}
}
