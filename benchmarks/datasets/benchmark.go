package datasets

import (
	"fmt"
	"strings"

	"gpwbench/benchmarks/names"
)

// A Benchmark is a data set of the literature with its class-disjoint split, and the
// counts that its data should have.
type Benchmark struct {
	names.Benchmark

	TrainClasses, Classes int // the first TrainClasses of Classes are for training
	TrainRows, TestRows   int
	QueryRows             int   // the test rows that are queries; 0 where all test rows search each other
	Ks                    []int // the K at which papers report Recall@K
}

// Benchmarks are in the order of the tables in papers.
//
// Counts of SOP and In-Shop and every K: the README and evaluations/recall_at_k.py of
// github.com/bnu-wangxun/Deep_Metric, of the author of the Multi-Similarity paper. Rows
// of CUB and Cars: counted in the data sets' own annotations (image_class_labels.txt;
// cars_train_annos.mat with the classes of the test images), the two official partitions
// taken together.
var Benchmarks = []Benchmark{
	{
		Benchmark:    names.CUB200,
		TrainClasses: 100, Classes: 200, TrainRows: 5864, TestRows: 5924,
		Ks: []int{1, 2, 4, 8, 16, 32},
	},
	{
		Benchmark:    names.Cars196,
		TrainClasses: 98, Classes: 196, TrainRows: 8054, TestRows: 8131,
		Ks: []int{1, 2, 4, 8, 16, 32},
	},
	{
		Benchmark:    names.SOP,
		TrainClasses: 11318, Classes: 11318 + 11316, TrainRows: 59551, TestRows: 60502,
		Ks: []int{1, 10, 100, 1000},
	},
	{
		Benchmark:    names.InShop,
		TrainClasses: 3997, Classes: 3997 + 3985, TrainRows: 25882, TestRows: 14218 + 12612, QueryRows: 14218,
		Ks: []int{1, 10, 20, 30, 40, 50},
	},
}

// Lookup returns the benchmark of that name.
func Lookup(name string) (Benchmark, error) {
	for _, b := range Benchmarks {
		if b.Name == name {
			return b, nil
		}
	}
	return Benchmark{}, fmt.Errorf("datasets: no benchmark %q: use one of %s", name, strings.Join(names.All(), ", "))
}

// Split divides rows with these labels as the benchmark does. A benchmark with a query
// set needs part, as [ByPartition] takes it; otherwise part is nil. Labels with another
// number of classes than the benchmark's are refused. [Benchmark.Difference] reports
// another number of rows.
func (b Benchmark) Split(labels, part []int) (Split, error) {
	if b.QueryRows > 0 && part == nil {
		return Split{}, fmt.Errorf("datasets: %s has separate queries: give a partition of the rows, 0 for train, 1 for query, 2 for gallery", b.Name)
	}
	if b.QueryRows == 0 && part != nil {
		return Split{}, fmt.Errorf("datasets: %s is split by class: leave out the partition", b.Name)
	}
	otherwise := "split by half or by a number of training classes"
	if part != nil {
		otherwise = "leave out the split, and the partition divides alone"
	}
	if n := len(Classes(labels)); n != b.Classes {
		return Split{}, fmt.Errorf("datasets: %s has %d classes, these labels have %d: if they are not %s, %s", b.Name, b.Classes, n, b.Title, otherwise)
	}

	if part == nil {
		return ByClasses(labels, b.TrainClasses)
	}
	s, err := ByPartition(labels, part)
	if err != nil {
		return Split{}, err
	}
	train := make([]int, len(s.Train))
	for i, row := range s.Train {
		train[i] = labels[row]
	}

	leak, n := s.Leak(labels), len(Classes(train))
	switch {
	case s.GalleryIsQuery:
		return Split{}, fmt.Errorf("datasets: %s has queries and a gallery, and the test rows of this partition are both: if it is not %s, %s", b.Name, b.Title, otherwise)
	case leak.Classes > 0:
		return Split{}, fmt.Errorf("datasets: class %d is in training and in the test of this partition (the first of %d), as no class of %s is: if it is not %s, %s", leak.First, leak.Classes, b.Name, b.Title, otherwise)
	case n != b.TrainClasses:
		return Split{}, fmt.Errorf("datasets: %s trains on %d classes, this partition on %d: if it is not %s, %s", b.Name, b.TrainClasses, n, b.Title, otherwise)
	}
	return s, nil
}

// Difference says in one phrase how the rows of s differ from those of the benchmark, so
// that a table does not present a subset as the whole. It is empty if the counts agree.
func (b Benchmark) Difference(s Split) string {
	test := len(s.Query)
	if !s.GalleryIsQuery {
		test += len(s.Gallery)
	}

	var differ []string
	compare := func(what string, have, want int) {
		if have != want {
			differ = append(differ, fmt.Sprintf("%d of %d %s rows", have, want, what))
		}
	}

	compare("training", len(s.Train), b.TrainRows)
	compare("test", test, b.TestRows)
	if b.QueryRows > 0 {
		compare("query", len(s.Query), b.QueryRows)
	}

	return strings.Join(differ, ", ")
}
