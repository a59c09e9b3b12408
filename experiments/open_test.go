//go:build unix

package experiments

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gpwbench/experiments/spec"
	"gpwbench/losses"
)

// What is no file of a spec's size is a wrong spec, told at once: a pipe may never have a
// writer, and /dev/zero has no end.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	pipe, large, folder := filepath.Join(dir, "pipe.yaml"), filepath.Join(dir, "large.yaml"), filepath.Join(dir, "folder.yaml")
	if err := errors.Join(syscall.Mkfifo(pipe, 0o644), os.WriteFile(large, make([]byte, spec.MostBytes+1), 0o644), os.Mkdir(folder, 0o755)); err != nil {
		t.Fatal(err)
	}

	for path, want := range map[string]string{
		pipe:        pipe + " is a pipe, not a file; give the YAML file of a spec",
		"/dev/zero": "/dev/zero is a device, not a file; give the YAML file of a spec",
		folder:      folder + " is a folder, not a file; give the YAML file of a spec",
		large:       large + " has 1048577 bytes, and a spec at most 1048576; give the YAML file of a spec",
		dir + "/n/": dir + "/n/: no such file; the shipped specs are ",
	} {
		_, err := Open(path, nil, losses.Catalogue)
		if e := new(spec.SpecError); !errors.As(err, &e) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", path, err, want)
		}
	}
}
