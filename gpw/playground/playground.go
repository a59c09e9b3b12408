package playground

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// A Playground holds what the page shows. Only one goroutine may use it at a time. Panels
// and points are counted from 0; the methods panic, as an index of a slice does, where
// there is none of a number.
type Playground struct {
	state  State       // its Losses and Points are those of the panels
	start  [][]float64 // points of each panel to which Reset returns
	first  int         // steps that led to start
	panels []*panel
	scene  *scene // nil where no scene plays
}

// A panel is one loss on points of its own.
type panel struct {
	loss    Loss
	defined map[string]any // parameters of a formula as typed; sliders start from them
	choice  losses.Choice
	x       []float64 // unit vectors, row-major
	steps   int

	weights, lines, force scale
	last                  *evaluation // nil after a change of the loss
}

// An evaluation is what a loss is on the points of a panel. A step and the drawing that
// follows it need the same one.
type evaluation struct {
	x      []float64
	labels []int

	batch *losses.Batch
	value float64
	g     []float64
	force []float64 // on each point, as x is laid out
	err   error
}

// New returns a playground of a few points under two losses.
func New() *Playground {
	p := new(Playground)
	if err := p.Load(initial()); err != nil {
		panic(err) // a test has it
	}
	return p
}

// Load replaces everything by a state. With an error nothing is changed.
func (p *Playground) Load(s State) error {
	if err := s.check(); err != nil {
		return err
	}

	next := &Playground{state: s}
	for k, loss := range s.Losses {
		choice, err := loss.choose()
		if err != nil {
			return fmt.Errorf("loss %d: %w", k+1, err)
		}
		rows := s.Points[min(k, len(s.Points)-1)]
		q := &panel{loss: loss, defined: loss.Params, choice: choice}
		for _, row := range rows {
			if row = slices.Clone(row); math.Abs(norm(row)-1) > 1e-12 { // otherwise to the bit
				unit(row)
			}
			q.x = append(q.x, row...)
		}
		next.panels = append(next.panels, q)
	}
	next.mark(s.Steps)
	*p = *next
	return nil
}

// State returns the present state. It shares no memory with p.
func (p *Playground) State() State {
	s := p.state
	s.Labels, s.Losses, s.Points = slices.Clone(s.Labels), nil, nil
	s.Steps = p.panels[0].steps // all panels step together
	same := true
	for _, q := range p.panels {
		s.Losses = append(s.Losses, q.loss)
		same = same && slices.Equal(q.x, p.panels[0].x)
	}

	for _, q := range p.panels {
		s.Points = append(s.Points, slices.Collect(p.rows(q)))
		if same {
			break
		}
	}
	return s
}

// rows yields copies of the points of a panel.
func (p *Playground) rows(q *panel) func(yield func([]float64) bool) {
	d := p.state.dimensions()
	return func(yield func([]float64) bool) {
		for row := range slices.Chunk(q.x, d) {
			if !yield(slices.Clone(row)) {
				return
			}
		}
	}
}

// mark makes the present points, to which so many steps have led, those to which Reset
// returns.
func (p *Playground) mark(steps int) {
	p.start, p.first = nil, steps
	for _, q := range p.panels {
		p.start = append(p.start, slices.Clone(q.x))
		q.steps = steps
	}
}

// Panels returns the number of losses that are shown.
func (p *Playground) Panels() int { return len(p.panels) }

// Compare shows one loss or two. A second one starts from the points of the first.
func (p *Playground) Compare(two bool) {
	switch {
	case !two:
		p.panels, p.start = p.panels[:1], p.start[:1]
	case len(p.panels) == 1:
		second := *p.panels[0]
		l := Loss{Name: "contrastive", Preset: "gpw"}
		choice, _ := l.choose() // it is in the catalogue
		second.set(l, choice)
		second.defined, second.weights, second.lines, second.force = nil, 0, 0, 0
		second.x = slices.Clone(second.x)
		p.panels, p.start = append(p.panels, &second), append(p.start, slices.Clone(p.start[0]))
	}
}

// Arrange replaces the points by new ones.
func (p *Playground) Arrange(a Arrangement) error {
	if err := a.check(); err != nil {
		return err
	}
	s := p.State()
	s.arrange(a)
	return p.Load(s)
}

