package train

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// objective returns the objective of a preset for classes of four rows.
func objective(t testing.TB, name string, m, dim int) *Objective {
	t.Helper()
	choice, err := losses.Choose(losses.Catalogue, name)
	if err != nil {
		t.Fatal(err)
	}

	loss, err := choice.Loss()
	if err != nil {
		t.Fatal(err)
	}

	labels := make([]int, m)
	for i := range labels {
		labels[i] = i / 4
	}
	return newTestObjective(t, loss, choice.Traits(), labels, dim)
}

func newTestObjective(
	t testing.TB, loss losses.Loss, traits losses.Traits, labels []int, dim int,
) *Objective {
	t.Helper()
	o, err := NewObjective(loss, traits, labels, dim)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// The gradient is that of the loss in float64, by fourth-order differences in the rows.
// Their lengths are not 1. The losses have no jumps where the rows are. They are of
// pairs, of tuples, of ranks, and with the means of the vectors.
func TestObjectiveGradient(t *testing.T) {
	for _, name := range []string{
		"npairs", "npairs_mc", "nca", "binomial_deviance", "fastap", "smooth_ap", "lifted_2016", "supcon", "multi_similarity.weighting", "snr_contrastive",
	} {
		t.Run(name, func(t *testing.T) {
			o := objective(t, name, 12, 6)
			rows := normal(rand.New(rand.NewPCG(5, 6)), 12, 6)
			gradient := matrix.New(12, 6)
			loss, err := o.Eval(rows, gradient)
			if err != nil {
				t.Fatal(err)
			}
			at := toFloat64(rows)
			value := func() float64 { return valueAt(t, o.loss, units(at), o.step.Labels) }
			if want := value(); math.Abs(loss-want) > 1e-5*max(1, math.Abs(want)) {
				t.Errorf("loss %v, want %v", loss, want)
			}
			// wantGradient reads a step of SGD, so it is given one.
			after := rows.Clone()
			for i := range after.Rows {
				for k, g := range gradient.Row(i) {
					after.Row(i)[k] -= g
				}
			}
			wantGradient(t, name, rows, after, 1, at, value)
		})
	}
}

// A trainer on head none sees the same loss, S and G.
func TestObjectiveIsTheTrainers(t *testing.T) {
	x, labels := data(5, 4, 7)
	c := settings(4, 3)
	c.Head = config.Head{Name: "none"}
	s := mustStep(t, newTrainer(t, c, x, labels, multiSimilarity))
	rows := matrix.New(len(s.Rows), x.Cols)
	f32.Gather(rows, x, s.Rows)
	o := newTestObjective(t, multiSimilarity, 0, s.Labels, x.Cols)
	loss, err := o.Eval(rows, matrix.New(rows.Rows, rows.Cols))
	if err != nil || loss != s.Loss {
		t.Errorf("loss %v (%v), the trainer's is %v", loss, err, s.Loss)
	}

	for k, g := range s.G {
		if o.step.G[k] != g || o.step.S[k] != s.S[k] {
			t.Fatalf("S and G of pair %d are %v and %v, the trainer's %v and %v", k, o.step.S[k], o.step.G[k], s.S[k], g)
		}
	}
}

func TestObjectiveRefuses(t *testing.T) {
	for _, c := range []struct {
		what, want string
		value      float32
	}{
		{"zeros", "row 3 is all zeros", 0},
		{"NaN", "row 3 is not finite", float32(math.NaN())},
	} {
		rows := normal(rand.New(rand.NewPCG(5, 6)), 12, 6)

		for k := range rows.Row(3) {
			rows.Row(3)[k] = c.value
		}
		_, err := objective(t, "nca", 12, 6).Eval(rows, matrix.New(12, 6))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.what, err, c.want)
		}
	}

	labels := []int{0, 0, 1, 1}
	nan := newTestObjective(t, constant(math.NaN()), 0, labels, 3)
	if _, err := nan.Eval(normal(rand.New(rand.NewPCG(5, 6)), 4, 3), matrix.New(4, 3)); err == nil || !strings.Contains(err.Error(), "the loss is NaN") {
		t.Errorf("error %v, want that the loss is NaN", err)
	}

	_, err := nan.Eval(matrix.New(5, 3), matrix.New(4, 3))
	wantError(t, err, "rows 5×3 and gradient 4×3 for an objective of 4×3")
	short := matrix.Matrix{Rows: 4, Cols: 3, Stride: 3, Data: make([]float32, 11)}
	_, err = nan.Eval(short, matrix.New(4, 3))
	wantError(t, err, "the rows: 11 numbers are not 4×3")
	_, err = nan.Eval(matrix.New(4, 3), short)
	wantError(t, err, "the gradient: 11 numbers are not 4×3")

	_, err = NewObjective(nil, 0, labels, 3)
	wantError(t, err, "no loss")
	_, err = NewObjective(contrastive, 0, nil, 3)
	wantError(t, err, "0 rows of 3 coordinates")
	_, err = NewObjective(contrastive, 0, labels, 0)
	wantError(t, err, "4 rows of 0 coordinates")
}

// constant is the loss that has this value everywhere.
type constant float64

func (l constant) Eval(_ *losses.Batch, g []float64) float64 {
	clear(g)
	return float64(l)
}

func TestObjectiveAllocatesNothing(t *testing.T) {
	for _, name := range []string{"multi_similarity", "npairs_mc", "snr_contrastive", "lifted_2016"} {
		o := objective(t, name, 80, 64)
		rows, gradient := normal(rand.New(rand.NewPCG(5, 6)), 80, 64), matrix.New(80, 64)
		eval := func() {
			if _, err := o.Eval(rows, gradient); err != nil {
				t.Fatal(err)
			}
		}

		// It evaluates once before it counts.
		if n := testing.AllocsPerRun(20, eval); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
