package figures

import (
	"math"
	"strconv"
	"strings"

	"gpwbench/plots"
	"gpwbench/results"
	"gpwbench/results/table"
)

// DrawTuning draws the best score so far against the number of trials, a line for each
// loss, as SVG and PNG. The names are those of a results folder, figures/tuning.svg.
func (Folder) DrawTuning(t *results.Tuning) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, drawn := range (Layout{}).Tuning(t) {
		for _, format := range []string{"svg", "png"} {
			data, err := Encode(drawn.Figure, format)
			if err != nil {
				return nil, err
			}
			files["figures/"+drawn.Name+"."+format] = data
		}
	}
	return files, nil
}

// Tuning draws the best score so far against the number of trials, a panel for each data
// set and a line for each loss.
func (l Layout) Tuning(t *results.Tuning) []Named {
	title := t.Metric
	if m, k, ok := results.FindMetric(t.Metric); ok && m.ColumnTitle(k) != "" {
		title = m.ColumnTitle(k)
	}
	data := &plots.Sensitivity{Path: "trials", Metric: t.Metric, Title: "Best " + title + " so far", Note: "A point is the best of the trials up to there, the mean over the folds of the training classes; trial 1 has the defaults. Points of one value are drawn a little apart."}
	for _, d := range t.Datasets {
		panel := plots.SensitivityPanel{Dataset: table.Block{Dataset: d.Dataset}.DatasetName(), Source: d.Dataset.Provenance}
		for n := 1; n <= t.Trials; n++ {
			panel.Values = append(panel.Values, plots.SensitivityValue{Text: strconv.Itoa(n), Number: float64(n)})
		}
		for _, r := range d.Rows {
			line := plots.SensitivityLine{Name: r.Label}
			for n, trial := range r.Trials {
				if s := trial.BestSoFar; s != nil {
					line.Points = append(line.Points, plots.SensitivityPoint{Value: n, Mean: *s, Low: math.NaN(), High: math.NaN(), Runs: 1})
				}
			}
			panel.Lines = append(panel.Lines, line)
		}
		data.Panels = append(data.Panels, panel)
	}
	drawn := l.Sensitivity(data)
	for k := range drawn {
		drawn[k].Name = strings.Replace(drawn[k].Name, "sweep_trials", "tuning", 1)
	}
	return drawn
}
