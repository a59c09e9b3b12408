//go:build unix

package results

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"gpwbench/internal/input"
)

// A pipe in the place of a record or a plan is an error that names it. Opening a pipe
// without a writer would never end.
func TestPipeInFolder(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := sample("cub", "contrastive", 0)
	for _, path := range []string{s.Path(RecordName(r.ID)), s.Path(planName)} {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	kind := new(input.KindError)
	if _, err := s.Get(r.ID); !errors.As(err, &kind) || kind.Path != s.Path(RecordName(r.ID)) {
		t.Errorf("a record that is a pipe: error %v", err)
	}
	if _, _, err := s.LoadPlan(); !errors.As(err, &kind) || kind.Path != s.Path(planName) {
		t.Errorf("a plan that is a pipe: error %v", err)
	}
	if err := os.Remove(s.Path(planName)); err != nil {
		t.Fatal(err)
	}
}
