package train

import (
	"fmt"
	"math/rand/v2"
)

// A SamplerConfig says how batches are drawn. m_per_class, the only one, draws Classes of the training classes without replacement
// and PerClass rows of each, anew for every batch, so that a batch has Classes·PerClass rows.
//
// The rows of a class are drawn without replacement if it has PerClass or more. A smaller class is drawn from with replacement, as
// in pytorch-metric-learning: an image can then be in a batch twice, and its copies are positives of similarity 1 to each other.
// A class of one image gives nothing but such copies: trivial positives, and true negatives of the other classes.
//
// A batch is in ascending order of class. Its draws depend on the data set and the seed, never on the loss.
type SamplerConfig struct {
	Name              string // m_per_class
	Classes, PerClass int
}

// A sampler draws batches of rows.
type sampler struct {
	perClass int
	rows     [][]int // of each class, ascending; kept in the order that the last draw left
	order    []int   // the classes, likewise
	drawn    []bool  // the classes of the batch in hand
	n        int     // classes in a batch
	rng      *rand.Rand
}

func newSampler(c SamplerConfig, labels []int, rng *rand.Rand) (*sampler, error) {
	known := classes(labels)
	switch {
	case c.Name != "m_per_class":
		return nil, fmt.Errorf("train: unknown sampler %q: use m_per_class", c.Name)
	case c.Classes < 1:
		return nil, fmt.Errorf("train: sampler.classes is %d: a batch needs at least 1 class, and 2 for negatives", c.Classes)
	case c.PerClass < 2:
		return nil, fmt.Errorf("train: sampler.per_class is %d: a row has a positive only if its class has 2 or more", c.PerClass)
	case c.Classes > len(known):
		return nil, fmt.Errorf("train: sampler wants %d classes, the training split has %d: lower sampler.classes", c.Classes, len(known))
	}
	s := &sampler{perClass: c.PerClass, n: c.Classes, rng: rng, drawn: make([]bool, len(known))}
	place := map[int]int{}
	for k, label := range known {
		place[label] = k
		s.order = append(s.order, k)
	}
	s.rows = make([][]int, len(known))
	for i, label := range labels {
		k := place[label]
		s.rows[k] = append(s.rows[k], i)
	}
	return s, nil
}

// size is the number of rows in a batch.
func (s *sampler) size() int { return s.n * s.perClass }

// draw fills batch, of length size, with the next rows.
func (s *sampler) draw(batch []int) {
	s.choose(s.order, s.n)
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
			s.choose(rows, s.perClass)
			batch = append(batch, rows[:s.perClass]...)
			continue
		}
		for range s.perClass {
			batch = append(batch, rows[s.rng.IntN(len(rows))])
		}
	}
}

// choose moves n values of from, drawn without replacement, to its front: the first n exchanges of a Fisher–Yates shuffle.
func (s *sampler) choose(from []int, n int) {
	for i := range n {
		j := i + s.rng.IntN(len(from)-i)
		from[i], from[j] = from[j], from[i]
	}
}
