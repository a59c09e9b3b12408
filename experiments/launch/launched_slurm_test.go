//go:build slurm && linux

package launch

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gpwbench/results"
)

// A bench is a working folder with the program, specs, and what a local run of each gave.
type bench struct {
	*cluster
	work, program string
}

func newBench(t *testing.T, options map[string]string) *bench {
	t.Helper()
	t.Parallel() // they wait more than they work
	b := &bench{cluster: startCluster(t, options), work: t.TempDir()}
	b.program = filepath.Join(b.work, "gpw")
	if err := os.Link(build(t, ""), b.program); err != nil {
		t.Fatal(err)
	}
	return b
}

var built struct {
	sync.Mutex
	folder   string
	programs map[string]string
}

func init() { afterTests = append(afterTests, func() { _ = os.RemoveAll(built.folder) }) }

// build builds the program as one of a revision, "" for that of the source, once.
func build(t *testing.T, revision string) string {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	if built.programs[revision] != "" {
		return built.programs[revision]
	}
	var err error
	if built.folder == "" {
		if built.folder, err = os.MkdirTemp("", "gpwbuilt"); err != nil {
			t.Fatal(err)
		}
		built.programs = map[string]string{}
	}
	program := filepath.Join(built.folder, "gpw"+revision)
	if out, err := exec.Command("go", "build", "-ldflags", "-X gpwbench/internal/cli.revision="+revision, "-o", program, "gpwbench").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	built.programs[revision] = program
	return program
}

// spec writes a spec of twelve runs, six of each loss, that train for so many steps.
func (b *bench) spec(name string, steps int) string {
	b.t.Helper()
	file := filepath.Join(b.work, name+".yaml")
	text := fmt.Sprintf(`name: %s
datasets: [{name: cub, synthetic: cub, scale: 0.1}]
baselines: none
losses: [contrastive, triplet]
seeds: 2
steps: %d
weights: {at: []}
sweep: {optimizer.lr: [1e-4, 1e-3, 1e-2]}
launch: {runs_per_task: 1}
`, name, steps)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		b.t.Fatal(err)
	}
	return file
}

// gpw runs the program in the working folder.
func (b *bench) gpw(args ...string) (stdout, stderr string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.program, args...)
	cmd.Dir, cmd.Env = b.work, append(b.environment(), "GOMAXPROCS=1") // the machine is busy with tasks
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// done runs the program, which must work, and returns what it says.
func (b *bench) done(args ...string) string {
	b.t.Helper()
	_, errs, err := b.gpw(args...)
	if err != nil {
		b.t.Fatalf("gpw %s: %v\n%s\n%s", strings.Join(args, " "), err, errs, b.logs())
	}
	return errs
}

// logs are those of all tasks.
func (b *bench) logs() string {
	var all strings.Builder
	files, _ := filepath.Glob(filepath.Join(b.work, "*", Folder, "*", logFolder, "*.log"))
	for _, f := range files {
		text, _ := os.ReadFile(f)
		fmt.Fprintf(&all, "%s:\n%s", f, text)
	}
	return all.String()
}

func (b *bench) records(dir string) int {
	files, _ := filepath.Glob(filepath.Join(b.work, dir, "records", "*.json"))
	return len(files)
}

// equalsLocal runs the spec here, and compares the two folders to the byte, but for the
// timings, the count of lost work and what the launcher keeps. overrides are those of the
// last launch, which the folder's spec has.
func (b *bench) equalsLocal(file, dir string, overrides ...string) {
	b.t.Helper()
	b.done(append([]string{"run", file, "-o", dir + "_local"}, overrides...)...)
	want, have := contents(b.t, filepath.Join(b.work, dir+"_local")), contents(b.t, filepath.Join(b.work, dir))
	if len(want) < 12*2 {
		b.t.Errorf("the local run left %d files", len(want))
	}
	for name, data := range want {
		if !bytes.Equal(have[name], data) {
			b.t.Errorf("%s differs from that of the local run (%d and %d bytes)", name, len(have[name]), len(data))
		}
	}
	for name := range have {
		if _, ok := want[name]; !ok {
			b.t.Errorf("%s is not in the folder of the local run", name)
		}
	}
}

// contents are the files of a results folder, by their names in it.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == Folder || name == "locks"):
			return filepath.SkipDir
		case d.IsDir() || name == "timings.jsonl" || name == "lost.jsonl":
			return nil
		}
		all[name], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A sweep in arrays that are cut at MaxArraySize, and words of the real sbatch and
