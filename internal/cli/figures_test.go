package cli

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the figures of docs")

// The figures of docs/figures that are drawn from code alone, by the commands of
// docs/figures.md, are those that the code draws now.
func TestFigures(t *testing.T) {
	const docs = "../../docs/figures.md"
	text, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for _, line := range strings.Split(string(text), "\n") {
		command, ok := strings.CutPrefix(line, "$ bin/gpw plot ")
		if !ok || !strings.HasSuffix(command, ".svg") {
			continue
		}
		drawn++
		args := strings.Fields("plot " + command)
		page := filepath.Join("../..", args[len(args)-1])
		out := filepath.Join(t.TempDir(), filepath.Base(page))
		args[len(args)-1] = out
		var stdout, stderr bytes.Buffer
		if code := Main(args, &stdout, &stderr); code != 0 {
			t.Errorf("gpw plot %s: exit code %d: %s", command, code, stderr.String())
			continue
		}
		now, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(page, now, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(page); err != nil || !bytes.Equal(have, now) {
			t.Errorf("%s is not what the code draws now (%v); run make figures", page, err)
		}
	}
	if drawn == 0 {
		t.Errorf("%s draws no figure from code alone", docs)
	}
}
