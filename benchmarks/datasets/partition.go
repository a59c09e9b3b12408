package datasets

import (
	"fmt"
	"slices"
	"strings"
)

// The parts of a partition, as the codes that an array of it has.
const (
	TrainPart = iota
	QueryPart
	GalleryPart
	TestPart // query and gallery at once: these rows search each other
)

// PartNames are the words for the parts, by their codes.
var PartNames = []string{"train", "query", "gallery", "test"}

// ParsePart returns the part that a word names.
func ParsePart(word string) (int, error) {
	part := slices.Index(PartNames, word)
	if part < 0 {
		return 0, fmt.Errorf("datasets: no part %.40q of a partition: use one of %s", word, strings.Join(PartNames, ", "))
	}
	return part, nil
}

// A Leak is how many classes are in training and in the test, where retrieval says less of
// classes that are new.
type Leak struct {
	Classes, TestClasses int // in both; in the test
	First                int // the lowest label that is in both
}

// Leak returns the classes that train and are searched too. Splits by class have none.
func (s Split) Leak(labels []int) Leak {
	train, test := map[int]bool{}, map[int]bool{}
	for _, row := range s.Train {
		train[labels[row]] = true
	}
	var l Leak
	for _, row := range s.Test() {
		class := labels[row]
		if test[class] {
			continue
		}
		test[class] = true
		if train[class] {
			if l.Classes == 0 || class < l.First {
				l.First = class
			}
			l.Classes++
		}
	}
	l.TestClasses = len(test)
	return l
}
