package analysis

import (
	"fmt"

	"gpwbench/gpw"
	"gpwbench/internal/npy"
	"gpwbench/losses"
)

// MostRows is the largest batch that [ReadBatch] reads: all its similarities are in
// memory, 8 bytes a pair.
const MostRows = 4096

// ReadBatch reads a batch from two NumPy files: embeddings of N×D floats, one row a
// sample, which need not be normalised, and labels of N integers, the class of each row.
// The error names the file that is missing, damaged, of another length or longer than
// [MostRows], or the row that [gpw.Batch] refuses.
func ReadBatch(embeddings, labels string) (*losses.Batch, error) {
	y, err := npy.ReadInts(labels)
	if err != nil {
		return nil, err
	}
	n, d, x, err := npy.ReadFloat64s(embeddings)
	if err != nil {
		return nil, err
	}

	if n != len(y) {
		return nil, fmt.Errorf("%s has %d rows, %s %d labels: they must agree", embeddings, n, labels, len(y))
	}
	if n > MostRows {
		return nil, fmt.Errorf("%s has %d rows; one batch has at most %d: take a part", embeddings, n, MostRows)
	}
	b, err := gpw.Batch(x, n, d, y)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", embeddings, err)
	}
	return b, nil
}
