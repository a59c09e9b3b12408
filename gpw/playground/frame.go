package playground

import (
	"iter"
	"math"

	"gpwbench/gpw"
)

// A Frame is everything that is drawn of one panel. Planes have an entry for each anchor
// and candidate, row-major; those of a point with itself are NaN, or false.
type Frame struct {
	Loss   float64
	Points []Point

	// Ordered pairs, and those of them whose gradient pulls a negative or pushes a
	// positive. They are not stored, because half of the memory of a step would be
	// theirs.
	Pairs, Violations int

	// Of each ordered pair: the similarity, relative to the other negatives and
	// positives, the signed gradient, and what both orders add to it together.
	S, N, P, G, Both []float64

	Kept      []bool // by the miner; all pairs without one
	KeptPairs int
	Weighted  int // pairs whose gradient is not 0

	// The round numbers that the largest weight, line and force do not exceed.
	Weights, Lines, Forces float64

	Steps int // since the points were placed
}

// A Point is where a point is and how gradient descent pulls at it.
type Point struct {
	At, Force          [3]float64 // the third is 0 on the circle
	Size               float64    // length of the force
	Azimuth, Elevation float64    // degrees
}

// Frame evaluates the loss of a panel on its points. The error is that of
// [gpw.Evaluate]; the Frame then has the points only, and NaN for the loss.
func (p *Playground) Frame(panel int) (*Frame, error) {
	q, d, n := p.panels[panel], p.state.dimensions(), len(p.state.Labels)
	f := &Frame{Loss: math.NaN(), Points: make([]Point, n), Steps: q.steps}
	for i := range n {
		x := q.x[i*d : (i+1)*d]
		copy(f.Points[i].At[:], x)
		f.Points[i].Azimuth, f.Points[i].Elevation = angles(x)
	}

	e := q.evaluate(p.state.Labels, d)
	if e.err != nil {
		return f, e.err
	}
	pooling, err := gpw.ParsePooling(p.state.Pooling)
	if err != nil {
		return f, err
	}

	f.Loss, f.G = e.value, e.g
	f.Kept = kept(q.choice, &q.loss, e.batch)
	f.planes(n, gpw.PairRows(e.batch, e.g, pooling))

	longest := 0.0
	for i := range n {
		force := e.force[i*d : (i+1)*d]
		copy(f.Points[i].Force[:], force)
		f.Points[i].Size = norm(force)
		longest = max(longest, f.Points[i].Size)
	}

	if p.scene == nil {
		q.fit(f, longest)
	}
	f.Weights, f.Lines, f.Forces = float64(q.weights), float64(q.lines), float64(q.force)
	return f, nil
}

// fit makes the scales of a panel large enough for a frame.
func (q *panel) fit(f *Frame, longest float64) {
	weight, line := 0.0, 0.0
	for k, g := range f.G {
		weight, line = max(weight, math.Abs(g)), max(line, math.Abs(f.Both[k]))
	}
	q.weights.fit(weight)
	q.lines.fit(line)
	q.force.fit(longest)
}

// planes spreads the pairs over planes.
func (f *Frame) planes(n int, rows iter.Seq[[]gpw.Pair]) {
	all := make([]float64, 4*n*n)
	for k := range all[:3*n*n] {
		all[k] = math.NaN()
	}
	f.S, f.N, f.P, f.Both = all[:n*n], all[n*n:2*n*n], all[2*n*n:3*n*n], all[3*n*n:]

	for row := range rows {
		for _, pair := range row {
			f.place(n, pair)
		}
	}
}

// place puts a pair of n points into the planes, and counts it.
func (f *Frame) place(n int, pair gpw.Pair) {
	k := pair.Anchor*n + pair.Candidate
	f.S[k], f.N[k], f.P[k] = pair.S, pair.N, pair.P
	f.Both[k] = pair.G + f.G[pair.Candidate*n+pair.Anchor]
	f.Pairs++
	if f.Kept[k] {
		f.KeptPairs++
	}
	if pair.G != 0 {
		f.Weighted++
	}
	if pair.Violates() {
		f.Violations++
	}
}
