package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"gpwbench/plots/figures"
)

// TestMain makes this program the command gpw, which draws with fewer dots than print has:
// the compression of PNG files would take most of the time.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gpw": func() {
		figures.Dots = 40
		main()
	}})
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The diff that CONTRIBUTING.md shows is the file that is here.
func TestContributingDiff(t *testing.T) {
	text := read(t, "CONTRIBUTING.md")
	_, diff, ok := strings.Cut(text, "+++ b/losses/npairs.go\n")
	if !ok {
		t.Fatal("CONTRIBUTING.md shows no diff of losses/npairs.go")
	}
	diff, _, _ = strings.Cut(diff, "--- a/losses/catalogue.go\n")
	var file strings.Builder
	for _, line := range strings.SplitAfter(diff, "\n") {
		file.WriteString(strings.TrimPrefix(line, "+"))
	}
	if file.String() != read(t, "losses/npairs.go") {
		t.Error("the diff in CONTRIBUTING.md is not losses/npairs.go; copy the file into it")
	}
	if !strings.Contains(read(t, "losses/catalogue.go"), "\tnpairs,\n") {
		t.Error("the catalogue has no line npairs")
	}
}

// The gpw commands in the README's console blocks run, in order, in an empty folder. Their
// tables are those of a machine with the same results, so only success is checked here;
// make run prints the table.
func TestReadmeCommands(t *testing.T) {
	dir := t.TempDir()
	ran := 0
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(read(t, "README.md"), -1) {
		for _, line := range strings.Split(block[1], "\n") {
			command, ok := strings.CutPrefix(line, "$ bin/gpw ")
			if !ok {
				continue
			}
			ran++
			cmd := exec.Command("sh", "-c", "gpw "+command)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("bin/gpw %s: %v\n%s", command, err, out)
			}
		}
	}
	if ran == 0 {
		t.Error("README.md shows no command")
	}
}

// Files that the documents point to are there.
func TestLinks(t *testing.T) {
	for _, doc := range []string{"README.md", "CONTRIBUTING.md", "DESIGN.md", "benchmarks/datasets/STANDINS.md", "results/FORMAT.md", "docs/figures.md", "docs/formulas.md", "docs/guide.md", "docs/spec.md", "docs/export.md", "docs/eval.md", "docs/extract.md", "docs/folders.md", "docs/slurm.md"} {
		for _, link := range regexp.MustCompile(`\]\(([^)#]+)`).FindAllStringSubmatch(read(t, doc), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(doc), link[1])); err != nil {
				t.Errorf("%s points to %s, which is not there", doc, link[1])
			}
		}
	}
}
