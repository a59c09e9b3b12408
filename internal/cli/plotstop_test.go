package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A canceller ends a context when the name of a file is printed.
type canceller struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (c *canceller) Write(p []byte) (int, error) {
	c.cancel()
	return c.Buffer.Write(p)
}

func TestPlotStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out := filepath.Join(t.TempDir(), "out")
	stdout := &canceller{cancel: cancel}
	stopped := func() string {
		root := newRoot(stdout, new(bytes.Buffer))
		root.SetArgs([]string{"plot", "--loss", "nca", "-o", out + "/"})
		err := root.ExecuteContext(ctx)
		if err == nil {
			t.Fatal("it goes on")
		}
		return err.Error()
	}
	if got := stopped(); !strings.Contains(got, "stopped: 1 of 4 files are written, those named above") {
		t.Errorf("error %q, want what is written", got)
	}
	if files, err := os.ReadDir(out); err != nil || len(files) != 1 || strings.Count(stdout.String(), "\n") != 1 {
		t.Errorf("files %v, error %v, printed %q, want one", files, err, stdout)
	}
	if got := stopped(); got != "stopped before anything was written; the same command starts again" {
		t.Errorf("error %q of a context that has ended before", got)
	}
}
