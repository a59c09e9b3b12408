package experiments

import (
	"fmt"

	"gpwbench/benchmarks/datasets"
	"gpwbench/experiments/spec"
)

// splitLabels divides a data set of labels alone. Nothing is trained on it, and so
// training rows are those that the embeddings do not hold.
func splitLabels(d *spec.Dataset, labels, partition []int) (datasets.Split, error) {
	switch d.Split.Name {
	case spec.All:
		return datasets.AllTest(labels), nil
	case spec.Partitioned:
		return datasets.PartitionTest(labels, partition)
	}
	return splitByName(d.Split, labels, partition)
}

// testRows are the rows of the data set that embeddings are of, ascending.
func (s *loadedDataset) testRows() []int { return s.split.Test() }

// describeTest says in a few words which rows the embeddings of a data set are of.
func (s *loadedDataset) describeTest() string {
	test := fmt.Sprintf("%d test rows", len(s.testRows()))
	if !s.split.GalleryIsQuery {
		test += fmt.Sprintf(" (%d queries, %d of the gallery)", len(s.split.Query), len(s.split.Gallery))
	}
	return test
}
