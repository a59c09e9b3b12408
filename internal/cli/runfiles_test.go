package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// full is a standard output that takes nothing; on the way it may do what another
// program does.
type full struct{ meanwhile func() }

func (f full) Write(p []byte) (int, error) {
	if f.meanwhile != nil {
		f.meanwhile()
	}
	return 0, errors.New("no space left on device")
}

// Files are complete before anything is printed, so that a reader that goes away or a
// full disk takes none with it.
func TestFilesBeforePrint(t *testing.T) {
	desk(t)
	for _, args := range []string{"run tiny.yaml -o ", "plot --run whole -o ", "plot --loss contrastive --loss nca -o "} {
		words := strings.Fields(args)
		done(t, append(words, "whole")...)
		var stderr bytes.Buffer
		if code := Main(append(words, "unread"), full{}, &stderr); code != exitError || !strings.Contains(stderr.String(), "no space left on device") {
			t.Errorf("%s: exit code %d, %q", args, code, stderr.String())
		}
		want := namesBelow(t, "whole")
		if diff := cmp.Diff(want, namesBelow(t, "unread")); diff != "" || len(want) < 4 {
			t.Errorf("%s (-whole +unread)\n%s", args, diff)
		}
	}
}

// namesBelow are the files below a folder.
func namesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	for path := range tree(t, dir) {
		all = append(all, strings.TrimPrefix(path, dir))
	}
	slices.Sort(all)
	return all
}

// What the last line says is done is there when it says so.
func TestRecordsGone(t *testing.T) {
	desk(t)
	var stderr bytes.Buffer
	out := full{func() {
		if err := os.RemoveAll("gone/records"); err != nil {
			t.Error(err)
		}
	}}
	code := Main([]string{"run", "tiny.yaml", "-o", "gone"}, out, &stderr)
	if want := "1 of 1 runs were done and their records are no longer in gone"; code != exitError || !strings.Contains(stderr.String(), want) || strings.Contains(stderr.String(), "are done") {
		t.Errorf("exit code %d, %q, want %q", code, stderr.String(), want)
	}
	done(t, "run", "tiny.yaml", "-o", "gone")
}

// Labels longer than a file name have figures of names that fit and differ; the others
// are named as ever.
func TestLongLabels(t *testing.T) {
	desk(t)
	long := strings.Repeat("a", 300)
	done(t, "run", "tiny.yaml", "losses=[{name: contrastive, label: "+long+"b}, {name: contrastive, label: "+long+"c}, {name: nca, label: short}]", "-o", "p")
	found, err := filepath.Glob("p/figures/weights_tiny_*.svg")
	if err != nil || len(found) != 3 || filepath.Base(found[2]) != "weights_tiny_short.svg" {
		t.Errorf("%v, %v, want three figures, one named short", found, err)
	}
	for _, path := range found {
		if n := len(filepath.Base(path)); n > 255-20 {
			t.Errorf("%s has %d bytes, and a temporary file of it 20 more", path, n)
		}
	}
}
