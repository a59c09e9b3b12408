package playground

import (
	"fmt"
	"math"
	"slices"

	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// The points of the scenes, as similarities to the anchor at the top of the circle. The
// pair is a negative just below the λ = 0.5 of most losses, between the positives, as in
// the cases of package probe. The positives are on one side of the anchor and the
// negatives on the other.
var (
	scenePositives = []float64{0.42, 0.52, 0.66}
	sceneNegatives = []float64{0.45, 0.36, 0.2, -0.1} // the first is the pair
	sceneLabels    = []int{0, 0, 0, 0, 1, 1, 2, 2}
)

const (
	sceneAnchor = 0
	scenePair   = 4 // the first negative
)

// A scene moves a part of the anchor's similarities up and, where it has several parts,
// down again before the next.
type scene struct {
	parts  []gpw.Axis
	at     float64
	before []float64 // G of the pair at the start, for each panel
}

// PlayCase plays one of probe.Cases under the present losses. The error is that of a loss
// that is not finite.
func (p *Playground) PlayCase(k int) error {
	if k < 0 || k >= len(probe.Cases) {
		return fmt.Errorf("case %d: there are %d", k+1, len(probe.Cases))
	}
	return p.play([]gpw.Axis{gpw.Axis(k)})
}

// PlayRow plays the three cases in turn under a loss of Table 1 of Wang et al., CVPR
// 2019, which becomes the loss of the first panel.
func (p *Playground) PlayRow(loss string) error {
	if _, ok := rowOf(loss); !ok {
		return fmt.Errorf("%q is no loss of Table 1", loss)
	}
	if err := p.SetLoss(0, Loss{Name: loss}); err != nil {
		return err
	}
	return p.play([]gpw.Axis{gpw.S, gpw.N, gpw.P})
}

// play arranges the points and sets the scales so that they hold for the whole scene.
func (p *Playground) play(parts []gpw.Axis) error {
	s := p.State()
	s.Surface, s.Anchor, s.Labels = Circle, sceneAnchor, slices.Clone(sceneLabels)
	s.Points = [][][]float64{sceneRows(gpw.S, 0)}
	if err := p.Load(s); err != nil {
		return err
	}
	for _, q := range p.panels {
		q.weights, q.lines, q.force = 0, 0, 0
	}

	playing := &scene{parts: parts}
	for _, q := range p.panels {
		for step := range 10*len(parts) + 1 {
			p.place(playing, float64(step)/float64(10*len(parts)))
			f, err := p.Frame(slices.Index(p.panels, q)) // fits the scales
			if err != nil {
				return err
			}
			if step == 0 {
				playing.before = append(playing.before, f.G[sceneAnchor*len(s.Labels)+scenePair])
			}
		}
	}
	p.place(playing, 0)
	p.mark(0)
	p.scene = playing
	return nil
}

// Seek moves the scene to a place from 0 to 1. Without a scene it does nothing.
func (p *Playground) Seek(at float64) {
	if p.scene != nil && !math.IsNaN(at) {
		p.place(p.scene, min(max(at, 0), 1))
	}
}

func (p *Playground) place(s *scene, at float64) {
	s.at = at
	part, share := s.moment()
	x := slices.Concat(sceneRows(s.parts[part], probe.ScenarioShift*share)...)
	for _, q := range p.panels {
		q.x = slices.Clone(x)
	}
}

// moment returns which part moves and how far it is, from 0 to 1. A part goes up, stays,
// and goes down again unless it is the only one.
func (s *scene) moment() (part int, share float64) {
	within := s.at * float64(len(s.parts))
	part = min(int(within), len(s.parts)-1)
	within -= float64(part)
	switch {
	case len(s.parts) == 1:
		return part, smooth(within)
	case within < 0.4:
		return part, smooth(within / 0.4)
	case within < 0.6:
		return part, 1
	}
	return part, smooth((1 - within) / 0.4)
}

// smooth goes from 0 to 1 without a jerk at the ends.
func smooth(t float64) float64 { return t * t * (3 - 2*t) }

// sceneRows returns the points where a part of the similarities to the anchor is shifted
// up. On a circle a similarity to the anchor is an angle, so each can be chosen alone.
func sceneRows(part gpw.Axis, shift float64) [][]float64 {
	const top = math.Pi / 2
	rows := [][]float64{onCircle(top)}
	for _, s := range scenePositives {
		if part != gpw.N {
			s += shift
		}
		rows = append(rows, onCircle(top+math.Acos(s)))
	}
	for k, s := range sceneNegatives {
		if part == gpw.S || part == gpw.N && k > 0 {
			s += shift
		}
		rows = append(rows, onCircle(top-math.Acos(s)))
	}
	return rows
}

// A Moment says what a scene shows now.
type Moment struct {
	At     float64     `json:"at"`
	Part   string      `json:"part"` // S, N or P
	Text   string      `json:"text"` // what moves, and what the weight should do
	Anchor int         `json:"anchor"`
	Pair   int         `json:"pair"`
	Panels []PairState `json:"panels"`
}

// A PairState is the weight of the scene's pair in one panel: |G|, before and now.
type PairState struct {
	Before float64 `json:"before"`
	Now    float64 `json:"now"`
}

// Moment returns what the scene shows, and false without one.
func (p *Playground) Moment() (Moment, bool) {
	if p.scene == nil {
		return Moment{}, false
	}
	part, _ := p.scene.moment()
	axis := p.scene.parts[part]
	m := Moment{At: p.scene.at, Part: axis.String(), Text: caseText(axis), Anchor: sceneAnchor, Pair: scenePair, Panels: []PairState{}}
	for k, q := range p.panels {
		e := q.evaluate(p.state.Labels, p.state.dimensions())
		if e.err != nil {
			return m, true
		}
		m.Panels = append(m.Panels, PairState{math.Abs(p.scene.before[k]), math.Abs(e.g[sceneAnchor*len(p.state.Labels)+scenePair])})
	}
	return m, true
}

// caseText says what moves in the case of an axis and what the weight should do.
func caseText(axis gpw.Axis) string {
	c := probe.Cases[int(axis)]
	response := "should drop"
	if c.Up {
		response = "should grow"
	}
	return fmt.Sprintf("%s moves %s nearer to the anchor; the weight of the marked negative %s.", capital(c.Name), c.Moves, response)
}

// rowOf returns the entry of the catalogue of a loss of Table 1.
func rowOf(name string) (*losses.Spec, bool) {
	for k := range losses.Catalogue {
		if s := &losses.Catalogue[k]; s.Name == name && s.Table1 != nil {
			return s, true
		}
	}
	return nil, false
}
