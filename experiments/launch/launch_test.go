package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gpwbench/experiments"
	"gpwbench/experiments/launch/slurm"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
)

// fakeSlurm puts a scheduler of scripts into PATH. It makes the tasks of an array one
// after the other in the background, and has so many places.
func fakeSlurm(t *testing.T, places int) {
	t.Helper()
	dir := t.TempDir()
	queue := filepath.Join(dir, "queue")
	t.Cleanup(func() { // no task is left behind
		for range 600 {
			if left, _ := filepath.Glob(filepath.Join(queue, "*_*")); len(left) == 0 {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Error("tasks go on after half a minute")
	})
	for name, body := range map[string]string{
		"scontrol": "echo 'MaxArraySize = 5'",
		"squeue":   `cd "$QUEUE" && for t in *_*; do [ -e "$t" ] && echo "$t |$(cat "$t")"; done; exit 0`,
		"sbatch": fmt.Sprintf(`
n=$(($(sed -n 's/^#SBATCH --array=0-//p' "$2") + 1))
name=$(sed -n 's/^#SBATCH --job-name=//p' "$2")
if [ $(($(ls "$QUEUE" | grep -c _) + n)) -gt %d ]; then
	echo 'sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying' >&2
	exec sleep 30
fi
job=$(($(cat "$QUEUE/last" 2>/dev/null || echo 0) + 1))
echo $job > "$QUEUE/last"
cp "$2" "$QUEUE/script$job"
for k in $(seq 0 $((n - 1))); do echo "PENDING |0 |$name | |Priority " > "$QUEUE/${job}_$k"; done
(
	for k in $(seq 0 $((n - 1))); do
		SLURM_ARRAY_JOB_ID=$job SLURM_ARRAY_TASK_ID=$k SLURMD_NODENAME=n1 SLURM_CPUS_ON_NODE=1 sh "$QUEUE/script$job" > "$QUEUE/log" 2>&1
		rm "$QUEUE/${job}_$k"
	done
) > /dev/null 2>&1 &
echo $job`, places),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(queue, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("QUEUE", queue)
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

func testSpec(t *testing.T, more string) *spec.Spec {
	t.Helper()
	s, err := spec.Parse("tiny.yaml", []byte(`name: tiny
datasets: [{name: cub, synthetic: cub, scale: 0.05}, {name: cars, synthetic: cars, scale: 0.05}]
baselines: none
losses: [contrastive, triplet]
seeds: 2
steps: 3
weights: {at: []}
sweep: {datasets.cub.optimizer.lr: [1e-4, 1e-3]}
`+more), nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func testOptions(t *testing.T) Options {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Options{experiments.Options{Revision: "r1"}, How{Program: program, Poll: 50 * time.Millisecond}}
}

// A run that waits submits what had no place as the queue empties, and ends with the
// table of a local run.
func TestWaitFillsTheQueue(t *testing.T) {
	dir := t.TempDir()
	fakeSlurm(t, 3)
	s, o := testSpec(t, "launch: {runs_per_task: 2}\n"), testOptions(t)
	o.Wait = true
	var seen []Standing
	o.Follow = func(s Standing) { seen = append(seen, s) }
	out, err := Run(context.Background(), s, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if out.Runs != 12 || out.Done != 12 || out.Left != 0 || out.Full != nil || out.Waiting != 0 || out.Making != 0 {
		t.Errorf("at the end: %+v of %+v", out, out.Outcome)
	}
	runs := 0
	for _, sub := range out.Submitted {
		runs += sub.Runs
		if sub.Tasks > 3 {
			t.Errorf("%d tasks were submitted at once, and the queue has three places", sub.Tasks)
		}
	}
	if runs != 12 || len(out.Submitted) < 2 {
		t.Errorf("%d runs in %d submissions, want each of twelve once in two or more", runs, len(out.Submitted))
	}
	if len(seen) == 0 || seen[0].Runs != 12 || seen[0].Done+seen[0].Waiting+seen[0].Making == 0 {
		t.Errorf("followed: %+v", seen)
	}

	local, err := experiments.Run(context.Background(), s, t.TempDir(), o.Options)
	if err != nil {
		t.Fatal(err)
	}
	var want, have strings.Builder
	if err := errors.Join(local.Table.Write(&want, "csv"), out.Table.Write(&have, "csv")); err != nil {
		t.Fatal(err)
	}
	if want.String() != have.String() || want.Len() == 0 {
		t.Errorf("the table is\n%s\nand locally\n%s", have.String(), want.String())
	}
	if tasks, err := launches(dir); err != nil || len(tasks) < 2 {
		t.Errorf("%d launches, %v", len(tasks), err)
	}
}

// A program of another revision makes nothing, and its exit code says why.
func TestAnotherRevision(t *testing.T) {
	dir := t.TempDir()
	fakeSlurm(t, 100)
	s, o := testSpec(t, ""), testOptions(t)
	o.Revision, o.Program = "r2", "/none" // no task gets as far as this test does
	if _, err := Run(context.Background(), s, dir, o); err != nil {
		t.Fatal(err)
	}
	all, err := launches(dir)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d launches, %v", len(all), err)
	}
	err = Make(context.Background(), all[0].dir, 0, MakeOptions{Revision: "r1"})
	if exit := new(ExitError); !errors.As(err, &exit) || exit.Code != slurm.ExitRevision || !strings.Contains(err.Error(), "is revision r1, and the launch was made with r2") {
		t.Errorf("another revision: %v", err)
	}
	if r := all[0].report(0); r == nil || r.Made != 0 || !strings.Contains(r.Error, "is revision r1") {
		t.Errorf("the report: %+v", r)
	}
	for number, want := range map[int]string{-1: "no task -1", 1: "and no task 1"} {
		if err := Make(context.Background(), all[0].dir, number, MakeOptions{Revision: "r2"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("task %d: %v", number, err)
		}
	}
}

// A launch that is not whole, or of a later program, is told.
func TestSpoiledLaunch(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"half":  {`{"schema": 1, "tas`, "is no whole launch"},
		"later": {`{"schema": 2}`, "is a launch of schema 2, and this program reads 1"},
	} {
		dir := t.TempDir()
		folder := filepath.Join(dir, Folder, name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, launchFile), []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Look(context.Background(), dir, slurm.Client{}, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}

	dir := t.TempDir() // a launch that was killed before it was whole
	if err := os.MkdirAll(filepath.Join(dir, Folder, "begun"), 0o755); err != nil {
		t.Fatal(err)
	}
	if v, err := Look(context.Background(), dir, slurm.Client{}, nil); err != nil || len(v.Tasks) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

// Every run is in one task, in its order, and a task lasts as long as it should.
func TestCut(t *testing.T) {
	var runs []experiments.MissingRun
	for k := range 10 {
		m := experiments.MissingRun{ID: fmt.Sprint(k), Seconds: 100}
		m.Dataset = &spec.Dataset{Name: []string{"a", "b"}[k/6]}
		runs = append(runs, m)
	}
	for _, c := range []struct {
		perTask, cores, usable int
		want                   []int
	}{
		{0, 1, 0, []int{6, 4}}, {0, 0, 0, []int{6, 4}}, {0, 2, 0, []int{10}}, {0, 1, 600, []int{3, 3, 3, 1}}, {0, 1, 10, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{4, 1, 0, []int{4, 4, 2}}, {4, 1, 10, []int{4, 4, 2}}, {100, 1, 0, []int{10}},
	} {
		var sizes []int
		var ids []string
		for _, task := range cut(runs, c.perTask, c.cores, c.usable) {
			sizes, ids = append(sizes, len(task.Runs)), append(ids, task.Runs...)
			if got := task.Seconds; got != 100*float64(len(task.Runs)) {
				t.Errorf("%+v: a task of %d runs takes %g seconds", c, len(task.Runs), got)
			}
			if first := task.Runs[0] < "6"; first != slices.Contains(task.Datasets, "a") {
				t.Errorf("%+v: the runs %v are on %v", c, task.Runs, task.Datasets)
			}
		}
		if !slices.Equal(sizes, c.want) || strings.Join(ids, "") != "0123456789" {
			t.Errorf("%+v: tasks of %v, %v", c, sizes, ids)
		}
	}
	if tasks := cut(nil, 3, 1, 0); tasks != nil {
		t.Errorf("no runs are cut into %v", tasks)
	}
}

// The arrays of a launch share the number of tasks at the same time, also where one is
// divided because the queue is full. Each has one at least, or it would wait for ever.
func TestParallelIsShared(t *testing.T) {
	for _, c := range []struct {
		tasks, most, parallel int
		want                  []int
	}{{12, 5, 7, []int{2, 2, 3}}, {12, 5, 2, []int{1, 1, 1}}, {12, 5, 0, []int{0, 0, 0}}, {4, 5, 9, []int{9}}} {
		l := &Launch{Tasks: make([]Task, c.tasks)}
		scripts, err := scriptsOf(l, spec.Launch{Parallel: c.parallel}, "gpw", c.most)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, s := range scripts {
			got = append(got, s.Parallel)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%d tasks in arrays of %d, %d at a time: %v, want %v", c.tasks, c.most, c.parallel, got, c.want)
		}
		if h := halves(l, scripts[0]); h[0].Parallel+h[1].Parallel != max(c.want[0], min(c.want[0], 1)*2) {
			t.Errorf("halves of %d at a time: %d and %d", c.want[0], h[0].Parallel, h[1].Parallel)
		}
	}
}
