package launch

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"gpwbench/experiments/launch/slurm"
)

// A View is what the tasks of a results folder are doing.
type View struct {
	Tasks []TaskView // of all launches, the oldest launch first

	// Unknown says why the scheduler could not be asked; nil where it answered, or where
	// there is nothing to ask.
	Unknown error
}

// A TaskView is a task with what is known of it.
type TaskView struct {
	Task
	Launch *Launch
	Number int // within the launch, from 0

	Job    string       // "12_3"; "" where it is not known
	Entry  *slurm.Entry // nil where the scheduler knows nothing of it
	Report *Report      // nil while it has not ended by itself
	Log    string       // path of its log; "" where none is there
}

// Shared reports whether the task has a share of other work than runs.
func (t TaskView) Shared() bool { return t.Launch.Search != nil || t.Args != nil }

// shareDone reports whether the task ended because its share was done.
func (t TaskView) shareDone() bool { return t.Shared() && t.Report != nil && t.Report.Error == "" }

// State is what the scheduler says of the task, in its words; "" where it knows nothing.
func (t TaskView) State() string {
	if t.Entry == nil {
		return ""
	}
	return string(t.Entry.State)
}

// Live reports whether the task waits or runs.
func (t TaskView) Live() bool { return t.Entry != nil && !t.Entry.State.Ended() }

// Hint says why a task that waits does not begin, or why one ended before its runs, and
// what to do. It is "" where the task goes on as it should.
func (t TaskView) Hint() string {
	if t.Report != nil && t.Report.Error != "" && !t.Live() {
		return fmt.Sprintf("task %s ended on node %s: %s", t.Report.Job, t.Report.Node, t.Report.Error)
	}
	if t.Entry != nil {
		return t.Entry.Hint()
	}
	return ""
}

// Look reads the launches of a results folder and asks the scheduler for their tasks. A
// folder without launches has none. done says which runs have records: the scheduler is
// not asked for launches that made all of theirs, or whose shares are done. A nil done
// asks for all.
func Look(ctx context.Context, dir string, c slurm.Client, done func(id string) bool) (*View, error) {
	all, err := launches(dir)
	if err != nil {
		return nil, err
	}

	v := &View{}
	var names, jobs []string
	for _, l := range all {
		asks := false
		for k, t := range l.Tasks {
			v.Tasks = append(v.Tasks, TaskView{Task: t, Launch: l, Number: k, Report: l.report(k)})
			for _, id := range t.Runs {
				asks = asks || done == nil || !done(id) && !v.Tasks[len(v.Tasks)-1].shareDone()
			}
		}
		if !asks {
			continue
		}
		for _, first := range l.arrays() {
			names = append(names, l.arrayName(first))
			if job := l.job(first); job != "" {
				jobs = append(jobs, job)
			}
		}
	}

	var entries []slurm.Entry
	if entries, v.Unknown = c.Queue(ctx, names...); v.Unknown == nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if past, err := c.History(ctx, jobs...); err == nil {
			entries = append(past, entries...) // what the queue says is newer
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	v.place(entries)
	return v, nil
}

// place gives each task its entry, the last of several, and its log.
func (v *View) place(entries []slurm.Entry) {
	byName := map[string]*slurm.Entry{}
	for k := range entries {
		e := &entries[k]
		byName[fmt.Sprintf("%s %d", e.Name, e.Index)] = e
	}

	firsts := map[*Launch][]int{}
	for k := range v.Tasks {
		t := &v.Tasks[k]
		if _, met := firsts[t.Launch]; !met {
			firsts[t.Launch] = t.Launch.arrays()
		}
		first := -1
		for _, f := range firsts[t.Launch] {
			if f <= t.Number {
				first = f
			}
		}
		if first < 0 {
			continue
		}

		index, job := t.Number-first, t.Launch.job(first)
		if t.Entry = byName[fmt.Sprintf("%s %d", t.Launch.arrayName(first), index)]; t.Entry != nil {
			job = t.Entry.Job
		}
		if job == "" {
			continue
		}
		t.Job = job + "_" + strconv.Itoa(index)
		log := t.Launch.path(logFolder, t.Job+".log")
		if _, err := os.Stat(log); err == nil {
			t.Log = log
		}
	}
}

// live are the runs of tasks that wait or run, by ids.
func (v *View) live() map[string]*TaskView {
	live := map[string]*TaskView{}
	for k := range v.Tasks {
		if t := &v.Tasks[k]; t.Live() {
			for _, id := range t.Runs {
				live[id] = t
			}
		}
	}
	return live
}

// mostHints is how many hints are listed: an array's tasks mostly have the same.
const mostHints = 5

// Hints are those of the tasks that have runs which are not done, mostHints at most. Of
// tasks whose runs are in a later one only the last counts.
func (v *View) Hints(done func(id string) bool) []string {
	last := map[string]int{}
	for k, t := range v.Tasks {
		for _, id := range t.Runs {
			last[id] = k
		}
	}
	var all []string
	for k, t := range v.Tasks {
		open := false
		for _, id := range t.Runs {
			open = open || last[id] == k && !done(id)
		}
		if !open {
			continue
		}
		if text := t.Hint(); text != "" {
			if t.Log != "" {
				text += " (log " + t.Log + ")"
			}
			all = append(all, text)
		}
	}
	if n := len(all) - mostHints; n > 0 {
		all = append(all[:mostHints], fmt.Sprintf("%d more tasks like these", n))
	}
	return all
}
