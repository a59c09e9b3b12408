package analysis

import (
	"math"
	"slices"
)

// A TrainingHistory is what figures show of the training of one loss: the statistics of
// one seed, those that its other seeds kept, and the batches of the one.
type TrainingHistory struct {
	Loss    string // loss and preset: multi_similarity.official
	Title   string // the loss as tables print it
	Caption string // its hyper-parameters; may be empty
	Dataset string // as tables print it

	Seed  uint64 // of the run whose statistics these are
	Seeds int    // how many runs of the row differ in their seed; 0 if that is not known

	// The number of steps after which the embeddings were measured, where it was chosen
	// on the classes that ChosenOn names; nil where nothing was chosen.
	Chosen   *int
	ChosenOn string // "held-out classes" or "the test classes"

	Stats   []WeightStats // in the order of the steps
	Others  []SeedStats   // those that the row's other seeds kept; may be empty
	Batches []*Scatter    // the batches that were kept, in the order of the steps; may be empty
}

// SeedStats are the statistics of another seed of the row.
type SeedStats struct {
	Seed   uint64
	Stats  []WeightStats // in the order of the steps
	Chosen *int          // as that of the history
}

// A SeedPoint is a number of one step over the seeds whose trainings made the step.
type SeedPoint struct {
	Step  int
	Seeds int // at least 1

	// Mean, Low and High are over those of the seeds for which the number is defined, and
	// NaN where there is none. With one seed all three are its number.
	Mean, Low, High float64
}

// ChosenSteps returns the numbers of steps that the seeds chose, each once, ascending.
func (h *TrainingHistory) ChosenSteps() []int {
	var steps []int
	for _, seed := range h.EachSeed() {
		if seed.Chosen != nil {
			steps = append(steps, *seed.Chosen)
		}
	}
	slices.Sort(steps)
	return slices.Compact(steps)
}

// EachSeed returns the statistics of every seed, that of h first.
func (h *TrainingHistory) EachSeed() []SeedStats {
	return append([]SeedStats{{h.Seed, h.Stats, h.Chosen}}, h.Others...)
}

// OverSeeds returns a number of the statistics over the seeds, in the order of the steps.
// value returns NaN where its number is not defined, and such a seed does not count.
//
// A step is that of any seed. The training of a seed may end earlier than that of
// another, where each chose its number of steps.
func (h *TrainingHistory) OverSeeds(value func(WeightStats) float64) []SeedPoint {
	at := map[int]int{} // the place of a step
	var points []SeedPoint
	var sums []float64
	var counts []int // of the seeds for which it is defined
	for _, seed := range h.EachSeed() {
		for _, m := range seed.Stats {
			k, seen := at[m.Step]
			if !seen {
				k = len(points)
				at[m.Step] = k
				points = append(points, SeedPoint{Step: m.Step, Low: math.NaN(), High: math.NaN()})
				sums, counts = append(sums, 0), append(counts, 0)
			}

			p, v := &points[k], value(m)
			p.Seeds++
			if math.IsNaN(v) {
				continue
			}
			if counts[k] == 0 {
				p.Low, p.High = v, v
			}
			p.Low, p.High = min(p.Low, v), max(p.High, v)
			sums[k], counts[k] = sums[k]+v, counts[k]+1
		}
	}

	for k := range points {
		p := &points[k]
		// The quotient of equal numbers may be off by rounding. Of none it is NaN.
		p.Mean = sums[k] / float64(counts[k])
		if counts[k] > 0 {
			p.Mean = min(max(p.Mean, p.Low), p.High)
		}
	}
	slices.SortFunc(points, func(a, b SeedPoint) int { return a.Step - b.Step })
	return points
}

// SampleBatches returns at most n of the batches: the first, the last, and others evenly
// between. With n = 1 it is the last, and below 1 there is none.
func (h *TrainingHistory) SampleBatches(n int) []*Scatter {
	if n < 1 {
		return nil
	}
	if len(h.Batches) <= n {
		return h.Batches
	}
	if n == 1 {
		return h.Batches[len(h.Batches)-1:]
	}

	sample := make([]*Scatter, n)
	for k := range sample {
		sample[k] = h.Batches[(k*(len(h.Batches)-1)+(n-1)/2)/(n-1)]
	}
	return sample
}
