package formula

import (
	"strings"
	"testing"
)

// TestLargest: formulas at the bounds are read and evaluated; beyond them they are refused, at the character where it is too much.
func TestLargest(t *testing.T) {
	sum := func(n int) string { return "sum_neg(s" + strings.Repeat("*s", n-2) + ")" } // n operands
	for _, text := range []string{
		sum(maxSize), "sum_neg(s)" + strings.Repeat(" ", maxLength-10),
		strings.Repeat("(", maxDepth-2) + "sum_neg(s)" + strings.Repeat(")", maxDepth-2),
		"sum_neg(" + strings.Repeat("exp(-", 31) + "s" + strings.Repeat(")", 31) + ")",
		"sum_neg(" + strings.TrimSuffix(strings.Repeat("exp(s)*", (maxSize-2)/2), "*") + ")",
	} {
		l, err := New(Source{Value: text}, nil)
		if err != nil {
			t.Errorf("%.40s…: %v", text, err)
			continue
		}
		evaluated(t, text, l)
	}
	for _, c := range []struct {
		text string
		at   int
		want string
	}{
		{sum(maxSize + 1), 2*maxSize + 6, "the formula has more than 256 numbers, names and calls"},
		{"sum_neg(s)" + strings.Repeat(" ", maxLength), maxLength, "the formula has 4106 bytes, and at most 4096 are read"},
		{strings.Repeat("(", maxDepth) + "1" + strings.Repeat(")", maxDepth), maxDepth, "the formula is more than 64 deep in parentheses, calls and signs"},
		{strings.Repeat("-", maxDepth) + "1", maxDepth, "the formula is more than 64 deep in parentheses, calls and signs"},
	} {
		_, err := parse(c.text)
		if e, ok := err.(*Error); !ok || e.Offset != c.at || e.Text != c.want {
			t.Errorf("%.40s…: %v, want %q at %d", c.text, err, c.want, c.at)
		}
	}
}
