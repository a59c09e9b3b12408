package launch

import (
	"slices"

	"gpwbench/experiments"
)

// taskSeconds is how long a task should last where nobody says how many runs it has: long
// beside what starting it and reading its data take, and short beside a day's queue.
const taskSeconds = 600

// cut divides runs into tasks, in their order, so that runs of a task mostly share a data
// set. Each has perTask runs. Where that is 0, it has as many as last taskSeconds on so
// many cores, and at most half of the usable time where that is not 0.
func cut(runs []experiments.MissingRun, perTask, cores, usable int) []Task {
	most := float64(taskSeconds)
	if usable > 0 {
		most = min(most, float64(usable)/2)
	}
	most *= float64(max(1, cores))

	var tasks []Task
	var t Task
	end := func() {
		if len(t.Runs) > 0 {
			tasks = append(tasks, t)
		}
		t = Task{}
	}
	for _, r := range runs {
		full := len(t.Runs) == perTask
		if perTask <= 0 {
			full = t.Seconds+r.Seconds > most
		}
		if full {
			end()
		}
		t.Runs = append(t.Runs, r.ID)
		t.Seconds += r.Seconds
		if !slices.Contains(t.Datasets, r.Dataset.Name) {
			t.Datasets = append(t.Datasets, r.Dataset.Name)
		}
	}
	end()
	return tasks
}
