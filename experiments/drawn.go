package experiments

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/results"
	"gpwbench/train"
	"gpwbench/train/config"
)

// A drawnCounter counts what the batches of a training hold.
type drawnCounter struct {
	results.Drawn
	labels  []int        // of the training rows
	rows    []bool       // that were in some batch
	classes map[int]bool // likewise
	inStep  map[int]int  // candidates of each class in the current step
}

func newDrawnCounter(labels []int) *drawnCounter {
	return &drawnCounter{labels: labels, rows: make([]bool, len(labels)), classes: map[int]bool{}, inStep: map[int]int{}}
}

func (d *drawnCounter) count(s train.Step) {
	for _, row := range s.Rows {
		if !d.rows[row] {
			d.rows[row] = true
			d.Rows++
		}
		d.classes[d.labels[row]] = true // that of the step may be a mixture's
	}

	d.Classes = len(d.classes)

	clear(d.inStep)
	for _, class := range s.Candidates {
		d.inStep[class]++
	}
	d.Anchors += len(s.Anchors)

	for i, class := range s.Anchors {
		others := d.inStep[class]
		if s.Self != nil && s.Self[i] >= 0 {
			others--
		}
		if others == 0 {
			d.WithoutPositives++
		}
	}
}

// smaller counts the training classes of fewer than n rows.
func (s *loadedDataset) smaller(n int) int {
	few := 0
	for _, have := range counts(s.trainLabels) {
		if have < n {
			few++
		}
	}
	return few
}

// smallNames names a few training classes of fewer than n rows, in the order of their
// labels, where labels are strings: " (such as "wren", "jay")".
func (s *loadedDataset) smallNames(n int) string {
	if s.data == nil || len(s.data.Names) == 0 {
		return ""
	}
	return s.classNames(counts(s.trainLabels), func(rows int) bool { return rows < n })
}

// classNames names at most three of the classes whose number of rows is so.
func (s *loadedDataset) classNames(rows map[int]int, so func(rows int) bool) string {
	var labels []int
	for label, n := range rows {
		if so(n) {
			labels = append(labels, label)
		}
	}
	slices.Sort(labels)

	const few = 3
	var names []string
	for _, label := range labels[:min(len(labels), few)] {
		names = append(names, s.data.ClassName(label))
	}
	text := strings.Join(names, ", ")
	switch {
	case len(labels) == 0:
		return ""
	case len(labels) > few:
		text = "such as " + text
	}
	return " (" + text + ")"
}

// onlyCopies reports whether the sampler finds no positive but copies: every class has
// one row.
func (s *loadedDataset) onlyCopies() bool {
	return s.spec.Sampler.Name != config.Uniform && s.smaller(2) == s.info.TrainClasses
}

// noteCopies says of how many training classes a batch holds copies, and of how many no
// other positives.
func (s *loadedDataset) noteCopies() {
	per, all := s.spec.Sampler.PerClass, s.info.TrainClasses
	few, single := s.smaller(per), s.smaller(2)
	lonely := fmt.Sprintf("%d of %d training classes have one row%s", single, all, s.smallNames(2))
	only := lonely + ": their only positives are copies of it"
	switch {
	// It takes no row twice into a batch.
	case s.spec.Sampler.Name == config.Uniform && single > 0:
		s.remarks = append(s.remarks, lonely+": it never has a positive")
	case s.spec.Sampler.Name == config.Uniform || few == 0:
	case single == few:
		s.remarks = append(s.remarks, only)
	default:
		text := fmt.Sprintf("%d of %d training classes have fewer than %d rows (sampler.per_class)%s, and copies fill them up", few, all, per, s.smallNames(per))
		if single > 0 {
			text += "; " + only
		}
		s.remarks = append(s.remarks, text)
	}
}
