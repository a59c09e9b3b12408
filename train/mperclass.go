package train

import (
	"math/rand/v2"

	"gpwbench/train/config"
)

// mPerClass draws the classes of a batch and perClass rows of each, anew for every batch.
// A class of perClass rows or more gives distinct rows. A smaller one is drawn from with
// replacement, as in pytorch-metric-learning. Batches are independent: a row may be in
// two successive ones, or in none for long.
type mPerClass struct {
	n, perClass int     // classes in a batch, and rows of each
	rows        [][]int // of each class, in the order that the last draw left
	order       []int   // the classes, likewise
	drawn       []bool  // the classes of the present batch
	rng         *rand.Rand
}

func newMPerClass(c config.Sampler, labels []int, rng *rand.Rand) (sampler, error) {
	rows, err := rowsByClass(c, labels)
	if err != nil {
		return nil, err
	}

	return &mPerClass{
		n:        c.Classes,
		perClass: c.PerClass,
		rows:     rows,
		order:    sequence(len(rows)),
		drawn:    make([]bool, len(rows)),
		rng:      rng,
	}, nil
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
		if drawn {
			batch = drawRows(s.rng, batch, s.rows[class], s.perClass)
		}
	}
}