// squeue.
func TestSlurmArrays(t *testing.T) {
	b := newBench(t, map[string]string{"MaxArraySize": "5"})
	file := b.spec("arrays", 20)

	said := b.done("run", file, "--launch", "slurm", "-o", "ar rays%a", "launch.parallel=15")
	if jobs := b.must("scontrol", "show", "job", "-o"); strings.Count(jobs, "ArrayTaskThrottle=5") < 3 {
		t.Errorf("fifteen tasks at a time are not divided among the arrays:\n%s", jobs)
	}
	if !regexp.MustCompile(`submitted 12 runs as 12 tasks of job \d+ \d+ \d+;`).MatchString(said) {
		t.Errorf("twelve tasks in arrays of at most five: %s", said)
	}
	for _, wrong := range []struct{ override, want string }{
		{"launch.partition=mian", `invalid partition specified: mian; Batch job submission failed: Invalid partition name specified": give another partition; the cluster has main (did you mean main?)`},
		{"launch.mem=9G", "Memory specification can not be satisfied"},
		{"launch.gres=gpu:1", "give another gres, or none"},
		{"launch.constraint=none_such", "give another constraint, or none"},
		{"launch.directives=[--none-such]", "take it out of directives"},
	} {
		_, errs, err := b.gpw("run", file, "--launch", "slurm", "-o", "refused", wrong.override)
		if err == nil || !strings.Contains(errs, wrong.want) {
			t.Errorf("%s: %v, %s; want %s", wrong.override, err, errs, wrong.want)
		}
		if left, _ := filepath.Glob(filepath.Join(b.work, "refused", Folder, "*")); len(left) > 0 {
			t.Errorf("%s left %v", wrong.override, left)
		}
	}

	b.done("run", file, "--launch", "slurm", "-o", "too_many", "launch.cpus=64")
	said = b.done("run", file, "--launch", "slurm", "-o", "too_many", "launch.cpus=64")
	if !strings.Contains(said, "waits (PartitionConfig): it asks for more than the nodes of the partition have, and waits for ever") || strings.Contains(said, "submitted") {
		t.Errorf("tasks that wait for ever: %s", said)
	}
	if _, errs, err := b.gpw("run", b.spec("other", 20), "--launch", "slurm", "-o", "too_many"); err == nil || !strings.Contains(errs, "too_many has tasks of the experiment arrays in the queue (job ") {
		t.Errorf("a folder of another experiment: %v, %s", err, errs)
	}

	b.done("run", file, "--launch", "slurm", "--wait", "-o", "ar rays%a")
	b.equalsLocal(file, "ar rays%a")
	if !strings.Contains(b.logs(), "on node n3") {
		t.Errorf("no task ran on the third node:\n%s", b.logs())
	}
}

// What the scheduler has no place for is submitted by the same command later. Meanwhile
// the scheduler forgets the tasks that ended, and the records say that they are done.
func TestSlurmFullQueue(t *testing.T) {
	b := newBench(t, map[string]string{"MaxJobCount": "8"})
	file := b.spec("full", 20)
	_, errs, err := b.gpw("run", file, "--launch", "slurm", "-o", "full")
	if err == nil || !strings.Contains(errs, "had no place in the queue") || !strings.Contains(errs, "the queue of the cluster is full (MaxJobCount)") || !strings.Contains(errs, "submitted ") {
		t.Fatalf("twelve tasks for seven places: %v\n%s", err, errs)
	}
	b.until("no task is left", time.Minute, func() bool { return b.ask("squeue", "-h") == "" })
	before := b.records("full")
	if before == 0 || before >= 8 {
		t.Errorf("%d runs are done, of at most seven tasks", before)
	}
	if _, errs, err = b.gpw("run", file, "--launch", "slurm", "-o", "full"); err == nil || !strings.Contains(errs, "had no place in the queue") {
		t.Errorf("a queue that ended tasks fill: %v\n%s", err, errs)
	}

	b.forget()
	said := b.done("run", file, "--launch", "slurm", "--wait", "-o", "full")
	if want := fmt.Sprintf("submitted %d runs as %d tasks", 12-before, 12-before); !strings.Contains(said, want) {
		t.Errorf("after it: %s; want %s", said, want)
	}
	b.equalsLocal(file, "full")
}

// A node that crashes with its tasks, one that only loses its daemon, so that a task is
// made twice at the same time, a task that is told of its time limit, and one whose
// process is killed.
func TestSlurmCrash(t *testing.T) { crash(t) }

// The same under leases, which keep processes apart where locks do not.
func TestSlurmCrashUnderLeases(t *testing.T) { crash(t, "--claims", "lease", "--lease", "5s") }

