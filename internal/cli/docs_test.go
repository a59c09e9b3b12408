package cli

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write docs/losses.md")

// docs/losses.md is what the catalogue says now.
func TestLossesPage(t *testing.T) {
	const page = "../../docs/losses.md"
	var b bytes.Buffer
	if err := lossesPage(&b); err != nil {
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
		t.Error("docs/losses.md is not what the catalogue says; run make docs")
	}
}
