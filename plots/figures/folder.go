package figures

import (
	"context"

	"gpwbench/results"
)

// Folder draws the figures of a results folder. It implements experiments.Figures.
type Folder struct {
	// Progress, if it is not nil, is told after each figure how many of those to draw are
	// done. Calls do not overlap.
	Progress func(done, total int)
}

// Names is [Names].
func (Folder) Names(records []results.Record) []string { return Names(records) }

// Draw is [Figures].
func (f Folder) Draw(ctx context.Context, store *results.Store, to *results.Derived, records []results.Record) (int, error) {
	return Figures(ctx, store, to, records, f.Progress)
}
