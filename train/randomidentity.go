package train

import (
	"math/rand/v2"
	"slices"

	"gpwbench/train/config"
)

// randomIdentity draws in epochs, as RandomIdentitySampler of the reference code of the
// Multi-Similarity loss does (msight-tech/research-ms-loss). At the start of an epoch the
// rows of every class are shuffled and cut into chunks of perClass. A batch is the next
// chunk of n classes, drawn from those that have chunks left. When fewer than n have any,
// the epoch ends. So within an epoch
//
//   - a row of a class of perClass rows or more appears once at most;
//   - a class of fewer rows has one chunk: all its rows, filled up with copies drawn with
//     replacement;
//   - all but at most n−1 classes are used up: all their chunks have appeared.
//
// Two kinds of rows are dropped: those that fill no chunk, at most perClass−1 of a class
// and others in each epoch, and the remaining chunks of those last n−1 classes or fewer,
// possibly all of their chunks.
type randomIdentity struct {
	n, perClass int     // classes in a batch, and rows of each
	rows        [][]int // of each class, in the order of the epoch
	used        []int   // chunks of each class that have appeared
	open        []int   // classes with chunks left
	rng         *rand.Rand
}

func newRandomIdentity(c config.Sampler, labels []int, rng *rand.Rand) (sampler, error) {
	rows, err := rowsByClass(c, labels)
	if err != nil {
		return nil, err
	}

	return &randomIdentity{
		n:        c.Classes,
		perClass: c.PerClass,
		rows:     rows,
		used:     make([]int, len(rows)),
		rng:      rng,
	}, nil
}

func (s *randomIdentity) size() int { return s.n * s.perClass }

func (s *randomIdentity) draw(batch []int) {
	if len(s.open) < s.n {
		s.begin()
	}

	choose(s.rng, s.open, s.n)
	chosen := s.open[:s.n]
	slices.Sort(chosen)

	batch = batch[:0]
	for _, class := range chosen {
		rows := s.rows[class]
		from := s.used[class] * s.perClass
		batch = append(batch, rows[from:min(from+s.perClass, len(rows))]...)
		for range s.perClass - len(rows) {
			batch = append(batch, rows[s.rng.IntN(len(rows))])
		}
		s.used[class]++
	}

	s.open = slices.DeleteFunc(s.open, func(class int) bool {
		return s.used[class] == s.chunks(class)
	})
}

// chunks returns the number of chunks of the class in an epoch.
func (s *randomIdentity) chunks(class int) int { return max(1, len(s.rows[class])/s.perClass) }

// begin begins an epoch. Its order depends on that of the last one, and so on all earlier
// draws.
func (s *randomIdentity) begin() {
	clear(s.used)
	s.open = s.open[:0]
	for class, rows := range s.rows {
		choose(s.rng, rows, len(rows))
		s.open = append(s.open, class)
	}
}
