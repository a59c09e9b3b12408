package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The commands of the guide run on the four embeddings that it shows, in order, and print
// what stands below them.
func TestGuideCommands(t *testing.T) {
	page, dir := read(t, "docs/guide.md"), t.TempDir()
	for file, kind := range map[string]string{"x.csv": "csv", "y.txt": "text"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(blocks(page, kind)[0]), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	ran := 0
	for _, block := range blocks(page, "console") {
		line, want, _ := strings.Cut(block, "\n")
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			t.Fatalf("a console block begins with a command: %s", line)
		}

		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v", command, err)
		}
		if got := trimmed(string(out)); want != "" && got != trimmed(want) {
			t.Errorf("%s prints\n%s\nand the guide shows\n%s", command, got, want)
		}
		ran++
	}
	if ran < 3 {
		t.Errorf("the guide shows %d commands", ran)
	}
}

var trailing = regexp.MustCompile(`(?m)[ \t]+$`)

// trimmed is a text without spaces at the ends of its lines, which Markdown editors
// remove.
func trimmed(text string) string { return strings.TrimSpace(trailing.ReplaceAllString(text, "")) }
