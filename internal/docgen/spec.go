package docgen

import (
	"fmt"
	"io"
	"strings"

	"gpwbench/experiments/spec"
)

// Spec writes docs/spec.md, whose tables of keys stand between marks and are written from
// the tags by which the decoder reads specs. What is between them, page keeps. The error
// names a table without a mark, or is that of w.
func Spec(w io.Writer, page string) error {
	for _, s := range spec.Reference() {
		opening, closing := "<!-- keys: "+s.Name+" -->\n", "<!-- end of keys -->\n"
		before, rest, found := strings.Cut(page, opening)
		_, after, closed := strings.Cut(rest, closing)
		if !found || !closed {
			return fmt.Errorf("docgen: the page has no place for the keys of %s: %s and, after it, %s", s.Name, strings.TrimSpace(opening), strings.TrimSpace(closing))
		}
		page = before + opening + keyTable(s.Keys) + closing + after
	}

	_, err := io.WriteString(w, page)
	return err
}

func keyTable(keys []spec.Key) string {
	var b strings.Builder
	b.WriteString("| key | what | default | values | example |\n|---|---|---|---|---|\n")
	for _, k := range keys {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | `%s` |\n", k.Path, k.What, k.Default, k.Values, k.Example)
	}
	return b.String()
}
