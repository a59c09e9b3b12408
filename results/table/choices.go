package table

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// chosenNames say what a validation chose, in the plural.
var chosenNames = map[string]string{
	results.ChoseSteps: "Steps", results.ChoseDim: "Dimensions", results.ChoseShrink: "Shrinkages",
}

// choiceNotes say what was chosen on held-out classes: rows whose runs all chose the same
// together, the others by their seeds.
func choiceNotes(blocks []Block) []string {
	var alike, last groupedNotes
	var n []string
	none := false
	for _, chosen := range []string{results.ChoseSteps, results.ChoseDim, results.ChoseShrink} {
		var unlike []string
		for _, b := range blocks {
			for _, r := range b.Rows {
				v := r.Runs[0].Validation
				if v == nil || v.Chosen != chosen {
					continue
				}

				name, values := rowName(blocks, b, r), r.chosenValues()
				if len(slices.Compact(slices.Clone(values))) == 1 {
					alike.add(fmt.Sprintf("%s chosen on the held-out classes by every run: %s", chosenNames[chosen], values[0]), name)
				} else {
					unlike = append(unlike, name+" "+strings.Join(values, ", "))
				}
				if r.choseLast() {
					last.add("The last number of steps was best on the held-out classes in some run, so that more may be better", name)
				}
				none = none || slices.ContainsFunc(r.Runs, func(run results.Record) bool { return chosen == results.ChoseSteps && run.Steps == 0 })
			}
		}
		if len(unlike) > 0 {
			n = append(n, fmt.Sprintf("%s chosen on the held-out classes, by seed: %s.", chosenNames[chosen], strings.Join(unlike, "; ")))
		}
	}

	n = slices.Concat(alike.named(), n, last.named())
	if none {
		n = append(n, "Where 0 steps were chosen, no step of the training was better on the held-out classes than none: the run is the untrained head.")
	}
	return n
}

// choseLast reports whether a run of the row chose the largest number of steps there was.
func (r Row) choseLast() bool {
	for _, run := range r.Runs {
		if v := run.Validation; v != nil && v.Chosen == results.ChoseSteps && v.Value == v.Points[len(v.Points)-1].Value {
			return true
		}
	}
	return false
}

// chosenValues are what was chosen in the row's runs; of a run that chose nothing, "–".
func (r Row) chosenValues() []string {
	var values []string
	for _, run := range r.Runs {
		if run.Validation == nil {
			values = append(values, "–")
			continue
		}
		values = append(values, strconv.FormatFloat(run.Validation.Value, 'g', -1, 64))
	}
	return values
}

// chosenCell is what a CSV says of the row's choices: "steps 40, 60"; "" for none.
func (r Row) chosenCell() string {
	v := r.Runs[0].Validation
	if v == nil {
		return ""
	}
	return v.Chosen + " " + strings.Join(r.chosenValues(), ", ")
}

// choosesAnything reports whether a run of the table chose on held-out classes.
func (t *Table) choosesAnything() bool {
	for _, b := range t.Blocks {
		for _, r := range b.Rows {
			if r.chosenCell() != "" {
				return true
			}
		}
	}
	return false
}

// claimNotes say by how much a row that chose on the test classes is above the row of the
// same loss that chose on held-out ones, in each metric that is printed.
func claimNotes(blocks []Block) []string {
	var metrics []string
	for _, b := range blocks {
		metrics = append(metrics, b.printedMetrics()...)
	}
	slices.SortFunc(metrics, results.CompareMetrics)

	metrics = slices.Compact(metrics)
	rows := claimedRows(blocks, metrics)
	if len(rows) == 0 {
		return nil
	}

	var titles []string
	for _, m := range metrics {
		titles = append(titles, metricTitle(m))
	}
	order := ""
	if len(titles) > 1 {
		order = ", in this order"
	}
	return []string{"Points of " + strings.Join(titles, ", ") + " that protocol paper claims beyond the choice on held-out classes, seed by seed" + order + ": " + strings.Join(rows, "; ") + "."}
}

// gridNotes say of which losses the choice on the test classes and that on held-out ones
// are of unlike numbers of steps, so that what paper claims is not of the protocol alone.
func gridNotes(blocks []Block) []string {
	var rows []string
	for _, b := range blocks {
		for _, paper := range b.Rows {
			if _, chose := paper.Metrics[results.Optimism]; !chose {
				continue
			}
			for _, held := range b.Rows {
				if held.Label != paper.Label || held.Head != paper.Head || sweptKey(held.Swept) != sweptKey(paper.Swept) || held.Runs[0].Validation == nil {
					continue
				}
				if p, h := every(paper), every(held); p > 0 && h > 0 && p != h {
					rows = append(rows, fmt.Sprintf("%s every %v by paper and every %v by %s", rowName(blocks, b, paper), p, h, held.Protocol))
				}
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return []string{"The number of steps was chosen from unlike grids, so that what paper claims is not of the protocol alone: " + strings.Join(rows, "; ") +
		". The same every in both protocols, as in protocol: {name: paper, every: 20}, makes them alike."}
}

// every is the number of steps between two evaluations of a row, 0 where its settings
// have none.
func every(r Row) float64 {
	s, err := r.Runs[0].ReadSettings()
	if err != nil || s.Training == nil {
		return 0
	}
	n, _ := s.Training.Protocol["every"].(float64)
	return n
}

// claimedRows are the rows that chose on the test classes, with what they claim in the
// metrics, "–" where a metric has no seed in common.
func claimedRows(blocks []Block, metrics []string) []string {
	var rows []string
	for _, b := range blocks {
		for _, paper := range b.Rows {
			if _, chose := paper.Metrics[results.Optimism]; !chose {
				continue
			}
			for _, held := range b.Rows {
				if held.Label != paper.Label || held.Head != paper.Head || sweptKey(held.Swept) != sweptKey(paper.Swept) || held.Runs[0].Validation == nil {
					continue
				}
				figures, any := make([]string, len(metrics)), false
				for k, m := range metrics {
					figures[k] = "–"
					if d := differences(paper, held, m); len(d) > 0 {
						figures[k], any = inUnits(m, stats.Describe(d)), true
					}
				}
				if any {
					rows = append(rows, rowName(blocks, b, paper)+" "+strings.Join(figures, ", "))
				}
			}
		}
	}
	return rows
}

// differences are those of a metric between the runs of two rows that share a seed.
func differences(a, b Row, metric string) []float64 {
	var d []float64
	for _, x := range a.Runs {
		for _, y := range b.Runs {
			if x.Seed != y.Seed {
				continue
			}
			of, ok1 := x.Metrics[metric]
			less, ok2 := y.Metrics[metric]
			if ok1 && ok2 {
				d = append(d, of-less)
			}
		}
	}
	return d
}
