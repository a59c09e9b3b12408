package results

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A full and a read-only disk are real ones: a helper in a mount namespace of its own
// mounts a tmpfs of 256 kB.
func TestSmallDisk(t *testing.T) {
	c := helper("disk", t.TempDir())
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}

	out, err := c.Output()
	var exit *exec.ExitError
	switch {
	case err == nil:
	case !errors.As(err, &exit):
		t.Skipf("skipped: no mount namespace here: %v", err)
	case exit.ExitCode() == noMount:
		t.Skipf("skipped: no tmpfs can be mounted here: %s", out)
	default:
		t.Errorf("%v\n%s", err, out)
	}
}

const noMount = 77

func init() {
	helpers["disk"] = func(dir string) { os.Exit(onSmallDisk(dir)) }
}

// onSmallDisk runs in the helper. It prints what is wrong.
func onSmallDisk(dir string) (exit int) {
	wrong := func(format string, args ...any) {
		fmt.Printf(format+"\n", args...)
		exit = 1
	}

	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		fmt.Println(err)
		return noMount
	}

	s, err := Open(filepath.Join(dir, "run"))
	if err != nil {
		wrong("Open: %v", err)
		return
	}

	first := sample("cub", "contrastive", 0)
	if err := s.putRecord(first); err != nil {
		wrong("Put: %v", err)
	}

	// Incompressible, larger than what is left, and not a whole number of pages.
	blob := make([]byte, 300_001)
	rand.NewChaCha8([32]byte{}).Read(blob)
	name := "weights/" + first.ID + ".npz"
	err = s.PutArtifact(name, blob)
	if !errors.Is(err, syscall.ENOSPC) || !strings.HasSuffix(err.Error(), "no space left on device: free some space and run again, finished runs are kept") {
		wrong("on a full disk: error %v", err)
	}
	if left, _ := os.ReadDir(filepath.Join(s.Dir(), "weights")); len(left) > 0 {
		wrong("the failed write left %v", left)
	}
	if err := s.PutArtifact(name, blob[:1000]); err != nil {
		wrong("after the failed write: %v", err)
	}
	// A file that is there is not lost to a write that fails.
	if err := s.PutArtifact(name, blob); !errors.Is(err, syscall.ENOSPC) {
		wrong("on a full disk, replacing: error %v", err)
	}
	if got, err := os.ReadFile(s.Path(name)); err != nil || !bytes.Equal(got, blob[:1000]) {
		wrong("the failed write changed the file that was there: %d bytes, %v", len(got), err)
	}

	// Fill the disk to the last byte: records and timings fail just as well, and what is
	// done stays.
	fill, err := os.Create(filepath.Join(dir, "fill"))
	if err != nil {
		wrong("%v", err)
		return
	}

	for err == nil {
		_, err = fill.Write(blob[:512])
	}
	if err := s.putRecord(sample("cub", "contrastive", 1)); !errors.Is(err, syscall.ENOSPC) {
		wrong("record on a full disk: error %v", err)
	}
	if all, err := s.All(); err != nil || len(all) != 1 {
		wrong("on a full disk: %d records, %v, want 1", len(all), err)
	}
	fill.Close()
	os.Remove(fill.Name())
	if err := s.putRecord(sample("cub", "contrastive", 1)); err != nil {
		wrong("after freeing space: %v", err)
	}
	s.Close()

	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		wrong("remounting: %v", err)
		return
	}

	_, err = Open(s.Dir())
	if err == nil || !strings.HasSuffix(err.Error(), "read-only file system: make it writable, or choose another folder") {
		wrong("Open on a read-only disk: error %v", err)
	}
	reader, err := OpenRead(s.Dir())
	if err != nil {
		wrong("OpenRead on a read-only disk: %v", err)
		return
	}

	if all, err := reader.All(); err != nil || len(all) != 2 {
		wrong("on a read-only disk: %d records, %v, want 2", len(all), err)
	}
	return exit
}
