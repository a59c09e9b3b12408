package train

import (
	"fmt"
	"math/rand/v2"

	"gpwbench/train/config"
)

// A sampler draws batches of rows. The comments of its types have the details of
// [config.Sampler].
type sampler interface {
	size() int        // rows in a batch
	draw(batch []int) // fills batch, of length size
}

// samplers makes the sampler that a [config.Sampler] names, for training rows of these
// labels.
var samplers = map[string]func(c config.Sampler, labels []int, rng *rand.Rand) (sampler, error){
	config.MPerClass:      newMPerClass,
	config.RandomIdentity: newRandomIdentity,
	config.Uniform:        newUniform,
}

func newSampler(c config.Sampler, labels []int, rng *rand.Rand) (sampler, error) {
	if err := config.Require("sampler", c, "classes", "per_class"); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return samplers[c.Name](c, labels, rng)
}

// rowsByClass returns the rows of every class, ascending, for the samplers that draw
// classes. It is an error if there are fewer classes than a batch has.
func rowsByClass(c config.Sampler, labels []int) ([][]int, error) {
	known := classes(labels)
	if c.Classes > len(known) {
		return nil, fmt.Errorf("train: a batch takes %d classes, the training split has %d: "+
			"lower sampler.classes", c.Classes, len(known))
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
	return rows, nil
}

// choose moves n values of from, drawn without replacement, to its front: the first n
// exchanges of a Fisher–Yates shuffle.
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
