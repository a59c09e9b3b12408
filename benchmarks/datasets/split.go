package datasets

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// A Split divides the rows of a data set into training rows and test rows. The classes of
// the test do not train, unless a partition says otherwise.
type Split struct {
	Train, Query, Gallery []int // rows, ascending
	// GalleryIsQuery says that the test rows search each other, each leaving out itself.
	GalleryIsQuery bool
}

// A SharedClassError is a class that is in training and in the test, where no class of
// the benchmark is.
type SharedClassError struct {
	Class     int // its label, the lowest
	Classes   int // such classes
	Benchmark string
	otherwise string // what to do
}

func (e *SharedClassError) Error() string { return e.Named(strconv.Itoa(e.Class)) }

// Named is the error with another name for the class, see [Dataset.ClassName].
func (e *SharedClassError) Named(class string) string {
	others := ""
	if e.Classes > 1 {
		others = fmt.Sprintf(" (the first of %d)", e.Classes)
	}
	return fmt.Sprintf("datasets: class %s is in training and in the test of this partition%s, as no class of %s is: %s", class, others, e.Benchmark, e.otherwise)
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
		return Split{}, fmt.Errorf("datasets: classes in the labels: %d, and a split into training and test classes needs two", len(classes))
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
// gallery. Rows of part 3 are queries and gallery at once: they search each other, and no
// row may be 1 or 2 beside them. A class may be both in training and in the test; Leak
// counts such classes.
func ByPartition(labels, part []int) (Split, error) {
	s, err := divide(labels, part)
	if err == nil && len(s.Train) == 0 {
		err = errors.New("datasets: the partition has no training rows: it needs some, 0 or train")
	}
	return s, err
}

// divide divides rows as a partition says, which may be without training rows.
func divide(labels, part []int) (Split, error) {
	if len(labels) != len(part) {
		return Split{}, fmt.Errorf("datasets: %d labels, but a partition of %d rows: they must agree", len(labels), len(part))
	}
	var s Split
	var test []int
	for row, p := range part {
		switch p {
		case TrainPart:
			s.Train = append(s.Train, row)
		case QueryPart:
			s.Query = append(s.Query, row)
		case GalleryPart:
			s.Gallery = append(s.Gallery, row)
		case TestPart:
			test = append(test, row)
		default:
			return Split{}, fmt.Errorf("datasets: partition row %d is %d: use 0 for train, 1 for query, 2 for gallery, 3 for test rows that search each other", row, p)
		}
	}

	switch queries, gallery := len(s.Query), len(s.Gallery); {
	case len(test) > 0 && queries+gallery > 0:
		return Split{}, fmt.Errorf("datasets: the partition has %d test rows beside %d query and %d gallery rows: test rows are both at once, so use either the one or the other", len(test), queries, gallery)
	case len(test) > 0:
		s.Query, s.Gallery, s.GalleryIsQuery = test, test, true
	case queries == 0 || gallery == 0:
		return Split{}, fmt.Errorf("datasets: the partition has %d training, %d query and %d gallery rows: it needs queries and a gallery, or test rows that search each other, 3 or test", len(s.Train), queries, gallery)
	}
	return s, nil
}
