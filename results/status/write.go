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
// given, or sums it up where that are many runs; every has it list each run of the plan.
// JSON and CSV have every run anyway. The error is that of w, or of an unknown format.
func (s *Status) Write(w io.Writer, format string, every bool) error {
	switch format {
	case "json":
		return output.JSON(w, s, "  ")
	case "csv":
		return s.grid(s.All).Write(w, "csv")
	case "text":
		return s.text(w, every)
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
func (s *Status) text(w io.Writer, every bool) error {
	if err := output.WriteLines(w, s.head()); err != nil {
		return err
	}
	shown := s.All
	if !every {
		shown = slices.DeleteFunc(slices.Clone(s.All), func(r Run) bool { return r.plain() })
	}
	if len(shown) > 0 {
		g, summed := textGrid(shown, every)
		if err := writeBelow(w, g, true); err != nil {
			return err
		}
		if summed > 0 {
			line := fmt.Sprintf("%s in %s; JSON and CSV have each of them", output.Count(len(shown), "run", "runs"), output.Count(len(g.Rows), "line", "lines"))
			if err := output.WriteLines(w, []string{line}); err != nil {
				return err
			}
		}
	}
	if len(s.Tasks) > 0 {
		if err := writeBelow(w, taskGrid(s.Tasks, every), s.Experiment != ""); err != nil {
			return err
		}
	}
	if len(s.Notes) == 0 {
		return nil
	}
	return output.Notes(w, "text", s.Notes)
}

// writeBelow writes a grid, with an empty line above it where something stands there.
func writeBelow(w io.Writer, g *output.Grid, above bool) error {
	if above {
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
	return g.Write(w, "text")
}

// head are the lines of counts and of the time left.
func (s *Status) head() (lines []string) {
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
	if s.Experiment != "" {
		lines = append(lines, fmt.Sprintf("%s: %s: %s", s.Experiment, output.Count(s.Runs, what, what+"s"), strings.Join(counts, ", ")))
	}
	if rest := s.rest(); rest != "" {
		lines = append(lines, rest)
	}
	if s.BegunAgain > 0 {
		lines = append(lines, output.Count(s.BegunAgain, "time", "times")+" work was begun again, because the process that had begun it was killed or had not renewed its lease")
	}
	return lines
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

// textGrid has the columns in which some line has a cell. summed is the number of lines
// that stand for several runs.
func textGrid(runs []Run, every bool) (g *output.Grid, summed int) {
	header := []string{"state", "run", "process", "since", "lease left", "begun again", "revision", "job", "job state", "log", "what"}
	var rows [][]string
	used := make([]bool, len(header))
	for _, group := range groupsOf(runs, every) {
		row := group.runs[0].cells()
		if len(group.runs) > 1 {
			row, summed = group.cells(), summed+1
		}
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
	g = &output.Grid{Header: pick(header)}
	for _, row := range rows {
		g.Add(pick(row)...)
	}
	return g, summed
}

// taskGrid has the tasks that share work.
func taskGrid(tasks []Task, every bool) *output.Grid {
	var runs []Run
	for k := range tasks {
		runs = append(runs, Run{Task: &tasks[k]})
	}
	g := &output.Grid{Header: []string{"task", "job state", "log", "what"}}
	for _, group := range groupsOf(runs, every) {
		t, job, log := group.runs[0].Task, group.runs[0].Task.Job, group.runs[0].Task.Log
		if n := len(group.runs); n > 1 {
			job, log = fmt.Sprintf("%s, %d tasks", group.jobs(), n), ""
		}
		g.Add(job, t.State, log, t.Hint)
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