func crash(t *testing.T, claims ...string) {
	b := newBench(t, nil)
	file := b.spec("crash", 3000)
	launch := append([]string{"run", file, "--launch", "slurm", "-o", "crash"}, claims...)
	b.done(launch...)
	b.until("tasks run on all nodes", time.Minute, func() bool {
		busy := 0
		for _, n := range nodes {
			if tasks, _ := b.tasksOn(n); len(tasks) > 1 {
				busy++
			}
		}
		return busy == len(nodes) && strings.Count(b.logs(), "begun: ") >= 8
	})
	if n := b.records("crash"); n == 12 {
		t.Fatal("all runs were made before anything happened to them")
	}

	b.crash("n2", false)
	b.crash("n3", true)
	victims, _ := b.tasksOn("n1")
	if len(victims) < 2 {
		t.Fatalf("%d tasks run on the first node, want two or more", len(victims))
	}
	_ = syscall.Kill(victims[0], syscall.SIGKILL)
	told := b.tasksByNode("n1", victims[0])
	b.must("scancel", "--signal=USR2", "--batch", told)

	b.until("the task that was told of its limit is requeued", time.Minute, func() bool {
		lines, _ := filepath.Glob(filepath.Join(b.work, "crash", Folder, "*", "requeued", "*"))
		return len(lines) == 1
	})
	b.until("tasks of the nodes that are gone are requeued", time.Minute, func() bool {
		return strings.Count(b.logs(), "DUE TO NODE FAILURE")+strings.Count(b.ask("scontrol", "show", "job", "-o"), "Restarts=1") > 1
	})
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(time.Second) { // the killed one is submitted again
		said := b.done(launch...)
		if strings.Contains(said, "12 of 12 runs are done") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("after two minutes: %s\n%s\n%s", said, b.ask("squeue", "-r", "--states=all"), b.logs())
		}
	}
	b.equalsLocal(file, "crash")
	if log := b.logs(); !strings.Contains(log, "the time limit is near: the task stopped cleanly after 0 runs, and is requeued (1 of 3 times)") {
		t.Errorf("no task says that it stopped for its time limit:\n%s", log)
	}
	if all, err := launches(filepath.Join(b.work, "crash")); err != nil || len(all) < 2 {
		t.Errorf("%d launches (%v), want a second one for the killed task", len(all), err)
	}
	if store, err := results.OpenRead(filepath.Join(b.work, "crash")); err != nil {
		t.Error(err)
	} else if _, err := store.All(); err != nil {
		t.Error(err)
	}
}

// tasksByNode names a running task on a node, other than that of a process.
func (b *bench) tasksByNode(node string, not int) string {
	b.t.Helper()
	tasks, _ := b.tasksOn(node)
	for _, pid := range tasks {
		env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err != nil || pid == not {
			continue
		}
		values := map[string]string{}
		for _, v := range strings.Split(string(env), "\x00") {
			name, value, _ := strings.Cut(v, "=")
			values[name] = value
		}
		return values["SLURM_ARRAY_JOB_ID"] + "_" + values["SLURM_ARRAY_TASK_ID"]
	}
	b.t.Fatalf("no other task runs on %s", node)
	return ""
}

// A node without the program, and one with another revision, say so through the
// scheduler.
func TestSlurmWrongProgram(t *testing.T) {
	b := newBench(t, nil)
	file := b.spec("program", 20)
	other := build(t, "another")
	for name, wrong := range map[string]struct {
		change func() error
		want   string
	}{
		"absent":  {func() error { return os.Remove(b.program) }, "the node has no such program"},
		"another": {func() error { return os.Rename(other, b.program) }, "is revision another, and the launch was made with "},
	} {
		kept := filepath.Join(b.work, "kept")
		if err := os.Link(b.program, kept); err != nil {
			t.Fatal(err)
		}
		b.must("scontrol", "update", "partitionname=main", "state=down") // so that no task begins before the change
		b.done("run", file, "--launch", "slurm", "-o", name, "launch.runs_per_task=6")
		if err := wrong.change(); err != nil {
			t.Fatal(err)
		}
		b.must("scontrol", "update", "partitionname=main", "state=up")
		b.until("no task is left", time.Minute, func() bool { return b.ask("squeue", "-h") == "" })
		if err := os.Rename(kept, b.program); err != nil {
			t.Fatal(err)
		}

		said := b.done("run", file, "--launch", "slurm", "--wait", "-o", name, "launch.runs_per_task=6")
		if !strings.Contains(said, wrong.want) || !strings.Contains(said, "12 of 12 runs are done") {
			t.Errorf("%s: %s", name, said)
		}
	}
}
