//go:build slurm && linux

package launch

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gpwbench/internal/npy"
)

// embeddings writes rows of classes that overlap, and their labels: 24 blocks of queries.
func (b *bench) embeddings() {
	b.t.Helper()
	const rows, cols, perClass = 24000, 32, 10
	r := rand.New(rand.NewPCG(1, 2))
	x, y, center := make([]float32, 0, rows*cols), make([]int64, rows), make([]float64, cols)
	for i := range y {
		if y[i] = int64(i / perClass); i%perClass == 0 {
			for k := range center {
				center[k] = r.NormFloat64()
			}
		}
		for _, c := range center {
			x = append(x, float32(c+1.2*r.NormFloat64()))
		}
	}
	write := func(name string, array func(w *bytes.Buffer) error) {
		var data bytes.Buffer
		if err := array(&data); err != nil {
			b.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(b.work, name), data.Bytes(), 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
	write("x.npy", func(w *bytes.Buffer) error { return npy.WriteFloat32(w, []int{rows, cols}, x) })
	write("y.npy", func(w *bytes.Buffer) error { return npy.WriteInt64(w, []int{rows}, y) })
}

// An evaluation whose parts are tasks on three nodes prints, once they are merged, what
// one process prints, to the byte in every format. A node crashes while a part is being
// ranked; the task that takes its place goes on behind the blocks that are kept.
func TestSlurmEvaluation(t *testing.T) {
	b := newBench(t, nil)
	b.embeddings()
	eval := []string{"eval", "--embeddings", "x.npy", "--labels", "y.npy"}
	launch := append(eval, "--launch", "slurm", "--parts", "6", "--resume", "parts", "launch.cpus=2")
	_, said, err := b.gpw(launch...)
	if err != nil || !strings.Contains(said, "submitted 6 tasks of job ") {
		t.Fatalf("the launch: %v\n%s", err, said)
	}

	part, kept := b.stopWithin("n2")
	b.crash("n2", false)
	if stdout, said, err := b.gpw(launch...); err != nil || stdout != "" || strings.Contains(said, "24 of 24 blocks") {
		t.Errorf("while the part %s is not whole: %v\n%s%s", part, err, stdout, said)
	}
	t.Logf("the node crashed with %d bytes of %s", len(kept), filepath.Base(part))

	merged, said, err := b.gpw(append(launch, "--wait")...)
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, said, b.logs())
	}
	if !strings.Contains(b.logs(), "on node n3") {
		t.Errorf("no task ran on the third node:\n%s", b.logs())
	}
	if whole, err := os.ReadFile(part); err != nil || !bytes.HasPrefix(whole, kept) || len(whole) <= len(kept) {
		t.Errorf("%s (%v) does not go on where it ended: %d bytes were kept, and there are %d", part, err, len(kept), len(whole))
	}
	for _, format := range []string{"text", "json", "csv"} {
		alone, said, err := b.gpw(append(eval, "--format", format)...)
		if err != nil || !strings.Contains(alone, "24000") {
			t.Fatalf("one process: %v\n%s%s", err, said, alone)
		}
		if format != "text" {
			if merged, said, err = b.gpw(append(launch, "--format", format)...); err != nil || strings.Contains(said, "submitted") {
				t.Errorf("%s once all is there: %v\n%s", format, err, said)
			}
		}
		if merged != alone {
			t.Errorf("%s of the parts:\n%s\nand of one process:\n%s", format, merged, alone)
		}
	}
}

// stopWithin stops the tasks of a node while one of them is within its part: some blocks
// of queries are kept, and some are not. It returns the part's file and what it has. The
// tasks go on a little at a time until then, however busy the machine is.
func (b *bench) stopWithin(node string) (file string, kept []byte) {
	b.t.Helper()
	const record = 1000 * 73 // bytes of a block at least
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		tasks, _ := b.tasksOn(node)
		for _, pid := range tasks {
			send(pid, syscall.SIGSTOP)
		}
		for _, pid := range tasks {
			command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			words := strings.Split(strings.TrimRight(string(command), "\x00"), "\x00")
			number, err := strconv.Atoi(words[len(words)-1])
			if err != nil {
				continue
			}
			file = filepath.Join(b.work, "parts", fmt.Sprintf("part-%d", number+1))
			if kept, err = os.ReadFile(file); err == nil && len(kept) > record && len(kept) < 4*record {
				return file, kept[:len(kept)-len(kept)%4096] // whatever the last record lost
			}
		}
		for _, pid := range tasks {
			send(pid, syscall.SIGCONT)
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.t.Fatalf("no task on %s was seen within its part\n%s", node, b.logs())
	return "", nil
}
