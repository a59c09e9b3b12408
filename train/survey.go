package train

import (
	"slices"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// A survey tells a losses.EpochObserver loss how the whole training set is embedded: before the first step, and once an epoch, every so many steps as it
// takes to draw that many rows. It embeds the rows in blocks, so its memory is that of the classes' means.
type survey struct {
	loss    losses.EpochObserver
	every   int // steps
	classes losses.ClassMeans
	place   []int         // of each row's class
	block   matrix.Matrix // the rows in hand
}

// surveyBlock is the most rows that are embedded at once.
const surveyBlock = 1024

// newSurvey returns nil for a loss that asks for none.
func newSurvey(loss losses.Loss, labels []int, m, dim int) *survey {
	surveyed, ok := loss.(losses.EpochObserver)
	if !ok {
		return nil
	}
	s := &survey{loss: surveyed, every: (len(labels) + m - 1) / m, block: matrix.New(min(surveyBlock, len(labels)), dim)}
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

// take embeds all training rows by the weights as they are.
func (s *survey) take(t *Trainer) error {
	for _, mean := range s.classes.Means {
		clear(mean)
	}
	lengths := make([]float64, s.block.Rows)
	for from := 0; from < len(s.place); from += s.block.Rows {
		to := min(from+s.block.Rows, len(s.place))
		e, lengths := s.block.Slice(0, to-from), lengths[:to-from]
		embed(e, t.features.Slice(from, to), t.w, lengths)
		for i, length := range lengths {
			if err := t.checkLength(from+i, length); err != nil {
				return err
			}
			mean := s.classes.Means[s.place[from+i]]
			for k, v := range e.Row(i) {
				mean[k] += float64(v)
			}
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
