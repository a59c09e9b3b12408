package table

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
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
// losses with their defaults and tuned, the settings, where the ranking flips, and which
// trials failed; csv has a line for every trial, and json all of it.
func WriteTuning(w io.Writer, t *results.Tuning, format string) error {
	out := output.NewPage(w)
	switch format {
	case "json":
		if err := output.JSON(out, t, "  "); err != nil {
			return err
		}
	case "csv":
		if err := tuningCSV(&out.Buffer, t); err != nil {
			return err
		}
	case "text":
		if err := tuningText(out, t); err != nil {
			return err
		}
	default:
		return fmt.Errorf("results: no format %q of a tuning: there are %s", format, strings.Join(TuningFormats, ", "))
	}
	_, err := w.Write(out.Bytes())
	return err
}

func tuningText(out *output.Page, t *results.Tuning) error {
	for _, d := range t.Datasets {
		fmt.Fprintf(out, "%s: %s in percent, the mean over %d folds of the training classes; %s a loss\n",
			escape.Line(Block{Dataset: d.Dataset}.Title()), metricTitle(t.Metric), t.Folds, output.Count(t.Trials, "trial", "trials"))
		g := &output.Grid{Header: []string{"method", "start", "defaults", "tuned", "gain", "steps", "trial", "settings"}}
		for _, r := range byScore(d.Rows, t.Metric) {
			g.Add(tuningCells(r, t.Metric)...)
		}
		if err := g.Write(out, "text"); err != nil {
			return err
		}
		out.WriteString("\n")
		for _, note := range slices.Concat([]string{leaderNote(d)}, orderNotes(d, t.Metric), nearEndNotes(d), failedNotes(d)) {
			out.WriteString(output.Wrap(escape.Line(note)+"\n", out.Columns))
		}
		out.WriteString("\n")
	}

	for _, line := range searchedNotes(t) {
		out.WriteString(escape.Line(line) + "\n")
	}
	return nil
}

// byScore are the rows, the best by a metric first.
func byScore(rows []results.TunedRow, metric string) []results.TunedRow {
	return slices.SortedStableFunc(slices.Values(rows), func(a, b results.TunedRow) int {
		return cmp.Compare(bestWorth(b, metric), bestWorth(a, metric))
	})
}

// bestWorth is larger for a better row, and lowest where all trials failed.
func bestWorth(r results.TunedRow, metric string) float64 {
	if r.Best < 0 {
		return math.Inf(-1)
	}
	return results.Better(metric) * *r.Trials[r.Best].Score
}

// defaultWorth is that of the first trial.
func defaultWorth(r results.TunedRow, metric string) float64 {
	if s := r.Trials[0].Score; s != nil {
		return results.Better(metric) * *s
	}
	return math.Inf(-1)
}

func tuningCells(r results.TunedRow, metric string) []string {
	if r.Best < 0 {
		return []string{r.Label, "–", "–", "–", "–", "–", "–", fmt.Sprintf("all %d trials failed, see below", len(r.Trials))}
	}

	best := r.Trials[r.Best]
	first, gain := "–", "–"
	if s := r.Trials[0].Score; s != nil {
		first, gain = percent(*s), percent(results.Better(metric)*(*best.Score-*s))
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
		return "No trial of any row succeeded, so no row is the best; change the settings of the spec, or the ranges that are searched."
	}
	var all []string
	for _, l := range d.Leaders {
		all = append(all, fmt.Sprintf("%s from trial %d", l.Label, l.Trials))
	}
	switch {
	case len(d.Rows[0].Trials) == 1:
		return d.Leaders[0].Label + " is the best row."
	case len(all) == 1:
		return fmt.Sprintf("%s is the best row from trial %d to the last.", d.Leaders[0].Label, d.Leaders[0].Trials)
	}
	return "The best row depends on the number of trials: " + strings.Join(all, ", ") + "."
}

// orderNotes say how the order of the rows by their defaults differs from that tuned. Of
// fewer than two rows with a trial that succeeded, and of one trial, there is nothing to
// say.
func orderNotes(d results.TunedDataset, metric string) []string {
	var rows []results.TunedRow
	for _, r := range d.Rows {
		if r.Best >= 0 && len(r.Trials) > 1 {
			rows = append(rows, r)
		}
	}

	flips, pairs := 0, 0
	for i, a := range rows {
		for _, b := range rows[:i] {
			before, after := cmp.Compare(defaultWorth(a, metric), defaultWorth(b, metric)), cmp.Compare(bestWorth(a, metric), bestWorth(b, metric))
			pairs++
			if before*after < 0 {
				flips++
			}
		}
	}
	switch {
	case pairs == 0:
		return nil
	case pairs == 1 && flips == 0:
		return []string{"The two rows have the same order with their defaults and tuned."}
	case pairs == 1:
		return []string{"The two rows have another order tuned than with their defaults."}
	case flips == 0:
		return []string{fmt.Sprintf("No pair of rows, of %d, has another order tuned than with the defaults.", pairs)}
	}
	return []string{fmt.Sprintf("Tuned, %d of the %d pairs of rows have another order than with their defaults.", flips, pairs)}
}

