package datasets

import (
	"slices"
	"testing"
)

// Whatever the labels and the partition, a division of the rows is refused or puts every
// row in exactly one part, the one that the rule names, with training and test classes
// apart.
func FuzzSplit(f *testing.F) {
	f.Add([]byte{0, 0, 1, 1, 2, 2, 3, 3}, []byte{0, 0, 0, 0, 1, 2, 1, 2}, 2)
	f.Add([]byte{7, 7, 7}, []byte{0, 1, 2}, 1)
	f.Add([]byte{}, []byte{}, 0)
	f.Add([]byte{255, 0, 128, 0}, []byte{1, 0, 2, 0, 0}, -1)
	f.Fuzz(func(t *testing.T, classes, parts []byte, trainClasses int) {
		labels, part := make([]int, len(classes)), make([]int, len(parts))
		for i, c := range classes {
			labels[i] = int(c) - 128
		}
		for i, p := range parts {
			part[i] = int(p) - 1 // some are none of 0, 1, 2
		}
		known := Classes(labels)
		if s, err := ByClasses(labels, trainClasses); err == nil {
			checkSplit(t, s, labels)
			for row, l := range labels {
				if first := slices.Index(known, l) < trainClasses; first != slices.Contains(s.Train, row) {
					t.Fatalf("row %d of class %d, the first %d train: %v", row, l, trainClasses, s)
				}
			}
		} else if trainClasses >= 1 && trainClasses < len(known) {
			t.Fatalf("%d training classes of %d: %v", trainClasses, len(known), err)
		}
		if s, err := Half(labels); err == nil {
			checkSplit(t, s, labels)
			if n := len(trainingClasses(s, labels)); n != len(known)/2 {
				t.Fatalf("half of %d classes is %d", len(known), n)
			}
		} else if len(known) > 1 {
			t.Fatalf("half of %d classes: %v", len(known), err)
		}
		if s, err := ByPartition(labels, part); err == nil {
			checkRows(t, s, labels)
			for row, p := range part {
				if !slices.Contains([][]int{s.Train, s.Query, s.Gallery, s.Query}[p], row) || (p == TestPart) != (p != TrainPart && s.GalleryIsQuery) {
					t.Fatalf("row %d of part %d: %v", row, p, s)
				}
			}
		}
	})
}

// checkSplit holds a split by class against what every such split is.
func checkSplit(t *testing.T, s Split, labels []int) {
	t.Helper()
	checkRows(t, s, labels)
	train := trainingClasses(s, labels)
	for _, row := range slices.Concat(s.Query, s.Gallery) {
		if train[labels[row]] {
			t.Fatalf("class %d of test row %d trains: %v", labels[row], row, s)
		}
	}
}

// checkRows checks that a split has each row once.
func checkRows(t *testing.T, s Split, labels []int) {
	t.Helper()
	rows := slices.Concat(s.Train, s.Query)
	if !s.GalleryIsQuery {
		rows = append(rows, s.Gallery...)
	} else if !slices.Equal(s.Gallery, s.Query) {
		t.Fatalf("the gallery is to be the queries: %v", s)
	}
	slices.Sort(rows)
	for row := range labels {
		if row >= len(rows) || rows[row] != row {
			t.Fatalf("%d rows are divided into %v", len(labels), s)
		}
	}
	if len(rows) != len(labels) || len(s.Train) == 0 || len(s.Query) == 0 {
		t.Fatalf("%d rows are divided into %v", len(labels), s)
	}
}

func trainingClasses(s Split, labels []int) map[int]bool {
	train := map[int]bool{}
	for _, row := range s.Train {
		train[labels[row]] = true
	}
	return train
}
