package table

import (
	"fmt"
	"slices"
	"strings"
)

// A Finding is a diagnosis of a row, with the runs it is true of.
type Finding struct {
	Name    string       `json:"name"`
	Finding string       `json:"finding"`
	Try     string       `json:"try"`
	Runs    []FindingRun `json:"runs"` // in the order of the seeds
}

// A FindingRun is one run of a Finding.
type FindingRun struct {
	Seed   uint64 `json:"seed"`
	Extent string `json:"extent"`
}

// findings are the diagnoses of a row's runs, each once, in the order in which they are
// first met.
func (r Row) findings() []Finding {
	var all []Finding
	for _, run := range r.Runs {
		for _, d := range run.Diagnoses {
			k := slices.IndexFunc(all, func(f Finding) bool { return f.Name == d.Name && f.Finding == d.Finding && f.Try == d.Try })
			if k < 0 {
				k = len(all)
				all = append(all, Finding{Name: d.Name, Finding: d.Finding, Try: d.Try})
			}
			all[k].Runs = append(all[k].Runs, FindingRun{run.Seed, d.Extent})
		}
	}
	return all
}

// extent says of how many of n runs a finding is true, and how far; where that differs,
// of the first run.
func (f Finding) extent(n int) string {
	first := f.Runs[0]
	text := fmt.Sprintf("%d of %d runs, %s", len(f.Runs), n, first.Extent)
	if slices.ContainsFunc(f.Runs, func(r FindingRun) bool { return r.Extent != first.Extent }) {
		text += fmt.Sprintf(" in seed %d", first.Seed)
	}
	return text
}

// diagnosisNotes say each finding once, with the rows it is true of.
func diagnosisNotes(blocks []Block) []string {
	var sentences []string
	rows := map[string][]string{}
	for _, b := range blocks {
		for _, r := range b.Rows {
			for _, f := range r.findings() {
				sentence := fmt.Sprintf("%s; try %s", f.Finding, f.Try)
				if rows[sentence] == nil {
					sentences = append(sentences, sentence)
				}
				rows[sentence] = append(rows[sentence], fmt.Sprintf("%s: %s", rowName(blocks, b, r), f.extent(len(r.Runs))))
			}
		}
	}

	var n []string
	for _, s := range sentences {
		n = append(n, s+" ("+strings.Join(rows[s], "; ")+").")
	}
	return n
}
