package train

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"gpwbench/train/config"
)

// uniform draws in epochs from all rows alike, of any class, as a shuffled loader does. A
// row appears at most once in an epoch, and all appear except the last ones, fewer than a
// batch. It is the reference for the other samplers: with many classes most anchors have
// no positive.
type uniform struct {
	labels []int
	n      int   // rows in a batch
	order  []int // of the rows in this epoch
	next   int   // order[next:] has not appeared
	rng    *rand.Rand
}

func newUniform(c config.Sampler, labels []int, rng *rand.Rand) (sampler, error) {
	n := c.Classes * c.PerClass
	if n > len(labels) {
		return nil, fmt.Errorf("train: a batch takes %d·%d rows, the training split has %d: "+
			"lower sampler.classes", c.Classes, c.PerClass, len(labels))
	}

	return &uniform{
		labels: labels, n: n, order: sequence(len(labels)), next: len(labels), rng: rng,
	}, nil
}

func (s *uniform) size() int { return s.n }

func (s *uniform) draw(batch []int) {
	if len(s.order)-s.next < s.n {
		choose(s.rng, s.order, len(s.order))
		s.next = 0
	}

	copy(batch, s.order[s.next:])
	s.next += s.n
	slices.SortFunc(batch, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.labels[a], s.labels[b]), cmp.Compare(a, b))
	})
}
