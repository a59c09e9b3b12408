//go:build slurm && linux

package launch

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A node that sees another folder under the path of the results says so through the
// scheduler, whether it finds nothing there or the folders of an older copy. What the
// other nodes make stays, and without that node the launch ends as a local run does.
func TestSlurmNotShared(t *testing.T) {
	if out, err := exec.Command("unshare", "-m", "true").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: mounts of one process need root and unshare: %v %s", err, out)
	}
	b := newBench(t, nil)
	file := b.spec("apart", 20)
	dir := filepath.Join(b.work, "apart")
	for _, made := range []string{dir, filepath.Join(b.work, "copy")} {
		if err := os.Mkdir(made, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	b.apart("n2", fmt.Sprintf("mount -t tmpfs none %s", dir))
	b.apart("n3", fmt.Sprintf("mount --bind %s %s", filepath.Join(b.work, "copy"), dir))

	// The copy has the folders of the launch, but not what is in its files.
	b.must("scontrol", "update", "partitionname=main", "state=down")
	b.done("run", file, "--launch", "slurm", "-o", "apart")
	made, _ := filepath.Glob(filepath.Join(dir, Folder, "*"))
	if len(made) != 1 {
		t.Fatalf("launches: %v", made)
	}
	inCopy := filepath.Join(b.work, "copy", Folder, filepath.Base(made[0]))
	if err := os.MkdirAll(filepath.Join(inCopy, logFolder), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(inCopy, markerFile), []byte("another\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	b.must("scontrol", "update", "partitionname=main", "state=up")
	b.until("no task is left", time.Minute, func() bool { return b.ask("squeue", "-h") == "" })

	before := b.records("apart")
	stdout, _, err := b.gpw("status", "apart", "--format", "csv")
	for _, want := range []string{
		"could not begin on node n2, because its log could not be written there: use a folder that all nodes share",
		"ended on node n3: the folder is not shared with the node, or is another one there: use a folder that all nodes share",
	} {
		if err != nil || !strings.Contains(stdout, want) {
			t.Errorf("gpw status lacks %q (%v):\n%s", want, err, stdout)
		}
	}
	if before == 0 || before == 12 {
		t.Errorf("%d of 12 runs were made by the node that shares the folder", before)
	}
	const without = "launch.directives=[--nodelist=n1]"
	said := b.done("run", file, "--launch", "slurm", "--wait", "-o", "apart", without)
	if want := fmt.Sprintf("submitted %d runs", 12-before); !strings.Contains(said, want) {
		t.Errorf("%s; want %s", said, want)
	}
	b.equalsLocal(file, "apart", without)
}

// apart begins the daemon of a node anew, with mounts that only it and its tasks see.
func (b *bench) apart(node, mount string) {
	b.t.Helper()
	pid := b.pid("run/slurmd." + node + ".pid")
	_ = syscall.Kill(pid, syscall.SIGKILL)
	b.until("the daemon is gone", time.Minute, func() bool { return syscall.Kill(pid, 0) != nil })
	b.must("unshare", "-m", "sh", "-c", mount+" && exec slurmd -f "+b.conf+" -N "+node)
	b.idle()
}
