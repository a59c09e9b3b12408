package report

import (
	"bytes"
	"context"

	"gpwbench/results"
	"gpwbench/results/table"
)

// A Writer writes the page of a results folder into it. It implements experiments.Report.
type Writer struct{}

// Write writes [results.ReportFile] with the runs of a plan, of which the table was made
// from the store.
func (Writer) Write(ctx context.Context, store *results.Store, to *results.Derived, plan results.Plan, t *table.Table) error {
	f, err := Read(ctx, store, plan, t)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := Write(&b, f); err != nil {
		return err
	}
	return to.Write(results.ReportFile, b.Bytes())
}
