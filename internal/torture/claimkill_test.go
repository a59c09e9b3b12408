package torture

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// killedLease is the lease of the processes that are killed here: short, so that many
// claims are taken over.
const killedLease = 400 * time.Millisecond

// Processes that share a folder by locks of the operating system, or by leases, are killed
// at instants that are printed, and others take their places at once. Some are stopped for
// longer than their lease instead, and go on into a run that another has taken. One
// undisturbed run then ends with the bytes that an undisturbed folder has. What counts is
// the claims that were lost, by lost.jsonl; GPW_TORTURE_KILLS ends the test after so many.
func TestClaimKillsFlock(t *testing.T) { claimKills(t, "flock") }

func TestClaimKillsLease(t *testing.T) { claimKills(t, "lease") }

func claimKills(t *testing.T, kind string) {
	most, err := strconv.Atoi(os.Getenv("GPW_TORTURE_KILLS"))
	if err != nil {
		most = 1 << 30
	}
	if duration == 0 {
		t.Skip("make torture runs it")
	}
	k := killer{kind: kind}
	whole := filepath.Join(filepath.Dir(house.whole), "whole_"+kind)
	if out, code := finish(k.command(whole)); code != 0 {
		t.Fatalf("the undisturbed run: exit code %d\n%s", code, out)
	}
	if k.want, err = contents(whole); err != nil {
		t.Fatal(err)
	}
	rounds(t, func(r *round) {
		if k.lost >= most {
			return
		}
		k.round(r)
	})
	t.Logf("%s: %d processes killed, %d of them with a claim, %d stopped beyond their lease; %d runs begun again, as lost.jsonl counts them",
		kind, k.killed, k.inClaim, k.stopped, k.lost)
	if k.lost == 0 {
		t.Error("no claim was lost: the case says little")
	}
}

// A killer counts what it did.
type killer struct {
	kind                           string
	want                           map[string][]byte // the undisturbed folder
	killed, inClaim, stopped, lost int
}

// command is gpw run by a kind of claims, of so many runs that few processes find nothing
// to do.
func (k *killer) command(dir string) *exec.Cmd {
	return command(dir, "losses=[contrastive]", "seeds=150", "steps=3000", "weights={at: []}", "--claims", k.kind, "--lease", killedLease.String(), "--workers", "2")
}

// round kills processes in one folder, until some have had their chance, and then lets one
// run undisturbed.
func (k *killer) round(r *round) {
	const atOnce, kills = 4, 100
	began := time.Now()
	type end struct {
		c       *exec.Cmd
		stopped bool
	}
	ended := make(chan end)
	start := func() {
		c := k.command(r.dir)
		wait := time.Duration(100+r.IntN(1200)) * time.Millisecond
		stop := k.kind == "lease" && r.IntN(6) == 0
		if err := c.Start(); err != nil {
			r.t.Fatal(err)
		}
		go func() {
			time.Sleep(wait)
			if stop {
				c.Process.Signal(syscall.SIGSTOP)
				time.Sleep(killedLease * 2)
				c.Process.Signal(syscall.SIGCONT)
				time.Sleep(wait / 2)
			}
			c.Process.Kill()
			c.Wait()
			ended <- end{c, stop}
		}()
	}

	for range atOnce {
		start()
	}
	for n := 0; n < kills; n++ {
		e := <-ended
		status, _ := e.c.ProcessState.Sys().(syscall.WaitStatus)
		held := k.held(r.dir, e.c.Process.Pid)
		if status.Signaled() {
			k.killed++
			if held > 0 {
				k.inClaim++
			}
		}
		if e.stopped {
			k.stopped++
		}
		r.did("%v: process %d ended, killed %v with %d claims, stopped before %v", time.Since(began).Round(time.Microsecond), e.c.Process.Pid, status.Signaled(), held, e.stopped)
		if n+atOnce < kills {
			start()
		}
	}
	r.t.Logf("seed %d:\n%s", r.seed, strings.Join(r.history, "\n"))
	k.settle(r)
}

// settle runs undisturbed, and holds the folder against the undisturbed one.
func (k *killer) settle(r *round) {
	out, code := finish(k.command(r.dir))
	r.calm("the last run", out, code, 0)
	if k.kind == "lease" { // what the dead left is removed after four leases
		time.Sleep(5 * killedLease)
		out, code = finish(k.command(r.dir))
		r.calm("a run after it", out, code, 0)
	}
	r.compareWith(k.want)
	if aside, _ := os.ReadDir(filepath.Join(r.dir, "damaged")); len(aside) > 0 {
		r.fault("a kill left what was called damaged: %v", aside)
	}
	if lines, err := os.Open(filepath.Join(r.dir, "lost.jsonl")); err == nil {
		for s := bufio.NewScanner(lines); s.Scan(); {
			k.lost++
		}
		lines.Close()
	}
}

// held counts the claims of runs that a process left behind.
func (k *killer) held(dir string, pid int) (n int) {
	names, _ := filepath.Glob(filepath.Join(dir, "locks", "????????????????????????????????????????????????????????????????*"))
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if bytes.HasPrefix(data, fmt.Appendf(nil, "process %d on", pid)) ||
			bytes.Contains(data, fmt.Appendf(nil, `"pid":%d,`, pid)) && bytes.Contains(data, []byte(`"released":false`)) {
			n++
		}
	}
	return n
}
