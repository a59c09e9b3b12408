package train

import (
	"math"
	"slices"
	"testing"

	"gpwbench/losses"
	"gpwbench/train/config"
)

func marginLoss(boundary string, rate float64) losses.Loss {
	loss, _ := losses.LearnedMargin{Margin: 0.2, Beta: 1.1, Boundary: boundary, Nu: 0.05, Rate: rate}.New(nil)
	return loss
}

// In one step of SGD β moves by its gradient at its own rate, without the weight decay
// of the head. ∂L/∂β is by fourth-order differences of the loss of the whole step in
// float64.
func TestBoundaryMoves(t *testing.T) {
	x, labels := data(5, 4, 7)
	for boundary, names := range map[string][]string{
		"shared":    {"beta"},
		"per_class": {"beta", "beta of class 0", "beta of class 1", "beta of class 2", "beta of class 3", "beta of class 4"},
	} {
		t.Run(boundary, func(t *testing.T) {
			const rate = 0.25
			c := settings(4, 3)
			c.Optimizer = config.Optimizer{Name: "sgd", LR: 0.125, WeightDecay: 0.5}
			tr := newTrainer(t, c, x, labels, marginLoss(boundary, rate))
			w := toFloat64(tr.Weights().W)
			s := mustStep(t, tr)
			reference := marginLoss(boundary, rate).(losses.Trainable)
			learned := reference.InitParameters([]int{0, 1, 2, 3, 4})
			if !slices.Equal(learned.Names, names) {
				t.Fatalf("parameters %v, want %v", learned.Names, names)
			}
			moved := 0
			for k, name := range names {
				v := learned.Theta[k]
				at := func(h float64) float64 {
					learned.Theta[k] = v + h
					l, _ := value(t, reference, similarities(x, w, s.Rows), s.Labels)
					return l
				}
				const h = 1e-5
				d := (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
				learned.Theta[k] = v
				if got, want := tr.Learned()[name], v-rate*d; math.Abs(got-want) > 1e-6 {
					t.Errorf("%s is %v after a step, want %v", name, got, want)
				}
				if d != 0 {
					moved++
				}
			}
			if moved != min(len(names), 5) { // four classes are in a batch
				t.Errorf("%d parameters have moved", moved)
			}
		})
	}
}

// A step of SGD on head and β together lowers L, and so does one on β alone. It is so
// small that hardly a pair becomes active or idle.
func TestBoundaryLowersL(t *testing.T) {
	x, labels := overlapping()
	for _, boundary := range []string{"shared", "per_class"} {
		for _, alone := range []bool{false, true} {
			c := everything()
			size := gradientSize(t, c, x, labels, marginLoss(boundary, 1))
			c.Optimizer = config.Optimizer{Name: "sgd", LR: 1e-5 / size}
			if alone {
				c.Optimizer.LR = 1e-12
			}
			tr := newTrainer(t, c, x, labels, marginLoss(boundary, 1e-5))
			first := mustStep(t, tr).Loss
			// Every batch is all rows.
			if second := mustStep(t, tr).Loss; !(second < first) {
				t.Errorf("%s, β alone %v: L = %v, after a step %v", boundary, alone, first, second)
			}
		}
	}
}

// The parameters belong to a run: a loss that has trained before starts again. Without a
// head nothing moves.
func TestBoundaryStart(t *testing.T) {
	x, labels := overlapping()
	loss := marginLoss("per_class", 0.1)
	run := func() map[string]float64 {
		tr := newTrainer(t, everything(), x, labels, loss)

		for range 3 {
			mustStep(t, tr)
		}
		return tr.Learned()
	}

	first := run()
	for name, v := range run() {
		if first[name] != v {
			t.Errorf("%s is %v, and %v of another run", name, first[name], v)
		}
	}

	if len(first) != 7 || first["beta"] == 1.1 {
		t.Errorf("learned %v, want β and six offsets that moved", first)
	}
	c := everything()
	c.Head, c.Optimizer = config.Head{Name: "none"}, config.Optimizer{}
	tr := newTrainer(t, c, x, labels, loss)
	mustStep(t, tr)
	if l := tr.Learned(); l != nil {
		t.Errorf("learned %v without a head", l)
	}

	if l := newTrainer(t, everything(), x, labels, contrastive).Learned(); l != nil {
		t.Errorf("contrastive has learned %v", l)
	}
}

func TestBoundaryErrors(t *testing.T) {
	x, labels := overlapping()
	_, err := New(everything(), x, labels, marginLoss("shared", 0))
	wantError(t, err, "the loss's own parameters", "lr is 0")
	c := everything()
	c.Optimizer = config.Optimizer{Name: "sgd", LR: 1e-3}
	tr := newTrainer(t, c, x, labels, marginLoss("shared", 1e39))
	for range 20 {
		if _, err = tr.Step(); err != nil {
			break
		}
	}
	wantError(t, err, "the loss is ", "than 1e+39 for the loss's own parameters")
}
