//go:build slurm && linux

package launch

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A cluster is a Slurm cluster of three nodes on this machine, in a folder of its own:
// munged, slurmctld and three slurmd.
type cluster struct {
	t    *testing.T
	dir  string
	conf string
}

var nodes = []string{"n1", "n2", "n3"}

// daemons are what a cluster needs; all of them are in Debian's slurm-wlm and munge.
var daemons = []string{"munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "sinfo", "scancel"}

func init() { os.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin") } // where daemons are

// startCluster starts a cluster with options of slurm.conf, and stops it with the test.
// Without Slurm the test is skipped aloud.
func startCluster(t *testing.T, options map[string]string) *cluster {
	t.Helper()
	for _, d := range daemons {
		if _, err := exec.LookPath(d); err != nil {
			t.Skipf("SKIPPED: %s is not installed; apt-get install slurm-wlm munge has it", d)
		}
	}

	dir, err := os.MkdirTemp("", "gpwslurm") // short, because a socket's path is
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{t: t, dir: dir, conf: filepath.Join(dir, "slurm.conf")}
	for _, d := range []string{"munge/log", "state", "spool", "run", "log"} {
		if err := os.MkdirAll(c.path(d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	key := make([]byte, 1024)
	_, _ = rand.Read(key)
	c.write("munge/key", key, 0o600)
	c.write("slurm.conf", []byte(c.configuration(options)), 0o644)

	t.Cleanup(c.stop)
	m := func(name string) string { return c.path("munge/" + name) }
	c.must("munged", "--force", "--key-file="+m("key"), "--socket="+m("munge.sock"), "--pid-file="+m("munged.pid"), "--log-file="+m("log/munged.log"),
		"--seed-file="+m("log/munged.seed"), "--num-threads=2", "--origin=127.0.0.1")
	c.must("slurmctld", "-f", c.conf)
	for _, n := range nodes {
		c.must("slurmd", "-f", c.conf, "-N", n)
	}
	c.idle()
	return c
}

func (c *cluster) path(name string) string { return filepath.Join(c.dir, name) }

func (c *cluster) write(name string, data []byte, mode os.FileMode) {
	c.t.Helper()
	if err := os.WriteFile(c.path(name), data, mode); err != nil {
		c.t.Fatal(err)
	}
}

// configuration is slurm.conf. The nodes claim four processors each, so that tasks run at
// the same time, and time limits of the daemons are short.
func (c *cluster) configuration(options map[string]string) string {
	host, err := os.Hostname()
	if err != nil {
		c.t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	me, err := user.Current()
	if err != nil {
		c.t.Fatal(err)
	}
	ports := freePorts(c.t, 1+len(nodes))

	all := map[string]string{
		"ClusterName": "gpw", "SlurmctldHost": host + "(127.0.0.1)", "SlurmctldPort": ports[0], "SlurmUser": me.Username, "SlurmdUser": me.Username,
		"AuthType": "auth/munge", "AuthInfo": "socket=" + c.path("munge/munge.sock") + ",cred_expire=5", "CredType": "cred/munge",
		"CommunicationParameters": "NoCtldInAddrAny,NoInAddrAny", "StateSaveLocation": c.path("state"), "SlurmdSpoolDir": c.path("spool/%n"),
		"SlurmctldPidFile": c.path("run/slurmctld.pid"), "SlurmdPidFile": c.path("run/slurmd.%n.pid"), "SlurmctldLogFile": c.path("log/slurmctld.log"),
		"SlurmdLogFile": c.path("log/slurmd.%n.log"), "ProctrackType": "proctrack/linuxproc", "TaskPlugin": "task/none", "JobAcctGatherType": "jobacct_gather/none",
		"AccountingStorageType": "accounting_storage/none", "SwitchType": "switch/none", "MpiDefault": "none", "SelectType": "select/cons_tres",
		"SelectTypeParameters": "CR_Core", "SchedulerType": "sched/backfill", "SchedulerParameters": "sched_min_interval=100000,batch_sched_delay=0,bf_interval=1",
		"SlurmdParameters": "config_overrides", "ReturnToService": "2", "SlurmctldTimeout": "10", "SlurmdTimeout": "3", "MessageTimeout": "2",
		"InactiveLimit": "0", "KillWait": "5", "MinJobAge": "600", "JobRequeue": "1",
	}
	for key, value := range options {
		all[key] = value
	}

	var b strings.Builder
	for key, value := range all {
		fmt.Fprintf(&b, "%s=%s\n", key, value)
	}
	for k, n := range nodes {
		fmt.Fprintf(&b, "NodeName=%s NodeHostname=%s NodeAddr=127.0.0.1 Port=%s CPUs=4 RealMemory=2000 State=UNKNOWN\n", n, host, ports[1+k])
	}
	b.WriteString("PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO\n")
	return b.String()
}

// freePorts are ports that nothing listens on.
func freePorts(t *testing.T, n int) []string {
	t.Helper()
	var ports []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
	return ports
}

// environment is that of the cluster's clients.
func (c *cluster) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SLURM") || strings.HasPrefix(v, "SBATCH") })
	return append(env, "SLURM_CONF="+c.conf)
}

func (c *cluster) command(deadline time.Duration, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = c.environment()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second // daemons keep the pipes
	if err := cmd.Start(); err != nil {
		return "", err
	}
	late := time.AfterFunc(deadline, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	err := cmd.Wait()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	return out.String(), err
}

// must runs a command that must work.
func (c *cluster) must(name string, args ...string) string {
	c.t.Helper()
	out, err := c.command(20*time.Second, name, args...)
	if err != nil {
		c.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

// ask runs a command that may fail, as a client of a daemon that is beginning does.
func (c *cluster) ask(name string, args ...string) string {
	out, _ := c.command(10*time.Second, name, args...)
	return out
}

// until waits for a condition.
func (c *cluster) until(what string, most time.Duration, is func() bool) {
	c.t.Helper()
	for end := time.Now().Add(most); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("after %s it is still not so that %s\n%s\n%s", most, what, c.ask("squeue", "-r", "--states=all"), c.ask("sinfo"))
		}
	}
}

func (c *cluster) pid(name string) int {
	data, err := os.ReadFile(c.path(name))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(data)))
	return pid
}

// send sends a signal to a process, if there is one: 0 would be all processes of the test.
func send(pid int, signal syscall.Signal) {
	if pid > 0 {
		_ = syscall.Kill(pid, signal)
	}
}

// tasksOn are the processes of tasks on a node, and those that watch over them. They are
// known by their environment, which names this cluster and the node.
func (c *cluster) tasksOn(node string) (tasks, watchers []int) {
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range all {
		env, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(env, []byte("SLURM_CONF="+c.conf+"\x00")) || !bytes.Contains(env, []byte("SLURMD_NODENAME="+node+"\x00")) ||
			!bytes.Contains(env, []byte("SLURM_ARRAY_TASK_ID=")) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		tasks = append(tasks, pid)
		if status, err := os.ReadFile(filepath.Join(filepath.Dir(file), "stat")); err == nil {
			_, after, _ := strings.Cut(string(status), ") ")
			if fields := strings.Fields(after); len(fields) > 1 {
				if parent, err := strconv.Atoi(fields[1]); err == nil && parent > 1 {
					watchers = append(watchers, parent)
				}
			}
		}
	}
	return tasks, watchers
}

// crash ends a node at once with all that runs there; with onlyDaemon its tasks go on.
func (c *cluster) crash(node string, onlyDaemon bool) {
	c.t.Helper()
	tasks, watchers := c.tasksOn(node)
	send(c.pid("run/slurmd."+node+".pid"), syscall.SIGKILL)
	if onlyDaemon {
		return
	}
	for _, pid := range append(watchers, tasks...) {
		send(pid, syscall.SIGKILL)
	}
}

// forget makes the controller begin anew without its state.
func (c *cluster) forget() {
	c.t.Helper()
	pid := c.pid("run/slurmctld.pid")
	send(pid, syscall.SIGKILL)
	c.until("the controller is gone", time.Minute, func() bool { return syscall.Kill(pid, 0) != nil })
	c.must("slurmctld", "-c", "-f", c.conf)
	c.idle()
}

// idle waits until the nodes take tasks.
func (c *cluster) idle() {
	c.t.Helper()
	c.until("all nodes are idle", time.Minute, func() bool { return strings.Count(c.ask("sinfo", "-h", "-N", "-o", "%T"), "idle") == len(nodes) })
}

// stop ends all that the cluster began. Nothing of it is kept, so that nobody waits for
// daemons to write their state.
func (c *cluster) stop() {
	if c.t.Failed() {
		log, _ := os.ReadFile(c.path("log/slurmctld.log"))
		c.t.Logf("slurmctld: %s", log[max(0, len(log)-4000):])
	}
	for _, n := range nodes {
		c.crash(n, false)
	}
	for _, file := range []string{"run/slurmctld.pid", "munge/munged.pid"} {
		if pid := c.pid(file); pid > 0 {
			send(pid, syscall.SIGKILL)
		}
	}
	time.Sleep(100 * time.Millisecond)
	_ = os.RemoveAll(c.dir)
}
