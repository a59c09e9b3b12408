package datasets

import (
	"fmt"
	"math"
	"strings"

	"gpwbench/matrix"
)

// StandInVersion is part of the name of a stand-in that is called as its benchmark. It is
// raised whenever the rows of such a stand-in change. Another version that leaves the
// first as it is has a name of its own, such as inshop_v2.
const StandInVersion = 1

// standInDim is the number of features of a stand-in. It is small enough that nine losses
// train on two of them in seconds.
const standInDim = 128

// StandIn generates a data set in place of a benchmark (cub, cars, sop, inshop, or
// inshop_v2) whose images are not available. Its features, N×128 and ≥ 0, imitate those
// of a frozen network, from a generative model that STANDINS.md describes. How losses
// rank on it says nothing about how they rank on the images.
//
// scale, in (0, 1], is the fraction of the benchmark's training classes and of its test
// classes, rounded and at least 2. They have the rows of as many classes of the
// benchmark, inshop_v2 about as many; at scale 1 a stand-in has all its classes and rows.
// Labels are 0, 1, …, the training classes first, and rows are in their order. Every
// class has at least 2 rows, except for training classes of inshop_v2, whose sizes are
// those of the benchmark; a test class of In-Shop has a query and a gallery row among
// them (see [StandInPartition]). A smaller scale has fewer classes of the same model: a
// class has the same rows at every scale, but not the same number of them.
//
// The same arguments give the same rows for any number of cores and on any processor.
// Values are rounded to multiples of 1/1024, about the precision of the float16 in which
// features are stored, and much coarser than the differences between processors.
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
// does: 0 for train, 1 for query, 2 for gallery, as [ByPartition] takes it. It is nil for
// a benchmark that is split by class, which is every one but In-Shop.
func StandInPartition(benchmark string, scale float64, seed uint64) ([]int, error) {
	s, err := findStandIn(benchmark, scale)
	if err != nil || s.of.QueryRows == 0 {
		return nil, err
	}

	sizes := s.sizes(scale, seed)
	if s.counted != nil {
		return halvedPartition(sizes), nil
	}
	var part []int
	for _, n := range sizes[0] {
		part = append(part, make([]int, n)...)
	}

	// The first row of a class is a query and the second belongs to the gallery. The
	// remaining queries are drawn from the other rows with equal probability.
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

func (s *standIn) name() string {
	if s.counted != nil { // the version is in its name
		return "synthetic_" + s.short
	}
	return fmt.Sprintf("synthetic_%s_v%d", s.short, StandInVersion)
}

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
		classes := scaled(of.classes, scale)
		r := s.stream(seed, "sizes", half)
		if s.counted != nil {
			sizes[half] = s.counted.draw(half, classes, r)
			continue
		}
		sizes[half] = s.rows.draw(classes, proportion(of.rows, classes, of.classes), r)
	}
	return sizes
}

// scaled is a share of the classes, rounded and at least 2.
func scaled(classes int, scale float64) int { return max(2, int(math.Round(scale*float64(classes)))) }

// StandInTrainClasses is the number of training classes of the stand-in of b at a scale,
// for [ByClasses].
func StandInTrainClasses(b Benchmark, scale float64) int { return scaled(b.TrainClasses, scale) }

// proportion is rows·classes/of, rounded.
func proportion(rows, classes, of int) int { return (2*rows*classes + of) / (2 * of) }

// classSizes has the least and the largest number of rows of a class, and the weight of
// Pólya's urn, which draws the sizes between them. Every class starts with the least.
// Each further row goes to a class with a probability proportional to weight plus the
// rows it was given, unless it has the most. With a small weight sizes differ much, with
// a large one little.
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
