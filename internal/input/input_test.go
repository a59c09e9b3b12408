//go:build unix

package input

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Opening never waits: a pipe without a writer, a device without an end, a socket and a
// folder are each refused by what they are.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	file, pipe, link := filepath.Join(dir, "file"), filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("four"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()

	for path, want := range map[string]string{
		pipe: "a pipe", link: "a pipe", dir: "a folder", "/dev/zero": "a device", filepath.Join(dir, "s"): "a socket",
	} {
		_, _, err := Open(path)
		var e *KindError
		if !errors.As(err, &e) || e.Path != path || e.Kind != want {
			t.Errorf("%s: error %v, want one that says %s", path, err, want)
		}
	}
	if _, _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: error %v, want fs.ErrNotExist", err)
	}

	f, size, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if text, err := io.ReadAll(f); err != nil || string(text) != "four" || size != 4 {
		t.Errorf("read %q of %d bytes, error %v, want all four", text, size, err)
	}
}
