package report

import (
	"fmt"
	"strconv"

	"gpwbench/results/compare"
)

// A rankData is the average rank of the rows over the data sets in a metric, the best
// first.
type rankData struct {
	Rows  []int    `json:"rows"`  // places in the rows of the folder
	Ranks []number `json:"ranks"` // 1 is the best on every data set
	Texts []string `json:"texts"`

	// Difference is Nemenyi's critical one: ranks that are closer are not told apart. It
	// is null where it is not known.
	Difference number   `json:"difference"`
	Notes      []string `json:"notes"`
}

// addRanks ranks the rows over the data sets, in every metric in which rows are compared.
func (f *Folder) addRanks() {
	f.data.Ranks = map[string]*rankData{}
	for _, m := range f.data.Metrics {
		if !compare.PerQuery(m.Key) {
			continue
		}
		ranking := compare.Rank(f.table.Sets(), m.Key)
		if ranking == nil {
			continue
		}
		d := &rankData{Difference: optional(ranking.CriticalDifference), Notes: ranking.Notes()}
		for k, name := range ranking.Rows {
			d.Rows, d.Ranks = append(d.Rows, f.row(name)), append(d.Ranks, number(ranking.Ranks[k]))
			d.Texts = append(d.Texts, fmt.Sprintf("average rank %s of %d", strconv.FormatFloat(ranking.Ranks[k], 'f', 2, 64), len(ranking.Rows)))
		}
		f.data.Ranks[m.Key] = d
	}
}
