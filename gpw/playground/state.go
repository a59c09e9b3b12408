package playground

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/gpw"
)

// The surfaces on which points lie.
const (
	Circle = "circle"
	Sphere = "sphere" // seen from above
)

// The bounds of a state.
const (
	MostPoints  = 64
	MostClasses = 8
	MostPanels  = 2
)

// The range of the rate of gradient descent.
const LeastRate, MostRate = 0.001, 10

// MostSteps is the most steps that a state may have behind it: more than a page makes in
// a year.
const MostSteps = 1_000_000_000

// A State is everything that a link or a snippet reproduces.
type State struct {
	Surface string        `json:"surface"`
	Labels  []int         `json:"labels"`  // class of each point, from 0
	Losses  []Loss        `json:"losses"`  // one or two
	Points  [][][]float64 `json:"points"`  // rows of 2 or 3 numbers; for both losses, or for each
	Rate    float64       `json:"rate"`    // of a step, between LeastRate and MostRate
	Steps   int           `json:"steps"`   // of gradient descent that led to the points, at most MostSteps
	Anchor  int           `json:"anchor"`  // the selected point
	Pooling string        `json:"pooling"` // of N and P, as in gpw.ParsePooling
}

// dimensions returns the number of coordinates of a point.
func (s *State) dimensions() int {
	if s.Surface == Sphere {
		return 3
	}
	return 2
}

// check returns an error for a state that no page can show. Losses are checked where they
// are set.
func (s *State) check() error {
	n := len(s.Labels)
	switch {
	case s.Surface != Circle && s.Surface != Sphere:
		return fmt.Errorf("surface %q: write %s or %s", s.Surface, Circle, Sphere)
	case n < 2 || n > MostPoints:
		return fmt.Errorf("%d labels: a page has 2 to %d points", n, MostPoints)
	case len(s.Losses) < 1 || len(s.Losses) > MostPanels:
		return fmt.Errorf("%d losses: a page has 1 or %d", len(s.Losses), MostPanels)
	case len(s.Points) != 1 && len(s.Points) != len(s.Losses):
		return fmt.Errorf("%d lists of points: write one for all losses, or one for each", len(s.Points))
	case !(s.Rate >= LeastRate && s.Rate <= MostRate):
		return fmt.Errorf("rate %v: write a number from %v to %v", s.Rate, LeastRate, MostRate)
	case s.Steps < 0 || s.Steps > MostSteps:
		return fmt.Errorf("steps %d: write a number from 0 to %d", s.Steps, MostSteps)
	case s.Anchor < 0 || s.Anchor >= n:
		return fmt.Errorf("anchor %d: the points are numbered 0 to %d", s.Anchor, n-1)
	}

	if k := slices.IndexFunc(s.Labels, func(y int) bool { return y < 0 || y >= MostClasses }); k >= 0 {
		return fmt.Errorf("labels: %d is no class of the page, which has 0 to %d", s.Labels[k], MostClasses-1)
	}
	if _, err := gpw.ParsePooling(s.Pooling); err != nil {
		return err
	}
	for _, rows := range s.Points {
		if err := s.checkRows(rows); err != nil {
			return err
		}
	}
	return nil
}

// checkRows holds the points of one panel against the labels and the surface.
func (s *State) checkRows(rows [][]float64) error {
	if len(rows) != len(s.Labels) {
		return fmt.Errorf("%d points for %d labels", len(rows), len(s.Labels))
	}
	for i, row := range rows {
		length := norm(row)
		switch {
		case len(row) != s.dimensions():
			return fmt.Errorf("point %d has %d numbers; on a %s it has %d", i, len(row), s.Surface, s.dimensions())
		case !(length > 1e-150 && length < 1e150):
			return fmt.Errorf("point %d has the length %v, so it has no direction", i, length)
		}
	}
	return nil
}

// className returns the letter of a class.
func className(y int) string { return strings.ToUpper(string(rune('a' + y))) }

// initial is the state of a page that was just opened: three classes of four on the
// circle, under Multi-Similarity and the contrastive loss.
func initial() State {
	s := State{
		Surface: Circle, Rate: 0.5, Pooling: gpw.Pooling{}.String(),
		Losses: []Loss{{Name: "multi_similarity", Preset: "official"}, {Name: "contrastive", Preset: "gpw"}},
	}
	s.arrange(Arrangement{Surface: Circle, Classes: 3, Each: 4, Seed: 4})
	return s
}
