package status

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"gpwbench/internal/output"
)

// Formats are those of [Status.Write].
var Formats = []string{"text", "json", "csv"}

// Write prints a status. Text lists what runs, failed or was lost, and what tasks are
// given; JSON and CSV have every run. The error is that of w, or of an unknown format.
func (s *Status) Write(w io.Writer, format string) error {
	switch format {
	case "json":
		return output.JSON(w, s, "  ")
	case "csv":
		return s.grid(s.All).Write(w, "csv")
	case "text":
		return s.text(w)
	}
	return fmt.Errorf("unknown format %q; known: %s", format, strings.Join(Formats, ", "))
}

func (s *Status) grid(runs []Run) *output.Grid {
	g := &output.Grid{Header: []string{
		"id", "state", "run", "seconds", "begun_again", "host", "pid", "since", "lease_left_seconds", "revision", "job", "job_state", "log", "hint", "error", "problem",
	}}
	for _, r := range runs {
		p, t := Process{}, Task{}
		host, pid, since := "", "", ""
		if r.Process != nil {
			p = *r.Process
			host, pid, since = p.Host, strconv.Itoa(p.PID), p.Since.Format(time.RFC3339)
		}
		if r.Task != nil {
			t = *r.Task
		}
		g.Add(r.ID, string(r.State), r.Run, number(r.Seconds), strconv.Itoa(r.Again), host, pid, since, number(p.LeaseLeft), r.Revision,
			t.Job, t.State, t.Log, t.Hint, r.Error, r.Problem)
	}
	for _, t := range s.Tasks {
		g.Add("", "task", "", "", "", "", "", "", "", "", t.Job, t.State, t.Log, t.Hint, "", "")
	}
	return g
}

func number(v *float64) string {
	if v == nil {
		return ""
	}
	return output.Exact(*v)
}

// text writes counts, the time left, the runs that are at work or went wrong, and notes.
func (s *Status) text(w io.Writer) error {
	what := "run"
	if s.Search {
		what = "trial"
	}
	var counts []string
	for _, state := range States {
		if n := s.Counts[state]; n > 0 || state == Done {
			counts = append(counts, fmt.Sprintf("%d %s", n, state))
		}
	}
	var lines []string
	if s.Experiment != "" {
		lines = append(lines, fmt.Sprintf("%s: %s: %s", s.Experiment, output.Count(s.Runs, what, what+"s"), strings.Join(counts, ", ")))
	}
	if rest := s.rest(); rest != "" {
		lines = append(lines, rest)
	}
	if s.BegunAgain > 0 {
		lines = append(lines, output.Count(s.BegunAgain, "time", "times")+" work was begun again, because the process that had begun it was killed or had not renewed its lease")
	}
	if err := output.WriteLines(w, lines); err != nil {
		return err
	}

	if shown := slices.DeleteFunc(slices.Clone(s.All), func(r Run) bool { return r.plain() }); len(shown) > 0 {
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
		if err := textGrid(shown).Write(w, "text"); err != nil {
			return err
		}
	}
	if len(s.Tasks) > 0 {
		g := &output.Grid{Header: []string{"task", "job state", "log", "what"}}
		for _, t := range s.Tasks {
			g.Add(t.Job, t.State, t.Log, t.Hint)
		}
		if s.Experiment != "" {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := g.Write(w, "text"); err != nil {
			return err
		}
	}
	if len(s.Notes) == 0 {
		return nil
	}
	return output.Notes(w, "text", s.Notes)
}

// plain reports whether a count says all of a run: it is done, or missing without a task.
func (r *Run) plain() bool {
	return r.State == Done && r.Again == 0 || r.State == Missing && r.Task == nil
}

// rest is a line on the time left, "" where all is done.
func (s *Status) rest() string {
	rest := s.Runs - s.Counts[Done]
	if rest == 0 || s.Search {
		return ""
	}
	by := fmt.Sprintf("by the mean of %s, %s", output.Count(s.Timed, "run", "runs"), span(s.Mean))
	if !s.Trained {
		by += ", none of which trained a loss: trainings take longer"
	}
	switch {
	case s.Mean == nil:
		return "time left: not known, because no run was timed"
	case s.Left == nil:
		work := *s.Mean * float64(rest)
		return fmt.Sprintf("nothing is running; %s of work are left, one at a time (%s)", span(&work), by)
	}
	return fmt.Sprintf("time left: about %s with %d at the same time (%s)", span(s.Left), s.Counts[Running], by)
}

// span writes seconds for people.
func span(seconds *float64) string {
	if seconds == nil {
		return ""
	}
	d := time.Duration(*seconds * float64(time.Second))
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// textGrid has the columns in which some run has a cell.
func textGrid(runs []Run) *output.Grid {
	header := []string{"state", "run", "process", "since", "lease left", "begun again", "revision", "job", "job state", "log", "what"}
	var rows [][]string
	used := make([]bool, len(header))
	for _, r := range runs {
		row := r.cells()
		rows = append(rows, row)
		for k, cell := range row {
			used[k] = used[k] || cell != ""
		}
	}
	pick := func(cells []string) (kept []string) {
		for k, cell := range cells {
			if used[k] {
				kept = append(kept, cell)
			}
		}
		return kept
	}
	g := &output.Grid{Header: pick(header)}
	for _, row := range rows {
		g.Add(pick(row)...)
	}
	return g
}

// cells are those of textGrid.
func (r *Run) cells() []string {
	name, since, left, again := r.Run, "", "", ""
	if name == "" {
		name = r.ID[:12]
	}
	if p := r.Process; p != nil {
		since = p.Since.Format(time.RFC3339)
		if p.LeaseLeft != nil {
			left = (time.Duration(*p.LeaseLeft) * time.Second).String()
		}
	}
	if r.Again > 0 {
		again = strconv.Itoa(r.Again)
	}
	job, state, log, hint := "", "", "", ""
	if t := r.Task; t != nil {
		job, state, log, hint = t.Job, t.State, t.Log, t.Hint
	}
	var what []string
	for _, text := range []string{r.Error, r.Problem, hint} {
		if text != "" {
			what = append(what, text)
		}
	}
	return []string{string(r.State), name, r.Process.String(), since, left, again, r.Revision, job, state, log, strings.Join(what, "; ")}
}
