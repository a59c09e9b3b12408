package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gpwbench/results"
)

// held is a run that chose a number of steps of 0, 20 and 40.
func held(r results.Record, steps float64) results.Record {
	v := &results.Validation{Metric: "map_at_r", Folds: 2, Chosen: results.ChoseSteps, Value: steps}
	for _, value := range []float64{0, 20, 40} {
		mean := 0.25
		if value == steps {
			mean = 0.5
		}
		v.Points = append(v.Points, results.ValidationPoint{Value: value, Mean: mean, Folds: []float64{mean, mean}})
	}
	r.Protocol, r.ProtocolNote, r.Validation, r.Steps = "holdout", "chosen", v, int(steps)
	return r
}

// What was chosen, and what paper claims beyond it, stands below the table, in JSON and
// in CSV.
func TestChoiceNotes(t *testing.T) {
	var records []results.Record
	for seed, steps := range []float64{20, 0} {
		records = append(records, held(run("cub", "A", "contrastive", uint64(seed), 0.5), steps), held(run("cub", "B", "contrastive", uint64(seed), 0.5), 40-steps))
		paper := run("cub", "A", "contrastive", uint64(seed), 0.5+0.02*float64(1+seed))
		paper.Protocol, paper.Metrics[results.Optimism] = "paper", 0.01
		records = append(records, paper)
	}
	table := Summarize(records, nil, nil)
	for _, want := range []string{
		"Steps chosen on the held-out classes, by seed: A 20, 0; B 20, 40.",
		"The last number of steps was best on the held-out classes in some run, so that more may be better (B).",
		"Where 0 steps were chosen, no step of the training was better on the held-out classes than none: the run is the untrained head.",
		"Points of R@1, MAP@R that protocol paper claims beyond the choice on held-out classes, seed by seed, in this order: A 3.0 ± 1.4, 1.5 ± 0.7.",
	} {
		if !slices.Contains(table.Notes, want) {
			t.Errorf("no note %q in\n%s", want, strings.Join(table.Notes, "\n"))
		}
	}

	var csv, json bytes.Buffer
	if err := table.Write(&csv, "csv"); err != nil {
		t.Fatal(err)
	}
	if err := table.Write(&json, "json"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(csv.String(), `"steps 20, 0"`) || !strings.Contains(json.String(), `"chosen": "steps"`) {
		t.Errorf("the choice is not in\n%s%s", csv.String(), json.String())
	}
}

// A paper row that looks at other steps than the row by holdout is told, and no other.
func TestUnlikeGrids(t *testing.T) {
	of := func(everyHeld, everyPaper int) string {
		h, p := held(run("cub", "A", "contrastive", 0, 0.5), 20), run("cub", "A", "contrastive", 0, 0.6)
		p.Protocol, p.Metrics[results.Optimism] = "paper", 0.01
		h.Settings = fmt.Appendf(nil, `{"training": {"protocol": {"name": "holdout", "every": %d}}}`, everyHeld)
		p.Settings = fmt.Appendf(nil, `{"training": {"protocol": {"name": "paper", "every": %d}}}`, everyPaper)
		return strings.Join(Summarize([]results.Record{h, p}, nil, nil).Notes, "\n")
	}
	if notes := of(5, 10); !strings.Contains(notes, "is not of the protocol alone: A every 10 by paper and every 5 by holdout. ") {
		t.Errorf("the notes lack the grids:\n%s", notes)
	}
	if notes := of(5, 5); strings.Contains(notes, "unlike grids") {
		t.Errorf("of one grid:\n%s", notes)
	}
}
