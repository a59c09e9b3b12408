//go:build slurm && linux

package launch

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A task of a minute, the least that Slurm knows, is not done when the scheduler itself
// tells it of the limit. It ends cleanly within its runs, is requeued, and the task that
// begins again makes the rest. The scheduler's signal is awaited with the task stopped,
// so that it finds work left on a machine of any speed, and finds it within a run.
func TestSlurmTimeLimit(t *testing.T) {
	b := newBench(t, nil)
	file := b.spec("limit", 300)
	resources := []string{"launch.time=1", "launch.runs_per_task=12"}
	launch := append([]string{"run", file, "--launch", "slurm", "-o", "limit"}, resources...)
	b.done(launch...)
	began := time.Now()
	pid := 0
	b.until("a run of the task is made, and another is begun", time.Minute, func() bool {
		for _, n := range nodes {
			if tasks, _ := b.tasksOn(n); len(tasks) > 0 {
				pid = tasks[0]
			}
		}
		return pid > 0 && b.records("limit") > 0 && strings.Count(b.logs(), "begun: ") > 1
	})
	send(pid, syscall.SIGSTOP)
	before := b.records("limit")
	if before >= 12 {
		t.Fatal("the task was done before it could be stopped")
	}
	b.until("the scheduler tells the task of its limit", 90*time.Second, func() bool {
		if pending(pid, syscall.SIGUSR2) { // Slurm lets a task go on that it tells something
			send(pid, syscall.SIGCONT)
		}
		return strings.Contains(b.logs(), "the time limit is near")
	})
	told := time.Since(began)

	b.until("all runs are made", 2*time.Minute, func() bool { return b.records("limit") == 12 })
	t.Logf("told after %v, with %d of 12 runs made; done after %v", told.Round(time.Second), before, time.Since(began).Round(time.Second))
	said := b.done(append(launch, "--wait")...)
	if strings.Contains(said, "submitted") || !strings.Contains(said, "12 of 12 runs are done") {
		t.Errorf("at the end: %s", said)
	}
	log := b.logs()
	if n := strings.Count(log, "task 0 of "); n < 2 || !strings.Contains(log, "and is requeued (1 of 3 times)") || strings.Contains(log, "DUE TO TIME LIMIT") {
		t.Errorf("the task began %d times, want 2 or more, without one that was ended:\n%s", n, log)
	}
	b.equalsLocal(file, "limit", resources...)
	if lost, err := os.ReadFile(filepath.Join(b.work, "limit", "lost.jsonl")); err == nil && len(lost) > 0 {
		t.Errorf("a task that ended cleanly lost work: %s", lost)
	}
}

// pending reports whether a signal waits for a process.
func pending(pid int, s syscall.Signal) bool {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for _, line := range strings.Split(string(status), "\n") {
		name, mask, _ := strings.Cut(line, ":")
		if bits, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64); err == nil && (name == "ShdPnd" || name == "SigPnd") && bits>>(s-1)&1 == 1 {
			return true
		}
	}
	return false
}
