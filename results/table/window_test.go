package table

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"gpwbench/internal/output"
)

// In a window of 80 columns no line is wider, every row is named in each part, and no
// cell is lost; a file has the table whole.
func TestTextFitsWindow(t *testing.T) {
	header := []string{"method", "n", "R@1", "R@2", "R@4", "R@8", "MAP@R", "R-precision"}
	row := []string{"Multi-Similarity", "3", "52.1 ± 0.1", "62.2 ± 0.2", "72.3 ± 0.3", "82.4 ± 0.4", "22.5 ± 0.5", "32.6 ± 0.6"}
	whole, narrow := output.NewPage(&bytes.Buffer{}), output.NewPage(output.Sized{Columns: 80})
	for _, page := range []*output.Page{whole, narrow} {
		if err := textBlock(page, "a set", header, [][]string{row}); err != nil {
			t.Fatal(err)
		}
	}

	for line := range strings.Lines(narrow.String()) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
			t.Errorf("%d letters: %s", n, line)
		}
	}
	for _, cell := range row[1:] {
		if strings.Count(narrow.String(), cell) != strings.Count(whole.String(), cell) {
			t.Errorf("%s is lost or there twice:\n%s", cell, narrow)
		}
	}
	if n, m := strings.Count(narrow.String(), row[0]), strings.Count(whole.String(), row[0]); n != 2 || m != 1 {
		t.Errorf("the row is named %d times in the window and %d times in the file", n, m)
	}
}
