package output

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestGroups(t *testing.T) {
	for _, test := range []struct {
		widths []int
		limit  int
		want   [][]int
	}{
		{[]int{5}, 3, [][]int{{0}}},
		{[]int{5, 5, 5}, 0, [][]int{{0, 1, 2}}},
		{[]int{5, 5, 5}, 15, [][]int{{0, 1, 2}}},
		{[]int{5, 5, 5}, 14, [][]int{{0, 1}, {0, 2}}},
		{[]int{9, 9, 2, 2}, 13, [][]int{{0, 1}, {0, 2, 3}}}, // a column that fits nowhere
	} {
		if got := Groups(test.widths, test.limit); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%v in %d: %v, want %v", test.widths, test.limit, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	const text = "one two three\nfour\n\nαβγ δεζ\n"
	if got, want := Wrap(text, 7), "one two\n  three\nfour\n\nαβγ δεζ\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if Wrap(text, 0) != text {
		t.Error("no limit changes a text")
	}
	if got := Wrap("unbreakable word", 3); got != "unbreakable\n  word" {
		t.Errorf("%q", got)
	}
}

// A grid in a window has all its cells, each row named in every part, and no line is
// wider than the window.
func TestGridInWindow(t *testing.T) {
	g := Grid{Header: []string{"row", "first", "second", "third"}}
	g.Add("a", strings.Repeat("1", 9), strings.Repeat("2", 9), strings.Repeat("3", 9))
	g.Add("b", "4", "5", "6")
	var wide, narrow bytes.Buffer
	if err := g.Write(&wide, "text"); err != nil {
		t.Fatal(err)
	}
	if err := g.Write(Sized{&narrow, 26}, "text"); err != nil {
		t.Fatal(err)
	}

	for line := range strings.Lines(narrow.String()) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 26 {
			t.Errorf("%d letters: %s", n, line)
		}
	}
	for _, cell := range []string{"111111111", "222222222", "333333333", "6"} {
		if strings.Count(narrow.String(), cell) != 1 {
			t.Errorf("%s stands not once in\n%s", cell, &narrow)
		}
	}
	if strings.Count(narrow.String(), "\na ") != 3 || strings.Count(wide.String(), "\na ") != 1 {
		t.Errorf("rows are not named in each part:\n%s", &narrow)
	}
}