// nearEndNotes say which of the best values are near an end of what was searched.
func nearEndNotes(d results.TunedDataset) []string {
	var rows []string
	for _, r := range d.Rows {
		if len(r.NearEnd) > 0 {
			rows = append(rows, r.Label+": "+nearEndText(r))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return []string{"Best near the end of its range (in the outermost twentieth), so that a wider range may be better: " + strings.Join(rows, "; ") + "."}
}

// nearEndText names the values of a row that are near an end of their range.
func nearEndText(r results.TunedRow) string {
	var all []string
	for _, e := range r.NearEnd {
		all = append(all, fmt.Sprintf("%s %s of %s to %s", e.Path, shortest(e.Value), shortest(e.Low), shortest(e.High)))
	}
	return strings.Join(all, ", ")
}

// failedNotes say of which rows trials failed, and how the first did.
func failedNotes(d results.TunedDataset) []string {
	var notes []string
	for _, r := range d.Rows {
		failed, first := 0, -1
		for k, trial := range r.Trials {
			if trial.Failed == "" {
				continue
			}
			if failed++; first < 0 {
				first = k
			}
		}
		switch {
		case failed == 0:
			continue
		case failed == len(r.Trials):
			notes = append(notes, fmt.Sprintf("%s: all %d trials failed, so that its settings stay the defaults. Trial 1: %s.", r.Label, failed, r.Trials[first].Failed))
		default:
			notes = append(notes, fmt.Sprintf("%s: %d of %d trials failed; they count as the worst. Trial %d: %s.", r.Label, failed, len(r.Trials), first+1, r.Trials[first].Failed))
		}
	}
	return notes
}

// searchedNotes say what was searched of each row, and what not.
func searchedNotes(t *results.Tuning) []string {
	notes := []string{"Start is the head as it starts, after the preprocessing of the row; defaults are the settings of the spec, which are trial 1; tuned is the best trial, with its number of steps and its settings. All are on the same held-out classes.", "The scores are the best of several trials on the same folds, and so too high; the test classes were not evaluated."}
	notes = append(notes, specNotes(t)...)
	var searched groupedNotes
	for _, d := range t.Datasets {
		for _, r := range d.Rows {
			var all []string
			for _, s := range r.Searched {
				text := fmt.Sprintf("%s %s to %s", s.Path, shortest(s.Low), shortest(s.High))
				if s.Log {
					text += " on a log scale"
				}
				all = append(all, text)
			}
			line := "Searched: " + strings.Join(all, ", ")
			if len(all) == 0 {
				line = "Nothing searched"
			}
			if len(r.Fixed) > 0 {
				line += "; not searched: " + strings.Join(r.Fixed, "; ")
			}
			searched.add(line, d.Dataset.Name+"/"+r.Label)
		}
	}
	return append(notes, searched.named()...)
}

// specNotes name the files that have the settings that were found.
func specNotes(t *results.Tuning) []string {
	var notes []string
	for _, d := range t.Datasets {
		var files []string
		for _, f := range d.Specs {
			text := f.File
			if len(f.Swept) > 0 {
				text += " (" + sweptText(f.Swept) + ")"
			}
			files = append(files, text)
		}
		switch len(files) {
		case 0:
		case 1:
			notes = append(notes, fmt.Sprintf("%s: the tuned settings are in %s; gpw run of it evaluates them once on the test classes.", d.Dataset.Name, files[0]))
		default:
			notes = append(notes, fmt.Sprintf("%s: the tuned settings of each variant are in %s; gpw run of one evaluates them once on the test classes.", d.Dataset.Name, strings.Join(files, ", ")))
		}
	}
	return notes
}

// sweptText names swept values in the order of their paths.
func sweptText(swept results.Swept) string {
	var words []string
	for _, path := range slices.Sorted(maps.Keys(swept)) {
		words = append(words, path+" "+results.SweptText(swept[path]))
	}
	return strings.Join(words, ", ")
}

func tuningCSV(out *bytes.Buffer, t *results.Tuning) error {
	g := &output.Grid{Header: []string{"dataset", "label", "loss", "preset", "trial", "settings", "start", "score", "steps", "best_so_far", "failed", "near_end"}}
	number := func(v *float64) string {
		if v == nil {
			return ""
		}
		return shortest(*v)
	}
	for _, d := range t.Datasets {
		for _, r := range d.Rows {
			for k, trial := range r.Trials {
				near := ""
				if k == r.Best {
					near = nearEndText(r)
				}
				var settings []string
				for i, s := range r.Searched {
					settings = append(settings, s.Path+"="+shortest(trial.Values[i]))
				}
				g.Add(d.Dataset.Name, r.Label, r.Loss, r.Preset, strconv.Itoa(k+1), strings.Join(settings, " "), number(trial.Start), number(trial.Score), strconv.Itoa(trial.Steps), number(trial.BestSoFar), trial.Failed, near)
			}
		}
	}
	return g.Write(out, "csv")
}
