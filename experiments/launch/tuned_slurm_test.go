//go:build slurm && linux

package launch

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A search of which a task is killed and another is told of its time limit has, once the
// same command was given again, the folder of one process.
func TestSlurmShares(t *testing.T) {
	b := newBench(t, nil)
	file := filepath.Join(b.work, "searched.yaml")
	if err := os.WriteFile(file, []byte(`name: searched
datasets: [{name: cub, synthetic: cub, scale: 0.1}]
baselines: none
losses: [contrastive, triplet]
protocol: {name: holdout, folds: 2, every: 50}
steps: 400
`), 0o644); err != nil {
		t.Fatal(err)
	}
	launch := []string{"tune", file, "--trials", "8", "--launch", "slurm", "--tasks", "3", "--claims", "lease", "--lease", "5s", "-o", "searched"}
	if said := b.done(launch...); !strings.Contains(said, "submitted 3 tasks of job ") {
		t.Errorf("the launch: %s", said)
	}
	b.until("three tasks make trials", time.Minute, func() bool {
		running := 0
		for _, n := range nodes {
			tasks, _ := b.tasksOn(n)
			running += len(tasks)
		}
		return running == 3 && strings.Count(b.logs(), "begun: ") >= 3
	})
	victim, told := 0, ""
	for _, n := range nodes { // tasks may all be on one
		tasks, _ := b.tasksOn(n)
		if victim == 0 && len(tasks) > 0 {
			victim, tasks = tasks[0], tasks[1:]
		}
		if told == "" && len(tasks) > 0 {
			told = b.tasksByNode(n, victim)
		}
	}
	_ = syscall.Kill(victim, syscall.SIGKILL)
	b.must("scancel", "--signal=USR2", "--batch", told)

	// A task that is completing may still be requeued, so nothing of it is submitted
	// again.
	b.until("Slurm has the end of the killed task", time.Minute, func() bool {
		return strings.Contains(b.ask("squeue", "-h", "-r", "--states=FAILED", "-o", "%T"), "FAILED")
	})

	// A requeued task waits for two minutes, so that the others end before it begins.
	said := b.done(append(launch, "--wait")...)
	if !strings.Contains(said, "submitted 1 task of job ") || !strings.Contains(said, "trials, tuning.txt, tuning.json and the tuned specs") {
		t.Errorf("after a task was killed: %s\n%s", said, b.logs())
	}
	if log := b.logs(); !strings.Contains(log, "the time limit is near: the task stopped cleanly after ") {
		t.Errorf("no task says that it stopped for its time limit:\n%s", log)
	}
	b.done("tune", file, "--trials", "8", "-o", "alone")
	want, have := contents(t, filepath.Join(b.work, "alone")), contents(t, filepath.Join(b.work, "searched"))
	if len(want) < 16 {
		t.Errorf("the search of one process left %d files", len(want))
	}
	if diff := differences(want, have); len(diff) > 0 {
		t.Errorf("these files differ: %v", diff)
	}
}

// differences are the names of files that are not the same in both.
func differences(a, b map[string][]byte) (names []string) {
	for name, data := range a {
		if other, is := b[name]; !is || string(other) != string(data) {
			names = append(names, fmt.Sprintf("%s (%d and %d bytes)", name, len(data), len(other)))
		}
	}
	for name := range b {
		if _, is := a[name]; !is {
			names = append(names, name+", which is in the second alone")
		}
	}
	return names
}
