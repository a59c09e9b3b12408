package table

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gpwbench/internal/escape"
	"gpwbench/internal/output"
	"gpwbench/results"
)

// TuningFormats are those of [WriteTuning].
var TuningFormats = []string{"text", "json", "csv"}

// WriteTuning writes what a search found. Text has for each data set the metric of the
// losses with their defaults and tuned, the settings, and where the ranking flips; csv
// has a line for every trial, and json all of it.
func WriteTuning(w io.Writer, t *results.Tuning, format string) error {
	var out bytes.Buffer
	switch format {
	case "json":
		if err := output.JSON(&out, t, "  "); err != nil {
			return err
		}
	case "csv":
		if err := tuningCSV(&out, t); err != nil {
			return err
		}
	case "text":
		if err := tuningText(&out, t); err != nil {
			return err
		}
	default:
		return fmt.Errorf("results: no format %q of a tuning: there are %s", format, strings.Join(TuningFormats, ", "))
	}
	_, err := w.Write(out.Bytes())
	return err
}

func tuningText(out *bytes.Buffer, t *results.Tuning) error {
	for _, d := range t.Datasets {
		fmt.Fprintf(out, "%s: %s in percent, the mean over %d folds of the training classes; %d trials a loss\n",
			escape.Line(Block{Dataset: d.Dataset}.Title()), metricTitle(t.Metric), t.Folds, t.Trials)
		g := &output.Grid{Header: []string{"method", "start", "defaults", "tuned", "gain", "steps", "trial", "settings"}}
		for _, r := range byScore(d.Rows) {
			g.Add(tuningCells(r)...)
		}
		if err := g.Write(out, "text"); err != nil {
			return err
		}
		out.WriteString("\n" + escape.Line(leaderNote(d)) + "\n" + escape.Line(orderNote(d)) + "\n\n")
	}

	for _, line := range searchedNotes(t) {
		out.WriteString(escape.Line(line) + "\n")
	}
	return nil
}

// byScore are the rows, the best first.
func byScore(rows []results.TunedRow) []results.TunedRow {
	return slices.SortedStableFunc(slices.Values(rows), func(a, b results.TunedRow) int { return cmp.Compare(bestScore(b), bestScore(a)) })
}

// bestScore is −1 where all trials failed.
func bestScore(r results.TunedRow) float64 {
	if r.Best < 0 {
		return -1
	}
	return *r.Trials[r.Best].Score
}

func defaultScore(r results.TunedRow) float64 {
	if s := r.Trials[0].Score; s != nil {
		return *s
	}
	return -1
}

func tuningCells(r results.TunedRow) []string {
	if r.Best < 0 {
		return []string{r.Label, "–", "–", "–", "–", "–", "–", "every trial failed: " + r.Trials[0].Failed}
	}

	best := r.Trials[r.Best]
	first, gain := "–", "–"
	if s := r.Trials[0].Score; s != nil {
		first, gain = percent(*s), percent(*best.Score-*s)
	}
	var settings []string
	for k, s := range r.Searched {
		settings = append(settings, s.Path+" "+shortest(best.Values[k]))
	}
	if r.Best == 0 {
		settings = []string{"the defaults"}
	}
	return []string{r.Label, percent(*best.Start), first, percent(*best.Score), gain, strconv.Itoa(best.Steps), strconv.Itoa(r.Best + 1), strings.Join(settings, ", ")}
}

// leaderNote says which row was the best after how many trials.
func leaderNote(d results.TunedDataset) string {
	if len(d.Leaders) == 0 {
		return "No trial succeeded."
	}
	var all []string
	for _, l := range d.Leaders {
		all = append(all, fmt.Sprintf("%s from trial %d", l.Label, l.Trials))
	}
	if len(all) == 1 {
		return "The best row is the same after any number of trials: " + d.Leaders[0].Label + "."
	}
	return "The best row depends on the number of trials: " + strings.Join(all, ", ") + "."
}

// orderNote says how the order of the rows by their defaults differs from that tuned.
func orderNote(d results.TunedDataset) string {
	if len(d.Rows) < 2 {
		return "One row has no order."
	}
	flips, pairs := 0, 0
	for i, a := range d.Rows {
		for _, b := range d.Rows[:i] {
			before, after := cmp.Compare(defaultScore(a), defaultScore(b)), cmp.Compare(bestScore(a), bestScore(b))
			pairs++
			if before*after < 0 {
				flips++
			}
		}
	}
	have := "have"
	if flips == 1 {
		have = "has"
	}
	return fmt.Sprintf("Of %s of rows, %d %s another order tuned than with their defaults.", output.Count(pairs, "pair", "pairs"), flips, have)
}

// searchedNotes say what was searched of each row, and what not.
func searchedNotes(t *results.Tuning) []string {
	notes := []string{"Start is the head as it starts, after the preprocessing of the row, on the same classes.", "The scores are the best of several trials on the same folds, and so too high; the test classes were not evaluated. gpw run of tuned_NAME.yaml evaluates them once."}
	var searched groupedNotes
	for _, d := range t.Datasets {
		for _, r := range d.Rows {
			var all []string
			for _, s := range r.Searched {
				text := fmt.Sprintf("%s %s to %s", s.Path, shortest(s.Low), shortest(s.High))
				if s.Log {
					text += " by ratio"
				}
				all = append(all, text)
			}
			failed := 0
			for _, trial := range r.Trials {
				if trial.Failed != "" {
					failed++
				}
			}
			line := "Searched: " + strings.Join(all, ", ")
			if len(all) == 0 {
				line = "Nothing searched"
			}
			if len(r.Fixed) > 0 {
				line += "; not searched: " + strings.Join(r.Fixed, ", ")
			}
			if failed > 0 {
				line += fmt.Sprintf("; %d of %d trials failed", failed, len(r.Trials))
			}
			searched.add(line, d.Dataset.Name+"/"+r.Label)
		}
	}
	return append(notes, searched.named()...)
}

func tuningCSV(out *bytes.Buffer, t *results.Tuning) error {
	g := &output.Grid{Header: []string{"dataset", "label", "loss", "preset", "trial", "settings", "start", "score", "steps", "best_so_far", "failed"}}
	number := func(v *float64) string {
		if v == nil {
			return ""
		}
		return shortest(*v)
	}
	for _, d := range t.Datasets {
		for _, r := range d.Rows {
			for k, trial := range r.Trials {
				var settings []string
				for i, s := range r.Searched {
					settings = append(settings, s.Path+"="+shortest(trial.Values[i]))
				}
				g.Add(d.Dataset.Name, r.Label, r.Loss, r.Preset, strconv.Itoa(k+1), strings.Join(settings, " "), number(trial.Start), number(trial.Score), strconv.Itoa(trial.Steps), number(trial.BestSoFar), trial.Failed)
			}
		}
	}
	return g.Write(out, "csv")
}