// SetLoss replaces the loss of a panel. The error is a [FieldErrors], and nothing is
// changed then.
func (p *Playground) SetLoss(panel int, l Loss) error {
	choice, err := l.choose()
	if err != nil {
		return err
	}
	q := p.panels[panel]
	q.set(l, choice)
	q.defined = l.Params
	q.weights, q.lines, q.force = 0, 0, 0
	return nil
}

// set replaces the loss of a panel.
func (q *panel) set(l Loss, choice losses.Choice) { q.loss, q.choice, q.last = l, choice, nil }

// SetPooling sets how N and P combine the other pairs.
func (p *Playground) SetPooling(text string) error {
	_, err := gpw.ParsePooling(text)
	if err == nil {
		p.state.Pooling = text
	}
	return err
}

// SetRate sets the rate of gradient descent.
func (p *Playground) SetRate(rate float64) error {
	if !(rate >= LeastRate && rate <= MostRate) {
		return fmt.Errorf("the rate %v is outside [%v, %v]", rate, LeastRate, MostRate)
	}
	p.state.Rate = rate
	return nil
}

// Select makes a point the anchor whose pairs are listed.
func (p *Playground) Select(point int) { p.state.Anchor = min(max(point, 0), len(p.state.Labels)-1) }

// SetClass moves the selected point to a class.
func (p *Playground) SetClass(class int) error {
	if class < 0 || class >= MostClasses {
		return fmt.Errorf("class %d: write 0 to %d", class, MostClasses-1)
	}
	p.scene = nil
	p.state.Labels[p.state.Anchor] = class
	return nil
}

// Move puts a point of every panel at the place of the surface that is seen at (x, y).
// The centre of the circle is no such place, and changes nothing. The point stays on its
// half of the sphere.
func (p *Playground) Move(point int, x, y float64) {
	d := p.state.dimensions()
	under := d == 3 && p.panels[0].x[point*d+2] < 0
	p.put(point, fromAbove(d, x, y, under))
}

// Turn puts a point of every panel at two angles in degrees. The circle has no elevation.
func (p *Playground) Turn(point int, azimuth, elevation float64) {
	if math.IsNaN(azimuth-azimuth) || math.IsNaN(elevation-elevation) {
		return
	}
	p.put(point, atAngles(p.state.dimensions(), azimuth, min(max(elevation, -90), 90)))
}

func (p *Playground) put(point int, at []float64) {
	if at == nil {
		return
	}
	p.scene = nil
	for _, q := range p.panels {
		copy(q.x[point*len(at):], at)
	}
	p.mark(0)
}

// Step moves the points of every panel by one step of gradient descent: by the rate times
// the force, back onto the surface. The error is that of a loss that is not finite, and
// nothing moves then.
func (p *Playground) Step() error {
	p.scene = nil
	d := p.state.dimensions()
	moved := make([][]float64, len(p.panels))
	for k, q := range p.panels {
		e := q.evaluate(p.state.Labels, d)
		if e.err != nil {
			return e.err
		}
		moved[k] = step(q.x, d, e.force, p.state.Rate)
	}

	for k, q := range p.panels {
		q.x = moved[k]
		q.steps++
	}
	return nil
}

// Reset returns to the points before the first step, or to those that were loaded.
func (p *Playground) Reset() {
	p.scene = nil
	for k, q := range p.panels {
		q.x, q.steps = slices.Clone(p.start[k]), p.first
	}
}

// evaluate evaluates the loss on the points of a panel.
func (q *panel) evaluate(labels []int, d int) *evaluation {
	if e := q.last; e == nil || !slices.Equal(e.x, q.x) || !slices.Equal(e.labels, labels) {
		q.last = &evaluation{x: slices.Clone(q.x), labels: slices.Clone(labels)}
		q.last.run(q.choice, d)
	}
	return q.last
}

func (e *evaluation) run(c losses.Choice, d int) {
	if e.batch, e.err = gpw.Batch(e.x, len(e.labels), d, e.labels); e.err == nil {
		e.value, e.g, e.err = gpw.Evaluate(c, e.batch)
	}
	if e.err == nil {
		e.force = forces(e.batch, e.x, d, e.g)
	}
}

// text writes a value as JSON. What the playground holds is finite, so there is no error.
func text(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // a formula has < and >
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
