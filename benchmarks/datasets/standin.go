package datasets

import (
	"fmt"
	"math"
	"strings"

	"gpwbench/matrix"
)

// StandInVersion is raised whenever the rows of a stand-in change, and stands in its
// name.
const StandInVersion = 1

// standInDim is the number of features of a stand-in: few enough that nine losses train
// on two of them in seconds.
const standInDim = 128

// StandIn generates a data set that stands in for a benchmark (cub, cars, sop or inshop)
// where its images cannot be had: features such as a frozen network gives,
// N×[standInDim] and ≥ 0, from a generative model that STANDINS.md describes. How losses
// rank on it says nothing about how they rank on the images.
//
// scale, in (0, 1], is the fraction of the benchmark's classes: of the training and of
// the test classes each, rounded, at least 2. They have the rows of as many classes of
// the benchmark, and at scale 1 all its classes and rows. Labels are 0, 1, …, the
// training classes first, and rows are in their order. Every class has at least 2 rows,
// those of In-Shop's test a query and a gallery row among them (see [StandInPartition]).
// A smaller scale has fewer classes of the same model: a class has the same rows at
// every scale, but not the same number of them.
//
// The same arguments give the same rows for any number of cores and on any processor:
// values are rounded to multiples of 1/1024, about the precision of the float16 in which
// features are kept, far coarser than what processors differ by.
func StandIn(benchmark string, scale float64, seed uint64) (*Dataset, error) {
	s, err := findStandIn(benchmark, scale)
	if err != nil {
		return nil, err
	}

	sizes := s.sizes(scale, seed)
	rows := 0
	for _, half := range sizes {
		for _, n := range half {
			rows += n
		}
	}

	x, labels := matrix.New(rows, standInDim), make([]int, rows)
	s.generate(x, labels, sizes, seed)
	d, err := NewDataset(s.name(), fmt.Sprintf("synthetic stand-in %s, scale %v, seed %d", s.name(), scale, seed), x, labels)
	if err != nil {
		return nil, err
	}

	d.Synthetic = true
	return d, nil
}

// StandInPartition divides the rows of StandIn(benchmark, scale, seed) as the benchmark
// has them divided: 0 for train, 1 for query, 2 for gallery, as [ByPartition] takes it.
// It is nil for a benchmark that is split by class, which is every one but In-Shop.
func StandInPartition(benchmark string, scale float64, seed uint64) ([]int, error) {
	s, err := findStandIn(benchmark, scale)
	if err != nil || s.of.QueryRows == 0 {
		return nil, err
	}

	sizes := s.sizes(scale, seed)
	var part []int
	for _, n := range sizes[0] {
		part = append(part, make([]int, n)...)
	}

	// The first row of a class is a query and the second belongs to the gallery; of the
	// others, each is one of the queries that are still wanted with the same
	// probability.
	const query, gallery = 1, 2
	queries, others := proportion(s.of.QueryRows, len(sizes[1]), s.of.Classes-s.of.TrainClasses)-len(sizes[1]), 0

	for _, n := range sizes[1] {
		others += n - 2
	}
	r := s.stream(seed, "queries", 0)

	for _, n := range sizes[1] {
		part = append(part, query, gallery)
		for range n - 2 {
			if r.below(others) < queries {
				part = append(part, query)
				queries--
			} else {
				part = append(part, gallery)
			}

			others--
		}
	}

	return part, nil
}

func (s *standIn) name() string { return fmt.Sprintf("synthetic_%s_v%d", s.short, StandInVersion) }

func findStandIn(benchmark string, scale float64) (*standIn, error) {
	names := make([]string, len(standIns))
	for i, s := range standIns {
		if names[i] = s.short; s.short != benchmark {
			continue
		}
		if !(scale > 0 && scale <= 1) {
			return nil, fmt.Errorf("datasets: a stand-in at scale %v: take a fraction of the benchmark's classes above 0 and up to 1, such as 0.2", scale)
		}

		var err error
		s.of, err = Lookup(s.benchmark)
		return &s, err
	}

	return nil, fmt.Errorf("datasets: no stand-in for %q: use one of %s", benchmark, strings.Join(names, ", "))
}

// sizes returns the number of rows of each training class, and of each test class.
func (s *standIn) sizes(scale float64, seed uint64) [2][]int {
	var sizes [2][]int
	for half, of := range [2]struct{ classes, rows int }{
		{s.of.TrainClasses, s.of.TrainRows},
		{s.of.Classes - s.of.TrainClasses, s.of.TestRows},
	} {
		classes := max(2, int(math.Round(scale*float64(of.classes))))
		rows := proportion(of.rows, classes, of.classes)
		sizes[half] = s.rows.draw(classes, rows, s.stream(seed, "sizes", half))
	}
	return sizes
}

// proportion is rows·classes/of, rounded.
func proportion(rows, classes, of int) int { return (2*rows*classes + of) / (2 * of) }

// classSizes says how many rows classes have: at least, at most, and by Pólya's urn
// between. Every class starts with the least. Each further row goes to a class with a
// probability proportional to weight plus the rows it was given, unless it has the most:
// a small weight makes classes of very different size, a large one of nearly the same.
type classSizes struct{ least, most, weight int }

// draw divides rows among classes; rows must be between classes·least and classes·most.
func (c classSizes) draw(classes, rows int, r *stream) []int {
	if rows < classes*c.least || rows > classes*c.most {
		panic(fmt.Sprintf("datasets: %d rows cannot be %d classes of %d to %d", rows, classes, c.least, c.most))
	}
	sizes := make([]int, classes)

	for i := range sizes {
		sizes[i] = c.least
	}

	var given []int // the class of every further row
	for left := rows - classes*c.least; left > 0; {
		class := r.below(classes*c.weight + len(given))
		if class < classes*c.weight {
			class /= c.weight
		} else {
			class = given[class-classes*c.weight]
		}
		if sizes[class] == c.most {
			continue
		}

		sizes[class]++
		given = append(given, class)
		left--
	}

	return sizes
}
