package experiments

import (
	"fmt"
	"math"
	"slices"

	"gpwbench/experiments/spec"
	"gpwbench/matrix"
	"gpwbench/train"
	"gpwbench/train/config"
)

// Directions say what of the features has no direction, so that no cosine similarity can
// be taken of it.
type directions struct {
	alike bool   // all training rows are equal before they are centred, up to rounding
	steps string // the preprocessing

	// Rows of zeros after the preprocessing: how many of the training rows and of the
	// test rows, and the first of each in the order of the data set.
	train, test           int
	firstTrain, firstTest int
}

// findDirections preprocesses the rows part by part, and keeps none of them.
func (s *loadedDataset) findDirections() (directions, error) {
	steps := s.spec.Preprocess
	if s.spec.LabelsOnly() {
		return directions{}, nil
	}
	centred := slices.Index(steps, config.Center)
	l2 := slices.Index(steps, config.L2)
	d := directions{steps: preprocessCaption(steps), alike: allAlike(s.data.X, s.split.Train, l2 >= 0 && (centred < 0 || l2 < centred))}
	if centred < 0 {
		return d, nil // no other step makes zeros of a row
	}

	p, err := train.FitPreprocessRows(steps, s.data.X, s.split.Train)
	if err != nil {
		return d, fmt.Errorf("%s: %w", s.spec.Name, err)
	}
	if d.train, d.firstTrain, err = zeroRows(p, s.data.X, s.split.Train, 0, 0); err != nil {
		return d, fmt.Errorf("%s: %w", s.spec.Name, err)
	}
	d.test, d.firstTest, err = zeroRows(p, s.data.X, s.split.Query, 0, 0)
	if err == nil && !s.split.GalleryIsQuery {
		d.test, d.firstTest, err = zeroRows(p, s.data.X, s.split.Gallery, d.test, d.firstTest)
	}
	if err != nil {
		return d, fmt.Errorf("%s: %w", s.spec.Name, err)
	}
	return d, nil
}

// zeroRows adds the rows of x with these numbers that are all zeros after the
// preprocessing to a count, and finds the first.
func zeroRows(p *train.Preprocess, x matrix.Matrix, rows []int, n, first int) (count, at int, err error) {
	err = p.Each(x, rows, func(place int, row []float32) {
		if slices.ContainsFunc(row, func(v float32) bool { return v != 0 }) {
			return
		}
		if n == 0 || rows[place] < first {
			first = rows[place]
		}
		n++
	})
	return n, first, err
}

// allAlike reports whether all rows with these numbers are equal or, where their length
// is of no account, have one direction, up to the rounding of float32.
func allAlike(x matrix.Matrix, rows []int, direction bool) bool {
	const rounding = 0x1p-20
	if len(rows) == 0 {
		return false
	}
	first := x.Row(rows[0])
	length := norm(first)
	for _, i := range rows[1:] {
		row, scale := x.Row(i), 1.0
		if direction {
			scale = length / norm(row)
		}
		for k, v := range row {
			if math.Abs(scale*float64(v)-float64(first[k])) > rounding*length {
				return false
			}
		}
	}
	return true
}

func norm(row []float32) float64 {
	sum := 0.0
	for _, v := range row {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

// directions refuses rows that have no direction where a run would need one.
func (f *fitting) directions() {
	src := f.source
	d, trains := src.directions, len(f.spec.Losses) > 0
	preprocessed := trains || slices.ContainsFunc(f.spec.Baselines, func(b spec.Baseline) bool { return b.Name != spec.Raw })
	if !preprocessed || src.spec.LabelsOnly() {
		return
	}

	at, name := f.path("preprocess"), src.spec.Name
	centred := slices.Contains(src.spec.Preprocess, config.Center)
	switch {
	case d.alike && centred && trains:
		f.refuse(at, "all %d training rows of %s are equal, so that %s leaves nothing of them; they say nothing of their images: extract the features again, or take others",
			src.info.TrainRows, name, d.steps)
	case d.train > 0 && trains:
		f.refuse(at, "%s: %s is all zeros after preprocess %s, and has no direction; remove it from features and labels, or leave %s out of preprocess",
			name, matrix.RowName(d.firstTrain, d.train, "training rows"), d.steps, config.Center)
	case d.test > 0:
		f.refuse(at, "%s: %s is all zeros after preprocess %s, and has no direction; remove it from features and labels, or leave %s out of preprocess",
			name, matrix.RowName(d.firstTest, d.test, "test rows"), d.steps, config.Center)
	}
}
