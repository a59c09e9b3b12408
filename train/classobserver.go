package train

import (
	"slices"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// A classObserver gives a losses.EpochObserver loss the means of the training classes
// before the first step and once an epoch. An epoch is the number of steps that draw as
// many rows as there are. It embeds the rows in blocks, so its memory is that of the
// means.
type classObserver struct {
	loss    losses.EpochObserver
	every   int // an epoch, in steps
	classes losses.ClassMeans
	place   []int         // of each row's class
	block   matrix.Matrix // embeddings of a block of rows
	lengths []float64     // lengths of these
}

// observerBlock is the largest number of rows that are embedded at once.
const observerBlock = 1024

// newClassObserver returns nil for a loss that observes no epochs.
func newClassObserver(loss losses.Loss, labels []int, m, dim int) *classObserver {
	observing, ok := loss.(losses.EpochObserver)
	if !ok {
		return nil
	}

	rows := min(observerBlock, len(labels))
	s := &classObserver{
		loss:    observing,
		every:   (len(labels) + m - 1) / m,
		block:   matrix.New(rows, dim),
		lengths: make([]float64, rows),
	}

	s.classes.Labels = classes(labels)
	s.classes.Sizes = make([]int, len(s.classes.Labels))
	for range s.classes.Labels {
		s.classes.Means = append(s.classes.Means, make([]float64, dim))
	}

	for _, label := range labels {
		k, _ := slices.BinarySearch(s.classes.Labels, label)
		s.place = append(s.place, k)
		s.classes.Sizes[k]++
	}
	return s
}

// embedAll embeds all training rows with the weights of t, and gives the loss the means
// of the classes.
func (s *classObserver) embedAll(t *Trainer) error {
	for _, mean := range s.classes.Means {
		clear(mean)
	}

	for from := 0; from < len(s.place); from += s.block.Rows {
		if err := s.addBlock(t, from); err != nil {
			return err
		}
	}

	for c, mean := range s.classes.Means {
		for k := range mean {
			mean[k] /= float64(s.classes.Sizes[c])
		}
	}

	s.loss.ObserveClasses(s.classes)
	return nil
}

// addBlock adds the embeddings of the block of training rows at from to the sums of their
// classes.
func (s *classObserver) addBlock(t *Trainer, from int) error {
	n := min(s.block.Rows, len(s.place)-from)
	e := s.block.Slice(0, n)
	outputs(e, t.features.Slice(from, from+n), t.w)
	if err := normalizeRows(e, s.lengths[:n]); err != nil {
		return t.explain(err, sequence(len(s.place))[from:])
	}

	for i := range n {
		mean := s.classes.Means[s.place[from+i]]
		for k, v := range e.Row(i) {
			mean[k] += float64(v)
		}
	}
	return nil
}
