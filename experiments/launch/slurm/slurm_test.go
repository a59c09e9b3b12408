package slurm

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gpwbench/experiments/spec"
)

// fake puts scripts in the place of Slurm's commands, by their names. What is not given
// is not installed.
func fake(t *testing.T, commands map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, body := range commands {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var tools []string
	for _, tool := range []string{"sh", "sleep", "cat", "env", "sort"} {
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Fatal(err)
		}
		tools = append(tools, path)
	}
	for _, path := range tools {
		if err := os.Symlink(path, filepath.Join(dir, filepath.Base(path))); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

func TestSeconds(t *testing.T) {
	for text, want := range map[string]int{
		"30": 1800, "1:30": 90, "2:00:05": 7205, "1-0": 86400, "2-12": 2*86400 + 12*3600, "1-2:30": 86400 + 9000, "1-2:30:04": 86400 + 9004,
		"": 0, "UNLIMITED": 0, "1:2:3:4": 0, "1-2:3:4:5": 0, "-1": 0,
	} {
		if got := Seconds(text); got != want {
			t.Errorf("Seconds(%q) = %d, want %d", text, got, want)
		}
	}
}

// A script has a line for what is asked for, and none for anything else.
func TestScript(t *testing.T) {
	s := Script{JobName: "gpw_a_1_0", Tasks: 4, First: 1000, Logs: `/r s/100%/"l"`, WorkDir: "/w", Marker: "/m", Token: "t", Program: "/it's/gpw", Args: []string{"task", "/r s"}}
	text := s.String()
	for _, want := range []string{
		"#SBATCH --array=0-3\n", `#SBATCH --output="/r s/100%%/\"l\"/%A_%a.log"` + "\n", "#SBATCH --open-mode=append\n", "#SBATCH --requeue\n", "#SBATCH --signal=B:USR2@90\n",
		`exec '/it'\''s/gpw' 'task' '/r s' $((1000 + SLURM_ARRAY_TASK_ID))` + "\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no line %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "#SBATCH"); n != 6 {
		t.Errorf("%d directives where nothing is asked for:\n%s", n, text)
	}

	s.Ask = spec.Launch{
		Partition: "main", Time: "2", CPUs: 4, MemPerCPU: "1G", Account: "a", QOS: "q", Constraint: "x|y", Gres: "gpu:1",
		Setup: []string{"module load a"}, Directives: []string{"--exclude=n3"},
	}
	s.Parallel = 2
	text = s.String()
	for _, want := range []string{
		"--array=0-3%2", "--partition=main", "--time=2", "--cpus-per-task=4", "--mem-per-cpu=1G", "--account=a", "--qos=q", `--constraint="x|y"`, "--gres=gpu:1", "--exclude=n3", "--signal=B:USR2@30",
	} {
		if !strings.Contains(text, "#SBATCH "+want+"\n") {
			t.Errorf("no directive %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "--mem=") || strings.Index(text, "module load a") > strings.Index(text, "exec ") {
		t.Errorf("an option that nobody asked for, or a late setup:\n%s", text)
	}
	if got := s.Usable(); got != 90 {
		t.Errorf("%d usable seconds of two minutes", got)
	}
}

// The shell runs the script: it tells a folder that is not shared, a missing program and
// a missing working folder, and else calls the program, which the signal reaches.
func TestScriptRuns(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string, mode os.FileMode) string {
		if err := os.WriteFile(file(name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return file(name)
	}
	right := Script{
		Tasks: 1, First: 7, WorkDir: dir, Marker: write("a marker", "token\n", 0o644), Token: "token",
		Program: write("it's gpw", "#!/bin/sh\necho \"$1 $2 $3 $A in $(pwd)\"\nexit 5\n", 0o755), Args: []string{"task", "a b"}, Ask: spec.Launch{Setup: []string{"A='x y'; export A"}},
	}
	for name, c := range map[string]struct {
		change func(s *Script)
		code   int
		want   string
	}{
		"right":     {func(s *Script) {}, 5, "task a b 10 x y in " + dir},
		"no marker": {func(s *Script) { s.Marker = file("absent") }, ExitNotShared, "gpw: task 3 on node n2: the folder of the launch is not here as it was written (" + file("absent") + ")"},
		"another":   {func(s *Script) { s.Token = "other" }, ExitNotShared, "the folder of the launch is not here"},
		"no folder": {func(s *Script) { s.WorkDir = file("absent") }, ExitNotShared, "the working folder of the launch is not here"},
		"program":   {func(s *Script) { s.Program = file("no gpw") }, ExitNoProgram, "no program " + file("no gpw") + ": install gpw there"},
	} {
		s := right
		c.change(&s)
		cmd := exec.Command("sh", write("script", s.String(), 0o644))
		cmd.Env = append(os.Environ(), "SLURM_ARRAY_TASK_ID=3", "SLURMD_NODENAME=n2")
		out, err := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != c.code || !strings.Contains(string(out), c.want) {
			t.Errorf("%s: exit code %d (%v), want %d; it says %q, want %q", name, code, err, c.code, out, c.want)
		}
	}
}

func TestSubmit(t *testing.T) {
	for name, c := range map[string]struct {
		sbatch, job, want string
		full              bool
	}{
		"plain":     {"echo 17", "17", "", false},
		"federated": {"echo '17;east'", "17", "", false},
		"partition": {"echo 'sbatch: error: invalid partition specified: lng' >&2; echo 'sbatch: error: Batch job submission failed: Invalid partition name specified' >&2; exit 1", "",
			`sbatch says "invalid partition specified: lng; Batch job submission failed: Invalid partition name specified": give another partition; the cluster has main, long (did you mean long?)`, false},
		"nodes": {"echo 'sbatch: error: Batch job submission failed: Requested node configuration is not available' >&2; exit 1", "",
			"main has nodes of up to 8 CPUs and 4000 MiB, long has nodes of up to 64 CPUs and 9000 MiB", false},
		"account":   {"echo 'sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified' >&2; exit 1", "", "give another account", false},
		"time":      {"echo 'sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)' >&2; exit 1", "", "give less time", false},
		"qos limit": {"echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2; echo 'sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user'\"'\"'s size and/or time limits)' >&2; exit 1", "", "as many jobs of yours as the limits", true},
		"full":      {"echo 'sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying.' >&2; sleep 60; echo 3", "", "the queue of the cluster is full", true},
		"unknown":   {"echo 'sbatch: error: something new' >&2; exit 1", "", `sbatch says "something new"`, false},
		"silent":    {"exit 3", "", `sbatch says ""`, false},
		"nonsense":  {"echo Submitted batch job 3", "", `in place of the number of a job`, false},
	} {
		t.Run(name, func(t *testing.T) {
			fake(t, map[string]string{"sbatch": c.sbatch, "sinfo": "echo 'main|8|4000|infinite'; echo 'main|4|2000|infinite'; echo 'long|64|9000+|2-00:00:00'"})
			began := time.Now()
			job, err := Client{}.Submit(context.Background(), "x.sh")
			if job != c.job || (err == nil) != (c.want == "") {
				t.Fatalf("job %q, %v", job, err)
			}
			if err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want %s", err, c.want)
			}
			if refused := new(RefusedError); errors.As(err, &refused) && refused.Full != c.full {
				t.Errorf("full: %v", refused.Full)
			}
			if d := time.Since(began); d > 20*time.Second {
				t.Errorf("it took %s", d)
			}
		})
	}
}

// A client that does not answer is ended at its deadline, and one that is absent named.
func TestDeadline(t *testing.T) {
	fake(t, map[string]string{"squeue": "echo 'squeue: error: Unable to contact slurm controller (connect failure)' >&2; sleep 60", "sbatch": "sleep 60"})
	c := Client{Deadline: 300 * time.Millisecond}
	began := time.Now()
	if _, err := c.Queue(context.Background(), "a"); err == nil || !strings.Contains(err.Error(), `squeue did not answer in time: it says "Unable to contact slurm controller (connect failure)"`) {
		t.Errorf("a queue without a controller: %v", err)
	}
	if _, err := c.Submit(context.Background(), "x.sh"); err == nil || !strings.Contains(err.Error(), "sbatch did not answer in time: the controller of the cluster may be down") {
		t.Errorf("a submission without a controller: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.Queue(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that ended: %v", err)
	}
	if d := time.Since(began); d > 20*time.Second {
		t.Errorf("it took %s", d)
	}
	missing := new(MissingError)
	if _, err := c.MaxArraySize(context.Background()); !errors.As(err, &missing) || missing.Command != "scontrol" {
		t.Errorf("no scontrol: %v", err)
	}
}

// A submission from inside a job leaves nothing of the job to sbatch but the
// configuration; outside of one, a user's own defaults stay.
func TestEnvironment(t *testing.T) {
	dir := fake(t, map[string]string{"sbatch": "env | sort > \"$SEEN\"; echo 1", "squeue": "env | sort > \"$SEEN\""})
	t.Setenv("SEEN", filepath.Join(dir, "seen"))
	for name, value := range map[string]string{"SLURM_CONF": "/c", "SLURM_CPUS_PER_TASK": "3", "SBATCH_PARTITION": "p", "SQUEUE_PARTITION": "p", "GPW_DATA": "/d"} {
		t.Setenv(name, value)
	}
	seen := func() []string {
		data, err := os.ReadFile(filepath.Join(dir, "seen"))
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(strings.Split(string(data), "\n"), func(v string) bool {
			return !strings.HasPrefix(v, "SLURM") && !strings.HasPrefix(v, "SBATCH") && !strings.HasPrefix(v, "SQUEUE") && !strings.HasPrefix(v, "GPW_DATA")
		})
	}

	submitted := func(want ...string) {
		t.Helper()
		if _, err := (Client{}).Submit(context.Background(), "x.sh"); err != nil {
			t.Fatal(err)
		}
		if got := seen(); !slices.Equal(got, want) {
			t.Errorf("sbatch sees %v, want %v", got, want)
		}
	}
	submitted("GPW_DATA=/d", "SBATCH_PARTITION=p", "SLURM_CONF=/c", "SLURM_CPUS_PER_TASK=3", "SQUEUE_PARTITION=p")
	t.Setenv("SLURM_JOB_ID", "9")
	submitted("GPW_DATA=/d", "SLURM_CONF=/c", "SQUEUE_PARTITION=p")
	if _, err := (Client{}).Queue(context.Background(), "a"); err != nil {
		t.Fatal(err)
	}
	if got := seen(); slices.Contains(got, "SQUEUE_PARTITION=p") {
		t.Errorf("squeue sees %v", got)
	}
}

func TestQueue(t *testing.T) {
	fake(t, map[string]string{
		"squeue": `echo "$*" > args
cat <<'END'
12_0 |RUNNING |0 |a_0 |n1 |None 
12_1 |PENDING |0 |a_0 | |ReqNodeNotAvail, UnavailableNodes:n[1-2] 
12_2 |FAILED |18688 |a_0 |n2 |NonZeroExitCode 
12_3 |FAILED |4021 |a_0 |n3 |JobLaunchFailure 
12_4 |PENDING |0 |a_0 | |PartitionConfig 
12_5 |COMPLETED |0 |a_0 |n1 |None 
12_6 |FAILED |9 |a_0 |n1 |JobLaunchFailure 
13 |RUNNING |0 |a_0 |n1 |None 
14_0 |RUNNING |0 |another |n1 |None 
END`,
		"sacct": `cat <<'END'
9_0|COMPLETED|0:0|a_0|n1
9_1|CANCELLED by 1000|0:15|a_0|n2
9_2|OUT_OF_MEMORY|0:125|a_0|n2
9_3|TIMEOUT|0:0|a_0|n2
9_[4-7]|PENDING|0:0|a_0|None assigned
END`,
	})
	t.Chdir(t.TempDir())
	all, err := Client{}.Queue(context.Background(), "a_0", "b_0")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		task        string
		waits, ends bool
		hint        string
	}{
		{"12_0", false, false, ""},
		{"12_1", true, false, "task 12_1 waits (ReqNodeNotAvail, UnavailableNodes:n[1-2]): the nodes that it asks for are down or reserved"},
		{"12_2", false, true, "task 12_2 ended on node n2: the folder is not shared with the node"},
		{"12_3", false, true, "task 12_3 could not begin on node n3, because its log could not be written there"},
		{"12_4", true, false, "task 12_4 waits (PartitionConfig): it asks for more than the nodes of the partition have, and waits for ever"},
		{"12_5", false, true, ""},
		{"12_6", false, true, "task 12_6 ended on node n1 (FAILED, exit code 0, signal 9)"},
	}
	if len(all) != len(want) {
		t.Fatalf("%d entries, want %d: %+v", len(all), len(want), all)
	}
	for k, w := range want {
		if e := all[k]; e.Task() != w.task || e.State.Waits() != w.waits || e.State.Ended() != w.ends || !strings.HasPrefix(e.Hint(), w.hint) || (w.hint == "") != (e.Hint() == "") {
			t.Errorf("%+v: %s; want %+v", e, e.Hint(), w)
		}
	}
	args, _ := os.ReadFile("args")
	for _, part := range []string{"--array", "--states=all", "--name=a_0,b_0"} {
		if !strings.Contains(string(args), part) {
			t.Errorf("squeue is called with %s, without %s", args, part)
		}
	}

	past, err := Client{}.History(context.Background(), "9")
	if err != nil || len(past) != 4 {
		t.Fatalf("%d entries of the accounting (%v)", len(past), err)
	}
	for k, hint := range []string{"", "task 9_1 was cancelled", "task 9_2 used more memory than it was given", "task 9_3 was ended at its time limit"} {
		if got := past[k].Hint(); !strings.HasPrefix(got, hint) || !past[k].State.Ended() || (hint == "") != (got == "") {
			t.Errorf("%+v: %q, want %q", past[k], got, hint)
		}
	}
}

// A cluster without accounting has no history, and no error.
func TestNoAccounting(t *testing.T) {
	fake(t, map[string]string{"sacct": "echo 'Slurm accounting storage is disabled' >&2; exit 1"})
	if all, err := (Client{}).History(context.Background(), "9"); err != nil || all != nil {
		t.Errorf("%v, %v", all, err)
	}
}

func TestMaxArraySize(t *testing.T) {
	for out, want := range map[string]int{"MaxArraySize            = 500": 500, "MaxArraySize = 0": 0, "Other = 3": DefaultMaxArraySize} {
		fake(t, map[string]string{"scontrol": "echo 'AccountingStorageHost   = x'; echo '" + out + "'"})
		if got, err := (Client{}).MaxArraySize(context.Background()); err != nil || got != want {
			t.Errorf("%s: %d, %v", out, got, err)
		}
	}
}
