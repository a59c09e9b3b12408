package input

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
)

// Lines keep their ends, over any number of the reader's own parts; a text that ends
// within one and a line beyond the bound are the end.
func TestLine(t *testing.T) {
	long := strings.Repeat("a", 50) + "\n"
	for _, test := range []struct {
		text, want string
		longest    int
		err        error
	}{
		{"one\ntwo\n", "one\n", 100, nil},
		{long + "two\n", long, 100, nil},
		{"one", "one", 100, io.EOF},
		{"", "", 100, io.EOF},
		{long, "", 20, io.EOF},
	} {
		line, err := Line(bufio.NewReaderSize(strings.NewReader(test.text), 16), test.longest)
		if !errors.Is(err, test.err) || test.longest == 100 && string(line) != test.want {
			t.Errorf("%q: %q, %v, want %q, %v", test.text, line, err, test.want, test.err)
		}
	}
}
