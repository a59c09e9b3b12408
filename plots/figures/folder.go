package figures

import (
	"context"

	"gpwbench/results"
)

// Folder draws the figures of a results folder. It implements experiments.Figures.
type Folder struct{}

// Names is [Names].
func (Folder) Names(records []results.Record) []string { return Names(records) }

// Draw is [Figures].
func (Folder) Draw(ctx context.Context, store *results.Store, to *results.Derived, records []results.Record) (int, error) {
	return Figures(ctx, store, to, records)
}
