package datasets

import (
	"reflect"
	"slices"
	"testing"
)

func TestByClasses(t *testing.T) {
	labels := []int{30, 10, 20, 10, 40, 30} // classes 10, 20, 30, 40
	for n, want := range map[int]Split{
		1: {Train: []int{1, 3}, Query: []int{0, 2, 4, 5}},
		2: {Train: []int{1, 2, 3}, Query: []int{0, 4, 5}},
		3: {Train: []int{0, 1, 2, 3, 5}, Query: []int{4}},
	} {
		want.Gallery, want.GalleryIsQuery = want.Query, true
		got, err := ByClasses(labels, n)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%d training classes: %+v, %v; want %+v", n, got, err, want)
		}
		if n == 2 {
			half, err := Half(labels)
			if err != nil || !reflect.DeepEqual(half, want) {
				t.Errorf("half: %+v, %v; want %+v", half, err, want)
			}
		}
	}
	odd, err := Half([]int{1, 2, 3})
	if err != nil || !slices.Equal(odd.Train, []int{0}) {
		t.Errorf("half of 3 classes: %+v, %v; want one for training", odd, err)
	}
}

func TestSplitRefusals(t *testing.T) {
	byClasses := func(n int, labels ...int) error { _, err := ByClasses(labels, n); return err }
	half := func(labels ...int) error { _, err := Half(labels); return err }
	byPartition := func(labels, part []int) error { _, err := ByPartition(labels, part); return err }
	for want, err := range map[string]error{
		"datasets: classes in the labels: 0, and a split into training and test classes needs two":                                                           byClasses(1),
		"datasets: classes in the labels: 1, and a split into training and test classes needs two":                                                           half(5, 5),
		"datasets: 0 training classes: take 1 to 2 of the 3":                                                                                                 byClasses(0, 1, 2, 3),
		"datasets: 3 training classes of 3 leave none for the test: take at most 2":                                                                          byClasses(3, 1, 2, 3),
		"datasets: 9 training classes of 3 leave none for the test: take at most 2":                                                                          byClasses(9, 1, 2, 3),
		"datasets: 2 labels, but a partition of 1 rows: they must agree":                                                                                     byPartition([]int{1, 2}, []int{0}),
		"datasets: partition row 1 is 4: use 0 for train, 1 for query, 2 for gallery, 3 for test rows that search each other":                                byPartition([]int{1, 2}, []int{0, 4}),
		"datasets: the partition has 1 training, 1 query and 0 gallery rows: it needs queries and a gallery, or test rows that search each other, 3 or test": byPartition([]int{1, 2}, []int{0, 1}),
		"datasets: the partition has 1 test rows beside 0 query and 1 gallery rows: test rows are both at once, so use either the one or the other":          byPartition([]int{1, 2, 2}, []int{0, 2, 3}),
		"datasets: the partition has no training rows: it needs some, 0 or train":                                                                            byPartition([]int{1, 2, 2}, []int{3, 3, 3}),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestByPartition(t *testing.T) {
	got, err := ByPartition([]int{5, 9, 5, 9, 8}, []int{0, 2, 0, 1, 1})
	want := Split{Train: []int{0, 2}, Query: []int{3, 4}, Gallery: []int{1}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if alone := withoutPositives(got, []int{5, 9, 5, 9, 8}); !slices.Equal(alone, []int{4}) {
		t.Errorf("alone %v, want row 4", alone)
	}
}

func TestWithoutPositives(t *testing.T) {
	labels := []int{1, 2, 2, 3, 4, 4}
	s, err := ByClasses(labels, 1)
	if err != nil {
		t.Fatal(err)
	}
	if alone := withoutPositives(s, labels); !slices.Equal(alone, []int{3}) {
		t.Errorf("alone %v, want row 3", alone)
	}
}

// made returns labels of a benchmark's class counts, two rows of each class, and a
// partition with both sides of each test class.
func made(b Benchmark) (labels, part []int) {
	for c := range b.Classes {
		labels = append(labels, c, c)
		if c < b.TrainClasses {
			part = append(part, 0, 0)
		} else {
			part = append(part, 1, 2)
		}
	}
	return labels, part
}

func TestBenchmarkSplit(t *testing.T) {
	for _, b := range Benchmarks {
		found, err := Lookup(b.Name)
		if err != nil || !reflect.DeepEqual(found, b) {
			t.Errorf("Lookup(%q) = %+v, %v", b.Name, found, err)
		}
		labels, part := made(b)
		if b.QueryRows == 0 {
			part = nil
		}
		s, err := b.Split(labels, part)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(s.Train) != 2*b.TrainClasses || s.GalleryIsQuery != (b.QueryRows == 0) {
			t.Errorf("%s: %d training rows, gallery is query: %v", b.Name, len(s.Train), s.GalleryIsQuery)
		}
	}
}

func TestBenchmarkRefusals(t *testing.T) {
	cub, inshop := Benchmarks[0], Benchmarks[3]
	split := func(b Benchmark, labels, part []int) error { _, err := b.Split(labels, part); return err }
	_, unknown := Lookup("cub")
	labels, part := made(inshop)
	fewer := slices.Clone(part)
	for i := range fewer[:2] {
		fewer[i] = 1 + i
	}
	both, leaking := slices.Clone(part), slices.Clone(part)
	for i, p := range part {
		if p != TrainPart {
			both[i] = TestPart
		}
	}
	leaking[2*inshop.TrainClasses] = TrainPart // one of the two rows of the first test class
	for want, err := range map[string]error{
		`datasets: no benchmark "cub": use one of cub200, cars196, sop, inshop`:                                                                                                                         unknown,
		"datasets: cub200 has 200 classes, these labels have 2: if they are not CUB-200-2011, split by half or by a number of training classes":                                                         split(cub, []int{1, 2}, nil),
		"datasets: cub200 is split by class: leave out the partition":                                                                                                                                   split(cub, []int{1}, []int{0}),
		"datasets: inshop has separate queries: give a partition of the rows, 0 for train, 1 for query, 2 for gallery":                                                                                  split(inshop, labels, nil),
		"datasets: inshop trains on 3997 classes, this partition on 3996: if it is not In-Shop Clothes Retrieval, leave out the split, and the partition divides alone":                                 split(inshop, labels, fewer),
		"datasets: inshop has 7982 classes, these labels have 2: if they are not In-Shop Clothes Retrieval, leave out the split, and the partition divides alone":                                       split(inshop, []int{1, 2}, []int{0, 3}),
		"datasets: inshop has queries and a gallery, and the test rows of this partition are both: if it is not In-Shop Clothes Retrieval, leave out the split, and the partition divides alone":        split(inshop, labels, both),
		"datasets: class 3997 is in training and in the test of this partition, as no class of inshop is: if it is not In-Shop Clothes Retrieval, leave out the split, and the partition divides alone": split(inshop, labels, leaking),
		"datasets: 15964 labels, but a partition of 1 rows: they must agree":                                                                                                                            split(inshop, labels, []int{0}),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestDifference(t *testing.T) {
	rows := func(n int) []int { return make([]int, n) }
	cars, inshop := Benchmarks[1], Benchmarks[3]
	whole := Split{Train: rows(8054), Query: rows(8131), GalleryIsQuery: true}
	if d := cars.Difference(whole); d != "" {
		t.Errorf("all of Cars-196 differs: %s", d)
	}
	part := Split{Train: rows(4052), Query: rows(4092), GalleryIsQuery: true}
	if got, want := cars.Difference(part), "4052 of 8054 training rows, 4092 of 8131 test rows"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := inshop.Difference(Split{Train: rows(25882), Query: rows(12612), Gallery: rows(14218)}), "12612 of 14218 query rows"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// withoutPositives returns the query rows that have no positive in the gallery.
func withoutPositives(s Split, labels []int) []int {
	size := map[int]int{}
	for _, row := range s.Gallery {
		size[labels[row]]++
	}

	self := 0
	if s.GalleryIsQuery {
		self = 1
	}

	var alone []int
	for _, row := range s.Query {
		if size[labels[row]] == self {
			alone = append(alone, row)
		}
	}

	return alone
}

// Test rows of a partition search each other. A class may be in training too, and is
// counted.
func TestPartitionOfTestRows(t *testing.T) {
	labels := []int{5, 9, 5, 9, 8, 5}
	s, err := ByPartition(labels, []int{0, 3, 3, 3, 3, 0})
	if err != nil || !s.GalleryIsQuery || !slices.Equal(s.Train, []int{0, 5}) || !slices.Equal(s.Query, []int{1, 2, 3, 4}) {
		t.Errorf("%+v, error %v", s, err)
	}
	if got := s.Leak(labels); got != (Leak{Classes: 1, TestClasses: 3, First: 5}) {
		t.Errorf("the leak is %+v", got)
	}

	s, err = ByPartition(labels, []int{0, 0, 1, 2, 2, 2})
	if err != nil || s.Leak(labels) != (Leak{Classes: 2, TestClasses: 3, First: 5}) {
		t.Errorf("the leak is %+v, error %v", s.Leak(labels), err)
	}
	s, err = Half(labels)
	if err != nil || s.Leak(labels) != (Leak{TestClasses: 2}) {
		t.Errorf("a split by class leaks %+v, error %v", s.Leak(labels), err)
	}
}
