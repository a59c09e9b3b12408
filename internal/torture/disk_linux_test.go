package torture

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// noMount is the exit code of a helper that may not mount.
const noMount = 77

func init() { helpers["disk"] = onSmallDisk }

// The disk becomes full while a run writes: it ends with a message, keeps what is done,
// and goes on to the same bytes once there is room. The disk is a tmpfs of its own; where
// none can be mounted, a limit on the size of files stands for it.
func TestFullDisks(t *testing.T) {
	rounds(t, func(r *round) {
		total := 0
		for _, data := range house.files {
			total += len(data)
		}
		kilobytes := 100 + r.IntN(total/1024)
		r.did("a disk of %d kB for %d kB", kilobytes, total/1024)
		if err := os.MkdirAll(r.dir, 0o755); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "GPW_TORTURE_HELPER=disk", "GPW_TORTURE_DISK="+r.dir, "GPW_TORTURE_GPW="+house.gpw, "GPW_TORTURE_SPEC="+house.spec, fmt.Sprintf("GPW_TORTURE_KB=%d", kilobytes))
		c.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		}

		out, err := c.CombinedOutput()
		exit := new(exec.ExitError)
		switch {
		case err == nil:
			r.compare(r.dir+".copy", false)
		case !errors.As(err, &exit) || exit.ExitCode() == noMount:
			r.did("no tmpfs here: %v", err)
			r.limited(kilobytes)
		default:
			r.fault("%v\n%s", err, out)
		}
	})
}

// limited runs with a limit on the size of each file, which the largest exceed.
func (r *round) limited(kilobytes int) {
	limited := exec.Command("sh", "-c", `trap "" XFSZ; ulimit -f $0; exec "$@"`, fmt.Sprint(kilobytes/20), house.gpw, "run", house.spec, "-o", r.dir)
	out, code := finish(limited)
	r.calm("a run with a limit", out, code, 0, 1)
	r.settle(false)
}

// onSmallDisk runs in the helper: the run into a small disk, the table of what is done,
// the run after the disk has grown. It copies the folder to where the test sees it, and
// prints what is wrong.
func onSmallDisk() (exit int) {
	dir, size := os.Getenv("GPW_TORTURE_DISK"), os.Getenv("GPW_TORTURE_KB")
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size+"k"); err != nil {
		fmt.Println(err)
		return noMount
	}

	house.gpw, house.spec = os.Getenv("GPW_TORTURE_GPW"), os.Getenv("GPW_TORTURE_SPEC")
	folder := filepath.Join(dir, "run")
	wrong := func(what, out string, code int) {
		fmt.Printf("%s: exit code %d\n%s\n", what, code, out)
		exit = 1
	}

	full := func(out string) bool {
		return strings.Contains(out, "no space left on device: free some space and run again")
	}
	if out, code := run(folder); code != 0 && (code != 1 || !full(out)) || strings.Contains(out, "goroutine ") {
		wrong("a run on a small disk", out, code)
	}
	if out, code := verb("table", folder); code != 0 && code != 1 || strings.Contains(out, "damaged") || strings.Contains(out, "goroutine ") {
		wrong("table on a full disk", out, code)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=1g"); err != nil {
		wrong("remounting", err.Error(), 0)
		return exit
	}

	if out, code := run(folder); code != 0 || strings.Contains(out, "damaged") {
		wrong("the run with room", out, code)
	}
	if err := os.CopyFS(dir+".copy", os.DirFS(folder)); err != nil {
		wrong("copying", err.Error(), 0)
	}

	return exit
}
