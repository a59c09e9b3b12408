package datasets

import "gpwbench/internal/arrays"

// The parts of a partition, as the codes that an array of it has.
const (
	TrainPart   = arrays.TrainPart
	QueryPart   = arrays.QueryPart
	GalleryPart = arrays.GalleryPart
	TestPart    = arrays.TestPart // query and gallery at once: these rows search each other
)

// PartNames are the words for the parts, by their codes.
var PartNames = arrays.PartNames

// LoadPartition reads which part each row of a data set is of: 0 train, 1 query, 2
// gallery, 3 test. The file is of any format of [Load] and has N integers, or N of the
// words of [PartNames], in capitals too; validation, valid and val are the test. Anything
// else is an error that names its row, counted from 0. The error of a missing file
// satisfies errors.Is(err, fs.ErrNotExist).
func LoadPartition(path string) ([]int, error) { return arrays.ReadParts(path) }

// A Leak is how many classes are in training and in the test, where retrieval says less
// of classes that are new.
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
