package experiments

import (
	"math"

	"gpwbench/analysis"
	"gpwbench/internal/f32"
	"gpwbench/internal/train"
)

// mostMoments is how many steps of a training are looked at, beside the last: evenly spaced, so that a curve has a point for each width of its
// line, a long training leaves no longer file, and what they cost stays below a few hundredths of the steps (BenchmarkMoment of analysis).
const mostMoments = 100

// An observer takes the moments of a training of the given number of steps.
type observer struct {
	gauge   analysis.Gauge
	steps   int
	moments []analysis.Moment
}

// due reports whether a step is one to look at.
func (o *observer) due(step int) bool {
	every := (o.steps + mostMoments - 1) / mostMoments
	return step%every == 0 || step == o.steps-1
}

func (o *observer) see(s train.Step) {
	m := o.gauge.Moment(analysis.Pairs{S: s.S, G: s.G, Anchors: s.Anchors, Candidates: s.Candidates, Self: s.Self})
	m.Step, m.Loss = s.Index, s.Loss
	o.moments = append(o.moments, m)
}

// A bundle is how alike the directions of unit rows are.
type bundle struct {
	sum  []float64
	rows int
}

func (b *bundle) add(e f32.Matrix) {
	if b.sum == nil {
		b.sum = make([]float64, e.Cols)
	}
	for i := range e.Rows {
		for k, v := range e.Row(i) {
			b.sum[k] += float64(v)
		}
	}
	b.rows += e.Rows
}

// meanSimilarity is the mean over all pairs of two rows: of all n² pairs the squared length of the sum, less n of rows with themselves.
func (b *bundle) meanSimilarity() float64 {
	if b.rows < 2 {
		return math.NaN()
	}
	square := 0.0
	for _, v := range b.sum {
		square += v * v
	}
	n := float64(b.rows)
	return (square - n) / (n * (n - 1))
}
