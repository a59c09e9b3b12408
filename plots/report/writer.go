package report

import (
	"bytes"
	"context"

	"gpwbench/plots/figures"
	"gpwbench/results"
	"gpwbench/results/table"
)

// A Writer writes the page of a results folder into it. It implements experiments.Report.
type Writer struct{}

// Write writes [results.ReportFile] with the runs of a plan, of which the table was made
// from the store. A page that this program made of the same data stays as it is; written
// is false then.
func (Writer) Write(ctx context.Context, store *results.Store, to *results.Derived, plan results.Plan, t *table.Table) (written bool, err error) {
	from, err := madeFrom(store, plan, t)
	if err != nil {
		return false, err
	}
	if to.KeepFigure(from, results.ReportFile) {
		to.DrawnFrom(from, results.ReportFile)
		return false, nil
	}

	f, err := Read(ctx, store, plan, t)
	if err != nil {
		return false, err
	}
	var b bytes.Buffer
	if err := Write(&b, f); err != nil {
		return false, err
	}
	if err := to.Write(results.ReportFile, b.Bytes()); err != nil {
		return false, err
	}
	to.DrawnFrom(from, results.ReportFile)
	return true, nil
}

// madeFrom identifies what the page of a folder is made from: the program, the records
// with the checksums of what their runs kept, the plan, and the table, whose notes say
// what is missing or damaged.
func madeFrom(store *results.Store, plan results.Plan, t *table.Table) (string, error) {
	if store == nil || t == nil {
		return "", errNothingToRead
	}
	records, err := store.CompletedRecords(plan)
	if err != nil {
		return "", err
	}
	var printed bytes.Buffer
	if err := t.Write(&printed, "json"); err != nil {
		return "", err
	}
	return figures.DrawnFrom(records, results.ReportFile, plan, printed.String(), t.Notes), nil
}
