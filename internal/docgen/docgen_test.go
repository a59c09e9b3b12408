package docgen

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the pages of docs")

// docs/losses.md is what the catalogue says now.
func TestLossesPage(t *testing.T) { checkPage(t, "losses.md", Losses) }

// docs/probe.md is what is measured now, of every preset.
func TestProbePage(t *testing.T) { checkPage(t, "probe.md", Probe) }

// docs/eval.md is what the metrics say of themselves now.
func TestEvalPage(t *testing.T) { checkPage(t, "eval.md", Eval) }

// The tables of docs/spec.md are what the decoder's tags say now.
func TestSpecPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "spec.md"))
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, "spec.md", func(w io.Writer) error { return Spec(w, string(page)) })
}

// A page without the place of a table is refused.
func TestSpecPageWithoutPlace(t *testing.T) {
	if err := Spec(io.Discard, "# The keys\n"); err == nil || !strings.Contains(err.Error(), "no place for the keys of experiment") {
		t.Errorf("a page without marks: %v", err)
	}
}

// checkPage compares a page of docs with what write makes of it now. With -update it
// writes the page.
func checkPage(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	page := filepath.Join("..", "..", "docs", name)
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(page, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, b.Bytes()) {
		t.Errorf("docs/%s is not what the program says; run make docs", name)
	}
}
