package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// untilFile is a context that ends when a file is there.
type untilFile struct {
	context.Context
	pattern string
}

func (c untilFile) Err() error {
	if found, err := filepath.Glob(c.pattern); err != nil || len(found) > 0 {
		return context.Canceled
	}
	return nil
}

func TestPlotStops(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	ctx := untilFile{t.Context(), out + "/*"}
	var stdout bytes.Buffer
	stopped := func() string {
		root := newRoot(&stdout, new(bytes.Buffer))
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
		t.Errorf("files %v, error %v, printed %q, want one", files, err, &stdout)
	}
	if got := stopped(); got != "stopped before anything was written; the same command starts again" {
		t.Errorf("error %q of a context that has ended before", got)
	}
}
