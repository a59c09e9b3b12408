package experiments

import (
	"math"

	"gpwbench/analysis"
	"gpwbench/internal/f32"
	"gpwbench/matrix"
	"gpwbench/train"
)

// maxStats is the number of steps of a training, beside the last, whose weights are
// summarised. They are evenly spaced. So a curve has a point for each width of its line,
// the file of a long training is no longer, and the statistics cost no more than a few
// hundredths of the steps (BenchmarkMoment of analysis).
const maxStats = 100

// A statsRecorder takes the statistics of the weights of a training of the given number
// of steps.
type statsRecorder struct {
	collector analysis.StatsCollector
	steps     int
	stats     []analysis.WeightStats
}

// isDue reports whether the statistics of a step are recorded.
func (o *statsRecorder) isDue(step int) bool {
	every := (o.steps + maxStats - 1) / maxStats
	return step%every == 0 || step == o.steps-1
}

func (o *statsRecorder) record(s train.Step) {
	m := o.collector.Collect(analysis.StepPairs{S: s.S, G: s.G, Anchors: s.Anchors, Candidates: s.Candidates, Self: s.Self})
	m.Step, m.Loss = s.Index, s.Loss
	o.stats = append(o.stats, m)
}

// A meanDirection measures how alike the directions of rows are, by the differences y of
// their unit vectors from that of the first row.
type meanDirection struct {
	first  []float64
	sum    []float64 // Σ y
	square float64   // Σ ‖y‖²
	rows   int
}

func (b *meanDirection) add(e matrix.Matrix) {
	for i := range e.Rows {
		row := e.Row(i)
		inverse := 1 / math.Sqrt(f32.Dot(row, row))
		if b.first == nil {
			b.first, b.sum = make([]float64, e.Cols), make([]float64, e.Cols)
			for k, v := range row {
				b.first[k] = float64(v) * inverse
			}
		}

		for k, v := range row {
			// The conversion keeps the compiler from fusing: of equal rows y is 0.
			y := float64(float64(v)*inverse) - b.first[k]
			b.sum[k] += y
			b.square += y * y
		}
	}
	b.rows += e.Rows
}

// meanSimilarity is the mean over all pairs of two rows, as a float32. The similarity of
// a pair is 1 − ‖y_i − y_j‖²/2, and the squared distances of all pairs are in sum n·Σ‖y‖²
// − ‖Σy‖². So it is exactly 1 of rows that are equal.
func (b *meanDirection) meanSimilarity() float64 {
	if b.rows < 2 {
		return math.NaN()
	}
	square := 0.0
	for _, v := range b.sum {
		square += v * v
	}
	n := float64(b.rows)
	return float64(float32(1 - (n*b.square-square)/(n*(n-1))))
}
