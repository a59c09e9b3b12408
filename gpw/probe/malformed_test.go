package probe

import (
	"io"
	"math"
	"strings"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// Without a loss there is an error, without a context a measurement, and without a report
// nothing.
func TestMalformed(t *testing.T) {
	for name, measure := range map[string]func(c losses.Choice) error{
		"dependence": func(c losses.Choice) error { _, err := MeasureDependence(nil, c, 1); return err },
		"effects":    func(c losses.Choice) error { _, err := MeasureEffects(nil, c, 32, 1); return err },
		"run":        func(c losses.Choice) error { _, err := Run(nil, []losses.Choice{c}, Options{}); return err },
		"scenario":   func(c losses.Choice) error { _, err := RunScenario(c); return err },
		"threshold":  func(c losses.Choice) error { _, err := FindThreshold(c); return err },
		"sweep":      func(c losses.Choice) error { _, err := Sweep(c, true, gpw.S, gpw.Pooling{}); return err },
		"plane":      func(c losses.Choice) error { _, err := Plane(c, true, gpw.N, gpw.Pooling{}, nil, nil); return err },
	} {
		for _, c := range []losses.Choice{{}, {Value: losses.Contrastive{Lambda: 0.5}}} {
			if err := measure(c); err == nil {
				t.Errorf("%s of %+v is no error", name, c)
			}
		}
		choice, err := losses.Choose(losses.Catalogue, "contrastive")
		if err != nil {
			t.Fatal(err)
		}
		if err := measure(choice); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, n := range []int{0, -1, math.MinInt} {
			if _, err := MeasureEffects(t.Context(), choice, n, 1); err == nil {
				t.Errorf("effects from %d rows", n)
			}
		}
	}

	for _, r := range [][]Result{nil, {{}}, {{Choice: losses.Choice{Spec: &losses.Catalogue[0]}}}} {
		for _, format := range []string{"text", "json", "csv", "none such"} {
			if err := Write(io.Discard, r, format, nil); err == nil {
				t.Errorf("%d results are written as %s", len(r), format)
			}
		}
	}
	Reconcile(nil, nil)
	Reconcile(&DependenceReport{}, nil)
	Reconcile(nil, &Effects{})
	if Disagreements(losses.Choice{}, nil) != nil || Disagreements(losses.Choice{Spec: &losses.Catalogue[0]}, nil) != nil {
		t.Error("no report disagrees with the table")
	}
	if r := new(Result); r.Label() != "no loss" || len(r.Remarks()) != 0 {
		t.Errorf("the label of no result is %q", r.Label())
	}
	if at := new(Threshold).At(0.1); !math.IsNaN(at) {
		t.Errorf("a sweep of no points has the weight %v", at)
	}
	for _, k := range []int{-1, len(Cases)} {
		if s := (Scenario{Before: 1}); s.Responds(k) || s.Moves(k) || s.ByDivisor(k) {
			t.Errorf("there is a case %d", k)
		}
	}
}

// panicking is a loss with a fault.
type panicking struct{}

func (panicking) EvalAnchor(a *losses.Anchor) (sum, terms float64) { return a.Pos[len(a.Pos)], 1 }

// A loss that panics ends the measuring with an error, and not the program.
func TestLossThatPanics(t *testing.T) {
	own := &losses.Spec{Name: "own", Title: "Own", Presets: []losses.Preset{{Name: "p", Value: panicking{}}}}
	_, err := Run(nil, []losses.Choice{{Spec: own, Preset: "p", Value: panicking{}}}, Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "own.p panicked: ") {
		t.Errorf("error %v", err)
	}
}

// Axes that a sweep or a plane does not move are errors.
func TestAxesThatDoNotMove(t *testing.T) {
	choice, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		t.Fatal(err)
	}
	for axis, want := range map[gpw.Axis][2]bool{gpw.S: {true, false}, gpw.N: {true, true}, gpw.P: {true, true}, gpw.X: {}, 77: {}, -1: {}} {
		_, sweep := Sweep(choice, true, axis, gpw.Pooling{})
		_, plane := Plane(choice, true, axis, gpw.Pooling{}, []float64{0.5}, []float64{0.5})
		if (sweep == nil) != want[0] || (plane == nil) != want[1] {
			t.Errorf("%v: sweep %v, plane %v", axis, sweep, plane)
		}
	}
}
