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
	known, rows := groupRows(labels)
	if c.Classes > len(known) {
		return nil, fmt.Errorf("train: a batch takes %d classes, the training split has %d: "+
			"lower sampler.classes", c.Classes, len(known))
	}

	return rows, nil
}

// groupRows returns the classes, ascending, and the rows of each, ascending.
func groupRows(labels []int) (known []int, rows [][]int) {
	known = classes(labels)
	place := map[int]int{}
	for k, label := range known {
		place[label] = k
	}

	rows = make([][]int, len(known))
	for i, label := range labels {
		k := place[label]
		rows[k] = append(rows[k], i)
	}
	return known, rows
}

// drawRows appends n of the rows of a class: distinct ones where it has as many, and else
// drawn with replacement. It changes the order of rows.
func drawRows(rng *rand.Rand, batch, rows []int, n int) []int {
	if len(rows) >= n {
		choose(rng, rows, n)
		return append(batch, rows[:n]...)
	}
	for range n {
		batch = append(batch, rows[rng.IntN(len(rows))])
	}
	return batch
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
