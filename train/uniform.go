package train

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// uniform draws in epochs from all rows alike, whatever their class, as a shuffled loader does: a row appears once at most in an epoch,
// and all appear but the last ones, fewer than a batch, that are left when it ends. It is what the other samplers are measured against: with
// many classes most anchors have no positive.
type uniform struct {
	labels []int
	order  []int // of the rows in this epoch
	next   int   // order[next:] has not appeared
	n      int
	rng    *rand.Rand
}

func newUniform(c SamplerConfig, labels []int, rng *rand.Rand) (*uniform, error) {
	n := c.Classes * c.PerClass
	switch {
	case c.Classes < 1 || c.PerClass < 1 || n < 2:
		return nil, fmt.Errorf("train: sampler uniform has batches of sampler.classes·sampler.per_class rows, and %d·%d is not 2 or more", c.Classes, c.PerClass)
	case n > len(labels):
		return nil, fmt.Errorf("train: sampler wants %d·%d rows, the training split has %d: lower sampler.classes", c.Classes, c.PerClass, len(labels))
	}
	return &uniform{labels: labels, order: sequence(len(labels)), next: len(labels), n: n, rng: rng}, nil
}

func (s *uniform) size() int { return s.n }

func (s *uniform) draw(batch []int) {
	if len(s.order)-s.next < s.n {
		choose(s.rng, s.order, len(s.order))
		s.next = 0
	}
	copy(batch, s.order[s.next:])
	s.next += s.n
	slices.SortFunc(batch, func(a, b int) int { return cmp.Or(cmp.Compare(s.labels[a], s.labels[b]), cmp.Compare(a, b)) })
}
