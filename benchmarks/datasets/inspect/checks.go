package inspect

import "gpwbench/internal/output"

// A Check looks for one thing that may be wrong, in a subject or between two.
type Check struct {
	Name string
	One  func(*Subject) []Finding           // of each subject; may be nil
	Two  func(before, s *Subject) []Finding // of each two, in their order; may be nil
}

// Checks are all checks, in the order of a report.
var Checks = []Check{
	{Name: "label_count", One: labelCount},
	{Name: "not_finite", One: notFinite},
	{Name: "zero_rows", One: zeroRows},
	{Name: "beyond_float32", One: beyondFloat32},
	{Name: "float_labels", One: floatLabels},
	{Name: "one_class", One: oneClass},
	{Name: "published_counts", One: published},
	{Name: "known_set", One: knownSet},
	{Name: "closed_set", One: closedPartition, Two: closedFiles},
	{Name: "leak", One: leakInPartition, Two: leakBetweenFiles},
	{Name: "lonely_queries", One: lonelyQueries, Two: lonelyFiles},
	{Name: "out_of_step", One: shiftedLabels},
	{Name: "unrelated_labels", One: unrelatedLabels},
	{Name: "conflicting_copies", One: conflictingCopies},
	{Name: "copies", One: plainCopies},
	{Name: "mixed_labels", One: mixedLabels, Two: mixedFiles},
	{Name: "single_rows", One: singleRows},
	{Name: "label_numbers", One: labelNumbers},
	{Name: "constant_columns", One: constantColumns},
	{Name: "normalised", One: normalised},
	{Name: "columns", Two: differentColumns},
}

func rows(n int) string { return output.Count(n, "row", "rows") }
