package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/gpw/playground/page"
)

// The page is written where the module was built, and otherwise the error says what
// builds it and nothing is written.
func TestPlayground(t *testing.T) {
	path := filepath.Join(t.TempDir(), "playground.html")
	var out, messages bytes.Buffer
	code := Main([]string{"playground", "-o", path}, &out, &messages)
	written, missing := os.ReadFile(path)

	var want bytes.Buffer
	switch err := page.Write(&want); {
	case errors.Is(err, page.ErrNoModule):
		if code != exitError || missing == nil || !strings.Contains(messages.String(), "make build builds bin/gpw with it") {
			t.Errorf("without the module: exit code %d, %s, a page is there: %v", code, &messages, missing == nil)
		}
	case err != nil:
		t.Fatal(err)
	default:
		if code != exitDone || !bytes.Equal(written, want.Bytes()) {
			t.Errorf("exit code %d, %d bytes of %d: %s", code, len(written), want.Len(), &messages)
		}
	}
}

func TestPlaygroundUsage(t *testing.T) {
	for _, args := range [][]string{{"playground"}, {"playground", "-o", "a.html", "b"}, {"playground", "--loss", "x"}} {
		var out, messages bytes.Buffer
		if code := Main(args, &out, &messages); code != exitUsage || messages.Len() == 0 {
			t.Errorf("%v: exit code %d, %s", args, code, &messages)
		}
	}
}
