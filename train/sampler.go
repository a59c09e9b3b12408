package train

import (
	"fmt"
	"math/rand/v2"
)

// A SamplerConfig says how batches of Classes·PerClass rows are drawn. What a batch holds, and what is promised over many:
//
//	m_per_class      PerClass rows of each of Classes classes, drawn anew for every batch: nothing is promised over several
//	random_identity  the same in epochs: before a row of a class of PerClass or more is drawn again, an epoch ends
//	uniform          any rows, in epochs; anchors may lack positives
//
// The types of the samplers say it in full. Draws are without replacement, except that m_per_class and random_identity fill up a class
// of fewer than PerClass rows with copies: an image can then be in a batch twice, and its copies are positives of similarity 1 to each
// other. A class of one image gives nothing but such copies: trivial positives, and true negatives of the other classes.
//
// A batch is in ascending order of class. Its draws depend on the data set and the seed, never on the loss.
type SamplerConfig struct {
	Name              string // m_per_class, random_identity, uniform
	Classes, PerClass int
}

// A sampler draws batches of rows.
type sampler interface {
	size() int        // rows in a batch
	draw(batch []int) // fills batch, of length size
}

func newSampler(c SamplerConfig, labels []int, rng *rand.Rand) (sampler, error) {
	known := classes(labels)
	switch c.Name {
	case "m_per_class", "random_identity":
	case "uniform":
		return newUniform(c, labels, rng)
	default:
		return nil, fmt.Errorf("train: unknown sampler %q: use m_per_class, random_identity or uniform", c.Name)
	}
	switch {
	case c.Classes < 1:
		return nil, fmt.Errorf("train: sampler.classes is %d: a batch needs at least 1 class, and 2 for negatives", c.Classes)
	case c.PerClass < 2:
		return nil, fmt.Errorf("train: sampler.per_class is %d: a row has a positive only if its class has 2 or more", c.PerClass)
	case c.Classes > len(known):
		return nil, fmt.Errorf("train: sampler wants %d classes, the training split has %d: lower sampler.classes", c.Classes, len(known))
	}
	place := map[int]int{}
	for k, label := range known {
		place[label] = k
	}
	rows := make([][]int, len(known))
	for i, label := range labels {
		k := place[label]
		rows[k] = append(rows[k], i)
	}
	if c.Name == "m_per_class" {
		return newMPerClass(c, rows, rng), nil
	}
	return newRandomIdentity(c, rows, rng), nil
}

// choose moves n values of from, drawn without replacement, to its front: the first n exchanges of a Fisher–Yates shuffle.
func choose(rng *rand.Rand, from []int, n int) {
	for i := range n {
		j := i + rng.IntN(len(from)-i)
		from[i], from[j] = from[j], from[i]
	}
}

// sequence returns 0, 1, …, n−1.
func sequence(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}
