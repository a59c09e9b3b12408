package train

import "math/rand/v2"

// mPerClass draws the classes of a batch, and then perClass rows of each, all anew for every batch. A class of perClass rows or more
// gives distinct ones, a smaller one is drawn from with replacement, as in pytorch-metric-learning. Nothing holds over several batches:
// a row may be in two that follow each other, or in none for long.
type mPerClass struct {
	perClass int
	rows     [][]int // of each class, ascending; kept in the order that the last draw left
	order    []int   // the classes, likewise
	drawn    []bool  // the classes of the batch in hand
	n        int     // classes in a batch
	rng      *rand.Rand
}

func newMPerClass(c SamplerConfig, rows [][]int, rng *rand.Rand) *mPerClass {
	return &mPerClass{perClass: c.PerClass, n: c.Classes, rows: rows, order: sequence(len(rows)), drawn: make([]bool, len(rows)), rng: rng}
}

func (s *mPerClass) size() int { return s.n * s.perClass }

func (s *mPerClass) draw(batch []int) {
	choose(s.rng, s.order, s.n)
	clear(s.drawn)
	for _, class := range s.order[:s.n] {
		s.drawn[class] = true
	}
	batch = batch[:0]
	for class, drawn := range s.drawn {
		if !drawn {
			continue
		}
		rows := s.rows[class]
		if len(rows) >= s.perClass {
			choose(s.rng, rows, s.perClass)
			batch = append(batch, rows[:s.perClass]...)
			continue
		}
		for range s.perClass {
			batch = append(batch, rows[s.rng.IntN(len(rows))])
		}
	}
}
