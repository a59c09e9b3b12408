package table

import (
	"bytes"
	"strings"
	"testing"

	"gpwbench/results"
)

// tunedRow is a row of trials with these scores; one below 0 failed.
func tunedRow(label string, scores ...float64) results.TunedRow {
	r := results.TunedRow{Label: label, Searched: []results.SearchRange{{Path: "optimizer.lr", Low: 1e-5, High: 1e-2, Log: true, Default: 1e-3}}}
	for k, score := range scores {
		trial := results.TunedTrial{Values: []float64{1e-3 * float64(k+1)}, Start: new(float64), Score: &score, Steps: 10 * k}
		if score < 0 {
			trial.Start, trial.Score, trial.Failed = nil, nil, "it broke: try less"
		}
		r.Trials = append(r.Trials, trial)
	}
	return r
}

// A search reads as text also where trials failed, of some rows or of all.
func TestTuningText(t *testing.T) {
	for _, c := range []struct {
		name        string
		rows        []results.TunedRow
		want, never []string
	}{
		{"a flip and a failure", []results.TunedRow{tunedRow("A", 0.5, -1, 0.6), tunedRow("B", 0.4, 0.7, 0.2)}, []string{
			"A       0.0    50.0      60.0   10.0  20     3      optimizer.lr 0.003\n",
			"The best row depends on the number of trials: A from trial 1, B from trial 2.\n", "A: 1 of 3 trials failed; they count as the worst. Trial 2: it broke: try less.\n",
			"The two rows have another order tuned than with their defaults.\n", "Searched: optimizer.lr 1e-05 to 0.01 on a log scale (birds/A, birds/B).",
		}, []string{"B: ", "NaN"}},
		{"one row without success", []results.TunedRow{tunedRow("A", -1, -1), tunedRow("B", 0.4, 0.4)}, []string{
			"A       –      –         –      –     –      –      all 2 trials failed, see below\n", "B is the best row from trial 1 to the last.\n",
			"A: all 2 trials failed, so that its settings stay the defaults. Trial 1: it broke: try less.\n", "B       0.0    40.0      40.0   0.0   0      1      the defaults\n",
		}, []string{"order", "NaN", "Inf"}},
		{"no success", []results.TunedRow{tunedRow("A", -1), tunedRow("B", -1), tunedRow("C", -1)},
			[]string{"No trial of any row succeeded, so no row is the best; change the settings of the spec, or the ranges that are searched.\n", "C: all 1 trials failed"}, []string{"order", "NaN"}},
		{"three rows", []results.TunedRow{tunedRow("A", 0.5, 0.6), tunedRow("B", 0.4, 0.7), tunedRow("C", 0.1, 0.2)},
			[]string{"Tuned, 1 of the 3 pairs of rows have another order than with their defaults.\n"}, []string{"failed"}},
		{"one row", []results.TunedRow{tunedRow("A", 0.5, 0.4)}, []string{"A is the best row from trial 1 to the last.\n"}, []string{"order", "failed"}},
		{"one trial", []results.TunedRow{tunedRow("A", 0.5), tunedRow("B", 0.4)}, []string{"A is the best row.\n"}, []string{"order", "failed"}},
	} {
		d := results.TunedDataset{Dataset: results.DatasetInfo{Name: "birds"}, Rows: c.rows}
		d.Conclude(results.MAPAtR)
		var out bytes.Buffer
		if err := WriteTuning(&out, &results.Tuning{Trials: len(c.rows[0].Trials), Metric: results.MAPAtR, Folds: 4, Datasets: []results.TunedDataset{d}}, "text"); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: %q is missing in\n%s", c.name, want, out.String())
			}
		}
		for _, never := range c.never {
			if strings.Contains(out.String(), never) {
				t.Errorf("%s: %q stands in\n%s", c.name, never, out.String())
			}
		}
	}
}
