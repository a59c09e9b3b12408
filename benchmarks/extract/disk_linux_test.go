package extract

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk names the folder of a disk of 8 kB in the process that has one.
const smallDisk = "GPW_TEST_SMALL_DISK"

// A job whose journal fills the disk ends with what to do, keeps complete batches, and
// goes on to the same bytes once there is room. The disk is a tmpfs that a process with
// namespaces of its own mounts.
func TestFullDisk(t *testing.T) {
	if dir := os.Getenv(smallDisk); dir != "" {
		onSmallDisk(t, dir)
		return
	}
	c := exec.Command(os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
	c.Env = append(os.Environ(), smallDisk+"="+t.TempDir())
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}

	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &exit):
		t.Skipf("no mount namespace here: %v", err)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("no tmpfs can be mounted here: %s", out)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	}
}

func onSmallDisk(t *testing.T, dir string) {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8k"); err != nil {
		t.Skip(err)
	}
	s, o := drawn(t, 120), small()
	elsewhere := filepath.Join(t.TempDir(), "part")
	want, _ := extracted(t, s, &brightness{}, o, elsewhere)
	if info, err := os.Stat(elsewhere); err != nil || info.Size() < 8<<10 {
		t.Fatalf("the journal needs more than the disk has: %v", err)
	}

	path := filepath.Join(dir, "part")
	before := 0
	for call := range 2 {
		j, err := NewJob(s, &brightness{}, o, path)
		if err != nil {
			t.Fatal(err)
		}
		if call == 1 && (j.Resumed() != before || before == 0 || before == len(s.Paths)) {
			t.Errorf("%d images of %d are kept, want the %d that were done", j.Resumed(), len(s.Paths), before)
		}
		err = j.Run(t.Context(), nil)
		if !errors.Is(err, syscall.ENOSPC) || !strings.HasSuffix(err.Error(), "no space left on device; what was kept before stays: free some space and run again") {
			t.Errorf("on a full disk: error %v", err)
		}
		if info, err := os.Stat(path); err != nil || info.Size() != j.journal.end {
			t.Errorf("%d bytes are left behind the last complete batch, error %v", info.Size()-j.journal.end, err)
		}
		before = j.Done()
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}

	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=1m"); err != nil {
		t.Fatal(err)
	}
	if got, _ := extracted(t, s, &brightness{}, o, path); !bytes.Equal(got, want) {
		t.Error("once there is room, another file is written")
	}

	// No byte is left for the recipe: the next call begins.
	full := filepath.Join(dir, "full")
	if err := os.WriteFile(full, make([]byte, 1<<20), 0o644); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is filled: %v", err)
	}
	if _, err := NewJob(s, &brightness{}, o, filepath.Join(dir, "other")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a journal on a full disk: error %v", err)
	}
	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	if got, _ := extracted(t, s, &brightness{}, o, filepath.Join(dir, "other")); !bytes.Equal(got, want) {
		t.Error("after a full disk, another file is written")
	}
}
