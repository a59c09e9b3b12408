package playground

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"gpwbench/gpw"
	"gpwbench/gpw/formula"
	"gpwbench/losses"
)

// Errors of formulas are those of package formula, at their field and character.
func TestFormulaErrors(t *testing.T) {
	for _, c := range []struct {
		fields        Fields
		field, wanted string
		offset        int
	}{
		{Fields{Value: "sum_neg(relu(s - lamda))", Params: "lambda: 0.5"}, "value", "lamda", 17},
		{Fields{Positive: "1", Negative: "exp(s"}, "negative", "character 1: exp( is never closed", 0},
		{Fields{Value: "sum_neg(s)", MineNegative: "s + 1"}, "mine.negative", "condition", 0},
		{Fields{Value: "sum_neg(s)", Params: "beta: 2"}, "params", "no formula has the parameter beta", -1},
		{Fields{Value: "sum_neg(s)", Params: "beta"}, "params", "no name with a number", -1},
		{Fields{Value: "sum_neg(beta*s)", Params: "beta: inf"}, "params", "not finite", -1},
		{Fields{}, "value", "write a value", -1},
	} {
		p := New()
		before := p.Command(0)
		err := p.SetFields(0, c.fields)
		var all FieldErrors
		if !errors.As(err, &all) || len(all) == 0 {
			t.Errorf("%+v: the error is %v", c.fields, err)
			continue
		}
		if got := all[0]; got.Field != c.field || !strings.Contains(got.Text, c.wanted) || got.Offset != c.offset {
			t.Errorf("%+v: the error is %+v, want %q at %s, byte %d", c.fields, got, c.wanted, c.field, c.offset)
		}
		if p.Command(0) != before {
			t.Errorf("%+v changed the loss", c.fields)
		}
	}

	// The wording is the formula package's own.
	_, err := formula.New(formula.Source{Value: "sum_neg(q)"}, nil)
	var all FieldErrors
	if errors.As(New().SetFields(0, Fields{Value: "sum_neg(q)"}), &all); len(all) != 1 || all[0].Text != err.Error() {
		t.Errorf("the page says %v, package formula %v", all, err)
	}
}

// The contrastive loss as a formula gives the frame of the built-in one.
func TestFormula(t *testing.T) {
	p := New()
	if err := p.SetFields(0, Fields{Value: "sum_pos(1 - s) + sum_neg(relu(s - lambda))", Params: "lambda: 0.5"}); err != nil {
		t.Fatal(err)
	}
	own, err := p.Frame(0)
	if err != nil {
		t.Fatal(err)
	}
	built, err := p.Frame(1)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(own.Loss-built.Loss) > 1e-12 {
		t.Errorf("L = %v, the built-in loss has %v", own.Loss, built.Loss)
	}
	for k := range own.G {
		if math.Abs(own.G[k]-built.G[k]) > 1e-12 {
			t.Fatalf("G = %v at %d, the built-in loss has %v", own.G[k], k, built.G[k])
		}
	}
}

// The contrastive loss without a miner keeps every pair and gives weight to the positives
// and to the negatives above its margin of 0.5.
func TestWeighted(t *testing.T) {
	f, err := loaded(t, Arrangement{Circle, 3, 4, 4}, "contrastive").Frame(0)
	if err != nil {
		t.Fatal(err)
	}
	want, n := 0, len(f.Points)
	for i := range n {
		for j := range n {
			if i != j && (i/4 == j/4 || f.S[i*n+j] > 0.5) {
				want++
			}
		}
	}
	if f.Weighted != want || f.KeptPairs != n*(n-1) || want == f.KeptPairs {
		t.Errorf("%d pairs have weight and %d are kept, want %d and %d", f.Weighted, f.KeptPairs, want, n*(n-1))
	}
}

