//go:build slurm && linux

package launch

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Tasks and nodes of a cluster are killed at random instants, which are printed, until
// GPW_SLURM_KILLS of them held a claim. In the end the folders are those of a local run
// to the byte, and gpw status has counted every loss. make torture-slurm runs it.
func TestKillsFlock(t *testing.T) { slurmKills(t, "flock") }

func TestKillsLease(t *testing.T) { slurmKills(t, "lease") }

func slurmKills(t *testing.T, kind string) {
	most, err := strconv.Atoi(os.Getenv("GPW_SLURM_KILLS"))
	if err != nil {
		t.Skip("make torture-slurm runs it")
	}
	seed, err := strconv.ParseUint(os.Getenv("GPW_TORTURE_SEED"), 10, 64)
	if err != nil {
		seed = uint64(time.Now().UnixNano() % 1e9)
	}
	steps := 3000
	if n, err := strconv.Atoi(os.Getenv("GPW_SLURM_STEPS")); err == nil {
		steps = n
	}
	b := newBench(t, map[string]string{"MaxJobCount": "10000"})
	k := &slurmKiller{bench: b, Rand: rand.New(rand.NewPCG(seed, 0)), most: most, began: time.Now()}
	file := b.spec("kills", steps)
	t.Logf("%s, seed %d, %d steps a run", kind, seed, steps)
	for n := 0; k.holders < most; n++ {
		dir := fmt.Sprintf("kills%d", n)
		k.round(dir, "run", file, "--launch", "slurm", "--claims", kind, "--lease", "5s", "-o", dir)
		if n == 0 {
			b.equalsLocal(file, dir)
		} else if diff := differences(contents(t, filepath.Join(b.work, "kills0_local")), contents(t, filepath.Join(b.work, dir))); len(diff) > 0 {
			t.Errorf("%s differs from the local run: %v", dir, diff)
		}
	}
	t.Logf("%s: %d kills (%d of tasks, %d of nodes, %d of daemons alone) in %v; %d processes killed, %d of them with %d claims; %d runs made, %d begun again, as gpw status counts them",
		kind, k.kills, k.kinds[0], k.kinds[1], k.kinds[2], time.Since(k.began).Round(time.Second), k.processes, k.holders, k.claims, k.runs, k.again)
}

// A slurmKiller counts what it did.
type slurmKiller struct {
	*bench
	*rand.Rand
	most  int
	began time.Time

	kills, processes, holders, claims int
	kinds                             [3]int // of tasks, of nodes, of daemons alone
	runs, again                       int
}

// round launches into one folder, kills until all runs are made or there were enough
// kills, and then lets the launch end. What no task has is launched again meanwhile.
func (k *slurmKiller) round(dir string, launch ...string) {
	k.t.Helper()
	k.done(launch...)
	launched := time.Now()
	for end := time.Now().Add(20 * time.Minute); k.records(dir) < 12; {
		time.Sleep(time.Duration(200+k.IntN(2500)) * time.Millisecond)
		if k.holders < k.most {
			k.kill(dir)
		}
		if time.Since(launched) > 10*time.Second {
			k.begin()
			if _, said, err := k.gpw(launch...); err != nil { // of a controller that is busy, too
				k.t.Logf("the launch again: %v\n%s", err, said)
			}
			launched = time.Now()
		}
		if time.Now().After(end) {
			k.t.Fatalf("%d of 12 runs are made\n%s\n%s", k.records(dir), k.ask("squeue", "-r"), k.logs())
		}
	}
	k.begin()
	k.done(append(launch, "--wait")...)

	stdout, said, err := k.gpw("status", dir, "--format", "json")
	var status struct {
		Runs   int            `json:"runs"`
		Counts map[string]int `json:"counts"`
		Again  int            `json:"begun_again"`
	}
	if err == nil {
		err = json.Unmarshal([]byte(stdout), &status)
	}
	if err != nil || status.Counts["done"] != 12 || status.Runs != 12 {
		k.t.Errorf("gpw status %s: %v, %+v\n%s", dir, err, status, said)
	}
	k.runs, k.again = k.runs+status.Runs, k.again+status.Again
	if aside, _ := os.ReadDir(filepath.Join(k.work, dir, "damaged")); len(aside) > 0 {
		k.t.Errorf("a kill left what was called damaged: %v", aside)
	}
}

// kill kills a task, a node with its tasks, or the daemon of a node alone, so that its
// tasks go on while the scheduler begins them elsewhere.
func (k *slurmKiller) kill(dir string) {
	node := nodes[k.IntN(len(nodes))]
	tasks, watchers := k.tasksOn(node)
	if len(tasks) == 0 || k.pid("run/slurmd."+node+".pid") == 0 {
		return
	}
	what := []int{0, 0, 1, 1, 2}[k.IntN(5)]
	at := time.Since(k.began).Round(time.Microsecond)
	switch what {
	case 0:
		tasks = tasks[k.IntN(len(tasks)):][:1]
		send(tasks[0], syscall.SIGKILL)
	case 1:
		send(k.pid("run/slurmd."+node+".pid"), syscall.SIGKILL)
		for _, pid := range append(watchers, tasks...) {
			send(pid, syscall.SIGKILL)
		}
	case 2:
		send(k.pid("run/slurmd."+node+".pid"), syscall.SIGKILL)
		tasks = nil
	}
	time.Sleep(20 * time.Millisecond) // until they are dead
	claims, held := k.held(dir, tasks), 0
	for _, pid := range tasks {
		k.processes++
		if n := claims[pid]; n > 0 {
			k.holders++
			held += n
		}
	}
	k.claims += held
	k.kills++
	k.kinds[what]++
	if what > 0 {
		_ = os.Remove(k.path("run/slurmd." + node + ".pid"))
	}
	k.t.Logf("%v: %s of %s, processes %v with %d claims; %d runs are made", at, []string{"a task", "the node", "the daemon"}[what], node, tasks, held, k.records(dir))
}

// begin begins the daemons that were killed.
func (k *slurmKiller) begin() {
	k.t.Helper()
	for _, n := range nodes {
		if k.pid("run/slurmd."+n+".pid") == 0 {
			k.must("slurmd", "-f", k.conf, "-N", n)
		}
	}
}

// held counts the claims that processes have, of runs.
func (k *slurmKiller) held(dir string, pids []int) map[int]int {
	names, _ := filepath.Glob(filepath.Join(k.work, dir, "locks", strings.Repeat("[0-9a-f]", 64)+".*"))
	n, newest := map[int]int{}, map[string]int{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		id, rest, _ := strings.Cut(filepath.Base(name), ".")
		number, _ := strconv.Atoi(strings.TrimSuffix(rest, ".lease"))
		if _, met := newest[id]; met && number < newest[id] {
			continue
		}
		newest[id] = number
		for _, pid := range pids {
			if strings.HasPrefix(string(data), fmt.Sprintf("process %d on", pid)) ||
				strings.Contains(string(data), fmt.Sprintf(`"pid":%d,`, pid)) && strings.Contains(string(data), `"released":false`) {
				n[pid]++
			}
		}
	}
	return n
}
