package table

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gpwbench/results"
)

// elsewhereNotes name the rows whose embeddings another program made, and say what is not
// known of them.
func elsewhereNotes(blocks []Block) []string {
	var rows groupedNotes // by dimensions
	trained, seeds := false, false
	var seedless []string
	for _, b := range blocks {
		for _, r := range b.Rows {
			switch r.Kind {
			case results.KindElsewhere:
				rows.add(elsewhereDims(r.Head), rowName(blocks, b, r))
				seeds = seeds || len(r.Runs) > 1
				if r.seedless() {
					seedless = append(seedless, rowName(blocks, b, r))
				}
			case results.KindLoss:
				trained = true
			}
		}
	}
	if len(rows.texts) == 0 {
		return nil
	}

	var groups []string
	for _, dims := range rows.texts {
		groups = append(groups, strings.Join(rows.rows[dims], ", ")+" ("+dims+")")
	}
	n := []string{"Trained elsewhere, evaluated here: " + strings.Join(groups, "; ") + "."}
	unknown := "How they were trained, and whether anything was chosen on the test classes, is not known here"
	if trained {
		unknown += ": the recipe is not that of the rows trained here, and a difference from these is not one between losses alone"
	}
	n = append(n, unknown+".")
	if seeds {
		n = append(n, "n of a row trained elsewhere is its number of files, which stand for its seeds.")
	}
	if len(seedless) > 0 {
		n = append(n, "One file of embeddings without a seed, n = 1, which is compared with every seed of another row: "+strings.Join(seedless, ", ")+".")
	}
	return n
}

var elsewhereHead = regexp.MustCompile(`([0-9]+)-d$`)

// elsewhereDims reads the dimensions of embeddings from the caption of their head.
func elsewhereDims(head string) string {
	if m := elsewhereHead.FindStringSubmatch(head); m != nil {
		return m[1] + " dimensions"
	}
	return head
}

// seedless reports whether the row is one file of embeddings without a seed.
func (r Row) seedless() bool {
	return r.Kind == results.KindElsewhere && len(r.Runs) == 1 && r.Runs[0].Seedless
}

// A rowColumn is a column of the CSV with one word of each row.
type rowColumn struct {
	name string
	of   func(r Row) string
}

// elsewhereColumns are those that a CSV has where some row was trained elsewhere.
func (t *Table) elsewhereColumns() []rowColumn {
	var columns []rowColumn
	if t.anyElsewhere() {
		columns = append(columns, rowColumn{"kind", func(r Row) string { return r.Kind }})
	}
	if t.any(Row.seedless) {
		columns = append(columns, rowColumn{"seedless", func(r Row) string { return strconv.FormatBool(r.seedless()) }})
	}
	return columns
}

// anyElsewhere reports whether a row of the table was trained elsewhere.
func (t *Table) anyElsewhere() bool {
	return t.any(func(r Row) bool { return r.Kind == results.KindElsewhere })
}

// any reports whether some row of the table is so.
func (t *Table) any(is func(r Row) bool) bool {
	return slices.ContainsFunc(t.Blocks, func(b Block) bool { return slices.ContainsFunc(b.Rows, is) })
}

// contents says how many rows and classes a data set has. Of labels alone there are no
// training rows, or they are of no use here. Test rows that are not queries are the
// gallery; of 0 queries no run is known.
func contents(d results.DatasetInfo, queries int) string {
	parts := ""
	if queries > 0 && queries < d.TestRows {
		parts = fmt.Sprintf(" (%s queries, %s of the gallery)", thousands(queries), thousands(d.TestRows-queries))
	}
	test := fmt.Sprintf("%s test rows%s of %s", thousands(d.TestRows), parts, classes(d.TestClasses))
	if d.Dim == 0 {
		return test
	}
	return fmt.Sprintf("%s training rows of %s, %s, %s dimensions", thousands(d.TrainRows), classes(d.TrainClasses), test, thousands(d.Dim))
}

func classes(n int) string {
	if n == 1 {
		return "1 class"
	}
	return thousands(n) + " classes"
}