// The kept pairs of Multi-Similarity's miner are those of eqs. 11 and 12, whether the
// miner or the conditions of a formula choose them.
func TestKept(t *testing.T) {
	const eps = 0.1
	p := New()
	err := p.SetFields(1, Fields{
		Value: "mean_pos(1 - s) + sum_neg(beta*s)", MinePositive: "s < max_neg(s) + eps", MineNegative: "s > min_pos(s) - eps", Params: "eps: 0.1, beta: 1",
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.Frame(0)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := p.Frame(1)
	if err != nil {
		t.Fatal(err)
	}

	labels, n, kept := p.State().Labels, len(p.State().Labels), 0
	for i := range n {
		lowest, highest := math.Inf(1), math.Inf(-1)
		for j := range n {
			if j != i && labels[j] == labels[i] {
				lowest = min(lowest, f.S[i*n+j])
			} else if j != i {
				highest = max(highest, f.S[i*n+j])
			}
		}
		for j := range n {
			k := i*n + j
			want := j != i && labels[j] != labels[i] && f.S[k] > lowest-eps || j != i && labels[j] == labels[i] && f.S[k] < highest+eps
			if f.Kept[k] != want || mine.Kept[k] != want {
				t.Errorf("pair %d, %d with S = %v is kept: %v by the miner, %v by conditions, want %v", i, j, f.S[k], f.Kept[k], mine.Kept[k], want)
			}
			if want {
				kept++
			}
		}
	}
	if kept == 0 || kept == n*(n-1) || f.KeptPairs != kept {
		t.Errorf("%d pairs are kept, the frame says %d", kept, f.KeptPairs)
	}
}

// A pair that has weight under a loss with any miner is among those that are kept.
func TestWeightsAreKept(t *testing.T) {
	for _, m := range losses.Miners {
		p := New()
		if err := p.SetMiner(1, m.Name); err != nil {
			t.Fatal(err)
		}
		f, err := p.Frame(1)
		if err != nil {
			t.Fatal(err)
		}
		for k, g := range f.G {
			if g != 0 && !f.Kept[k] {
				t.Errorf("%s: a pair that is left out has G = %v", m.Name, g)
			}
		}
		if all := f.Pairs; f.KeptPairs == all || f.KeptPairs == 0 {
			t.Errorf("%s keeps %d of %d pairs", m.Name, f.KeptPairs, all)
		}
	}
}

// A slider's ends and middle are in the domain of its parameter, and the field beside it
// takes the domain and nothing else.
func TestControls(t *testing.T) {
	everyPreset(func(name string, c losses.Choice) {
		p := New()
		if err := p.SetLoss(0, Loss{Name: name}); err != nil {
			t.Fatal(err)
		}
		for _, control := range p.Controls(0) {
			if control.Words != nil {
				for _, word := range control.Words {
					if err := p.Type(0, control.Field, word); err != nil {
						t.Logf("%s: %s: %v", name, control.Field, err) // words that exclude each other
					}
				}
				continue
			}
			if !(control.Position >= 0 && control.Position <= 1) {
				t.Errorf("%s: %s is at %v of its slider", name, control.Field, control.Position)
			}
			for _, at := range []float64{0, 0.37, 1} {
				if err := p.Slide(0, control.Field, at); err != nil {
					t.Errorf("%s: %s at %v: %v", name, control.Field, at, err)
				}
			}
			if err := p.Type(0, control.Field, "1e999x"); err == nil {
				t.Errorf("%s: %s takes what is no number", name, control.Field)
			}
		}
	})
}

// A slider changes the parameter, and the number beside it says the new value.
func TestSlide(t *testing.T) {
	p := New()
	before, _ := p.Frame(0)
	if err := p.Slide(0, "params.beta", 1); err != nil {
		t.Fatal(err)
	}
	if after, err := p.Frame(0); err != nil || after.Loss == before.Loss {
		t.Errorf("with another β L is %v as before, %v", after.Loss, err)
	}
	if err := p.Slide(0, "miner.eps", 0.25); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range p.Controls(0) {
		got[c.Field] = c.Value
	}
	if got["params.beta"] != "640" || got["miner.eps"] != "0.5" {
		t.Errorf("the values are %v, want 640 of β and 0.5 of ε", got)
	}
	if c := p.Choice(0).Caption(); !strings.Contains(c, "β 640") || !strings.Contains(c, "ε 0.5") {
		t.Errorf("the loss is %s", c)
	}
	err := p.Type(0, "params.beta", "-1")
	var all FieldErrors
	if !errors.As(err, &all) || all[0].Field != "params.beta" || !strings.Contains(err.Error(), "outside") {
		t.Errorf("β = −1 is %v", err)
	}
	if !strings.Contains(p.Command(0), `"beta":640`) {
		t.Errorf("the command is %s", p.Command(0))
	}
}

// A loss that no miner can serve says so at the miner.
func TestRefusedMiner(t *testing.T) {
	p := New()
	if err := p.SetLoss(0, Loss{Name: "histogram"}); err != nil {
		t.Fatal(err)
	}
	var all FieldErrors
	if err := p.SetMiner(0, "batch_hard"); !errors.As(err, &all) || all[0].Field != "miner" {
		t.Errorf("mining for the histogram loss is %v", err)
	}
	if err := p.SetLoss(0, Loss{Name: "tripplet"}); !errors.As(err, &all) || all[0].Field != "name" {
		t.Errorf("an unknown loss is %v", err)
	}
}

// A frame of a loss that is not finite has the points and says why.
func TestNotFinite(t *testing.T) {
	p := New()
	if err := p.SetFields(0, Fields{Value: "sum_neg(exp(1e3*(s + 1)))"}); err != nil {
		t.Fatal(err)
	}
	f, err := p.Frame(0)
	if err == nil || !strings.Contains(err.Error(), "exp") || !math.IsNaN(f.Loss) || len(f.Points) != 12 {
		t.Errorf("L = %v with %d points and the error %v", f.Loss, len(f.Points), err)
	}
	if packed := f.Pack(nil); len(packed) != len(Packed.Header)+12*len(Packed.Point) {
		t.Errorf("%d numbers are packed", len(packed))
	}
	before := p.State()
	if err := p.Step(); err == nil {
		t.Error("a step was made by a loss that is not finite")
	}
	if after := p.State(); !slices.Equal(after.Points[0][0], before.Points[0][0]) {
		t.Error("a point moved")
	}
}

// Equal, opposite and lone points give finite frames under every loss.
func TestEdges(t *testing.T) {
	edges := map[string][]int{"one class": {0, 0, 0}, "no positives": {0, 1, 2}, "two": {0, 1}}
	for name, labels := range edges {
		everyPreset(func(loss string, c losses.Choice) {
			p := New()
			s := p.State()
			s.Labels, s.Anchor = labels, 0
			rows := [][]float64{{1, 0}, {1, 0}, {-1, 0}}
			s.Points = [][][]float64{rows[:len(labels)]}
			s.Losses = []Loss{{Name: loss}}
			if err := p.Load(s); err != nil {
				t.Fatal(err)
			}
			f, err := p.Frame(0)
			if err != nil || math.IsNaN(f.Loss-f.Loss) {
				t.Errorf("%s, %s: L = %v, %v", name, loss, f.Loss, err)
			}
			if err := p.Step(); err != nil {
				t.Errorf("%s, %s: %v", name, loss, err)
			}
		})
	}
}

// The pooling of N and P is that of the state.
func TestPooling(t *testing.T) {
	p := New()
	mean, _ := p.Frame(0)
	if err := p.SetPooling("log_sum_exp:40"); err != nil {
		t.Fatal(err)
	}
	pooled, _ := p.Frame(0)
	want := gpw.FromGradientPooled(p.panels[0].last.batch, pooled.G, gpw.Pooling{Scale: 40})
	if k := want.Pairs[0].Candidate; pooled.N[k] != want.Pairs[0].N || pooled.N[k] == mean.N[k] {
		t.Errorf("N = %v, want %v; by the mean it is %v", pooled.N[k], want.Pairs[0].N, mean.N[k])
	}
	if err := p.SetPooling("median"); err == nil {
		t.Error("an unknown pooling is taken")
	}
	if !strings.HasSuffix(p.Command(0), " --pooling log_sum_exp:40") {
		t.Errorf("the command is %s", p.Command(0))
	}
}
