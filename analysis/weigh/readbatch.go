package weigh

import (
	"fmt"

	"gpwbench/benchmarks/datasets"
	"gpwbench/gpw"
	"gpwbench/losses"
)

// MostRows is the largest batch that [ReadBatch] reads: all its similarities are in
// memory, 8 bytes a pair.
const MostRows = 4096

// ReadBatch reads a batch from two files, or from one that has both, in the formats of
// [datasets.Load]: embeddings of N×D floats, one row a sample, which need not be
// normalised, and the class of each row, N integers or strings. The error names the file
// that is missing, damaged, of another length or longer than [MostRows], or the row that
// [gpw.Batch] refuses.
func ReadBatch(embeddings, labels string) (*losses.Batch, error) {
	n, d, x, y, err := datasets.LoadRows(embeddings, labels, MostRows)
	if err != nil {
		return nil, err
	}
	b, err := gpw.Batch(x, n, d, y)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", embeddings, err)
	}
	return b, nil
}
