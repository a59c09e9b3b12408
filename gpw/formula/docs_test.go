package formula

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestManual: docs/formulas.md lists the functions as they are, and no others, and the bounds.
func TestManual(t *testing.T) {
	b, err := os.ReadFile("../../docs/formulas.md")
	if err != nil {
		t.Fatal(err)
	}
	manual := string(b)
	var table strings.Builder
	table.WriteString("| function | |\n|---|---|\n")
	for _, f := range functions {
		fmt.Fprintf(&table, "| `%s` | %s |\n", f.usage, f.doc)
	}
	for _, f := range aggregates {
		fmt.Fprintf(&table, "| `%s_pos(%s), %s_neg(%s)` | %s |\n", f.name, f.argument, f.name, f.argument, f.doc)
	}
	if !strings.Contains(manual, table.String()+"\n") {
		t.Errorf("the table of functions in docs/formulas.md is not this:\n%s", &table)
	}
	words := strings.Join(strings.Fields(manual), " ")
	if bounds := fmt.Sprintf("at most 4,096 bytes, %d numbers, names and calls, and %d levels of parentheses, calls and signs; a loss has at most %d parameters",
		maxSize, maxDepth, maxParams); maxLength != 4096 || !strings.Contains(words, bounds) {
		t.Errorf("docs/formulas.md does not say: %s", bounds)
	}
}
