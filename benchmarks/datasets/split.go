package datasets

import (
	"fmt"
	"slices"
	"strconv"
)

// A Split divides the rows of a data set into training rows and test rows of other
// classes.
type Split struct {
	Train, Query, Gallery []int // rows, ascending
	// GalleryIsQuery says that the test rows search each other, each leaving out itself.
	GalleryIsQuery bool
}

// A SharedClassError is a class that is in training and in the test.
type SharedClassError struct {
	Class int // its label
	Row   int // the first test row of it
}

func (e *SharedClassError) Error() string { return e.Named(strconv.Itoa(e.Class)) }

// Named is the error with another name for the class, see [Dataset.ClassName].
func (e *SharedClassError) Named(class string) string {
	return fmt.Sprintf("datasets: class %s of test row %d is a training class too: training and test classes must differ", class, e.Row)
}

// Classes returns the distinct labels, ascending.
func Classes(labels []int) []int {
	c := slices.Clone(labels)
	slices.Sort(c)
	return slices.Compact(c)
}

// ByClasses assigns the first trainClasses classes, by ascending label, to training and
// the others to the test.
func ByClasses(labels []int, trainClasses int) (Split, error) {
	classes := Classes(labels)
	switch {
	case len(classes) < 2:
		return Split{}, fmt.Errorf("datasets: the labels have %d classes: a split into training and test classes needs two", len(classes))
	case trainClasses < 1:
		return Split{}, fmt.Errorf("datasets: %d training classes: take 1 to %d of the %d", trainClasses, len(classes)-1, len(classes))
	case trainClasses >= len(classes):
		return Split{}, fmt.Errorf("datasets: %d training classes of %d leave none for the test: take at most %d", trainClasses, len(classes), len(classes)-1)
	}

	s := Split{GalleryIsQuery: true}
	for row, l := range labels {
		if l < classes[trainClasses] {
			s.Train = append(s.Train, row)
		} else {
			s.Query = append(s.Query, row)
		}
	}

	s.Gallery = s.Query
	return s, nil
}

// Half is ByClasses with half of the classes for training. Of an odd number, the test has
// the larger half.
func Half(labels []int) (Split, error) {
	return ByClasses(labels, max(1, len(Classes(labels))/2))
}

// ByPartition assigns the rows whose part is 0 to training, 1 to the queries and 2 to the
// gallery. A class may not be both in training and in the test.
func ByPartition(labels, part []int) (Split, error) {
	s, err := divide(labels, part)
	if err != nil {
		return Split{}, err
	}
	if len(s.Train) == 0 || len(s.Query) == 0 || len(s.Gallery) == 0 {
		return Split{}, fmt.Errorf("datasets: the partition has %d training, %d query and %d gallery rows: it needs some of each", len(s.Train), len(s.Query), len(s.Gallery))
	}
	return s, nil
}

// divide divides rows as a partition says, some of whose parts may be empty.
func divide(labels, part []int) (Split, error) {
	if len(labels) != len(part) {
		return Split{}, fmt.Errorf("datasets: %d labels, but a partition of %d rows: they must agree", len(labels), len(part))
	}
	var s Split
	train := map[int]bool{}

	for row, p := range part {
		switch p {
		case 0:
			s.Train = append(s.Train, row)
			train[labels[row]] = true
		case 1:
			s.Query = append(s.Query, row)
		case 2:
			s.Gallery = append(s.Gallery, row)
		default:
			return Split{}, fmt.Errorf("datasets: partition row %d is %d: use 0 for train, 1 for query, 2 for gallery", row, p)
		}
	}

	for row, p := range part {
		if p != 0 && train[labels[row]] {
			return Split{}, &SharedClassError{Class: labels[row], Row: row}
		}
	}

	return s, nil
}
