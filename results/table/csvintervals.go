package table

import (
	"slices"
	"strings"

	"gpwbench/results"
)

// intervalColumns are columns of the CSV of a table: the intervals over classes where it
// is printed with them, and why a row has no interval, where that is said of any.
type intervalColumns struct {
	header  []string
	metrics []string // that have intervals over classes
	why     bool
}

func (t *Table) intervalColumns() intervalColumns {
	var c intervalColumns
	for _, b := range t.Blocks {
		for k := range b.Rows {
			for m := range b.overClasses(k) {
				if !slices.Contains(c.metrics, m) {
					c.metrics = append(c.metrics, m)
				}
			}
			c.why = c.why || b.whyNoInterval(k) != ""
		}
	}

	slices.SortFunc(c.metrics, results.CompareMetrics)
	for _, m := range c.metrics {
		c.header = append(c.header, m+"_classes_low", m+"_classes_high")
	}
	if c.why {
		c.header = append(c.header, "why")
	}
	return c
}

// cells are those of a row.
func (c intervalColumns) cells(b Block, row int) []string {
	var line []string
	for _, m := range c.metrics {
		e := b.overClasses(row)[m]
		line = append(line, shortestOf(e.Low), shortestOf(e.High))
	}
	if c.why {
		line = append(line, b.whyNoInterval(row))
	}
	return line
}

// whyNoInterval says why a row has no intervals over seeds, or over classes where the
// table is printed with them: the metrics, and a reason for them.
func (b Block) whyNoInterval(row int) string {
	var all []string
	for _, of := range []struct {
		kind Interval
		over string
	}{{T, "seeds"}, {Bootstrap, "classes"}} {
		for _, w := range b.withoutInterval(row, of.kind) {
			all = append(all, strings.Join(w.keys, ", ")+" over "+of.over+": "+w.why)
		}
	}
	return strings.Join(all, "; ")
}
