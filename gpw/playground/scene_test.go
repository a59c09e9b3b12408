package playground

import (
	"math"
	"strings"
	"testing"

	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// A case moves its part of the anchor's row by the shift of package probe and leaves the
// rest, as the similarities of a frame say.
func TestCases(t *testing.T) {
	for k := range probe.Cases {
		p := New()
		if err := p.PlayCase(k); err != nil {
			t.Fatal(err)
		}
		before, err := p.Frame(0)
		if err != nil {
			t.Fatal(err)
		}
		p.Seek(1)
		after, err := p.Frame(0)
		if err != nil {
			t.Fatal(err)
		}

		for j := 1; j < len(sceneLabels); j++ {
			positive := sceneLabels[j] == sceneLabels[sceneAnchor]
			want := 0.0
			switch axis := gpw.Axis(k); {
			case axis == gpw.S, axis == gpw.P && positive, axis == gpw.N && !positive && j != scenePair:
				want = probe.ScenarioShift
			}
			if got := after.S[j] - before.S[j]; math.Abs(got-want) > 1e-12 {
				t.Errorf("case %d moves S of point %d by %v, want %v", k+1, j, got, want)
			}
		}
	}
}

// On the points of the page, as on the batch of the probe, Multi-Similarity answers all
// three cases and the contrastive loss only the first.
func TestCasesAreAnswered(t *testing.T) {
	for name, want := range map[string][3]bool{"multi_similarity": {true, true, true}, "contrastive": {true, false, false}, "binomial_deviance": {true, false, false}} {
		c, err := losses.Choose(losses.Catalogue, name)
		if err != nil {
			t.Fatal(err)
		}
		scenario, err := probe.RunScenario(c)
		if err != nil {
			t.Fatal(err)
		}
		for k := range probe.Cases {
			p := New()
			if err := p.SetLoss(0, Loss{Name: name}); err != nil {
				t.Fatal(err)
			}
			if err := p.PlayCase(k); err != nil {
				t.Fatal(err)
			}
			p.Seek(1)
			m, ok := p.Moment()
			if !ok {
				t.Fatal("no scene plays")
			}

			change := m.Panels[0].Now - m.Panels[0].Before
			if !probe.Cases[k].Up {
				change = -change
			}
			if answers := change > 1e-9; answers != want[k] || answers != scenario.Responds(k) {
				t.Errorf("%s, case %d: w from %v to %v answers: %v, the probe says %v, want %v", name, k+1, m.Panels[0].Before, m.Panels[0].Now, answers, scenario.Responds(k), want[k])
			}
		}
	}
}

// Every loss of Table 1 plays, goes back to where it began, and has a reason.
func TestRows(t *testing.T) {
	rows := 0
	for _, s := range losses.Catalogue {
		if s.Table1 == nil {
			continue
		}
		rows++
		if whys[s.Name] == "" {
			t.Errorf("no reason for %s", s.Name)
		}

		p := New()
		if err := p.PlayRow(s.Name); err != nil {
			t.Fatal(err)
		}
		first, _ := p.Moment()
		parts := ""
		for step := range 31 {
			p.Seek(float64(step) / 30)
			m, _ := p.Moment()
			if !strings.HasSuffix(parts, m.Part) {
				parts += m.Part
			}
			f, err := p.Frame(0)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range f.G {
				if math.Abs(g) > f.Weights {
					t.Errorf("%s: a weight of %v beyond the scale %v", s.Name, math.Abs(g), f.Weights)
				}
			}
		}
		last, _ := p.Moment()
		if parts != "SNP" || math.Abs(last.Panels[0].Now-first.Panels[0].Now) > 1e-9 {
			t.Errorf("%s plays %s, and w is %v at its end, %v at its start", s.Name, parts, last.Panels[0].Now, first.Panels[0].Now)
		}
	}
	if rows != len(whys) {
		t.Errorf("%d reasons for %d losses of Table 1", len(whys), rows)
	}
}

// Whatever moves a point ends the scene.
func TestScenesEnd(t *testing.T) {
	for name, end := range map[string]func(p *Playground){
		"step": func(p *Playground) { _ = p.Step() }, "move": func(p *Playground) { p.Move(1, 1, 0) }, "reset": (*Playground).Reset,
		"turn": func(p *Playground) { p.Turn(1, 20, 0) }, "class": func(p *Playground) { _ = p.SetClass(3) },
	} {
		p := New()
		if err := p.PlayCase(0); err != nil {
			t.Fatal(err)
		}
		end(p)
		if _, plays := p.Moment(); plays {
			t.Errorf("after %s the scene goes on", name)
		}
	}
}
