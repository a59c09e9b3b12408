package output

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// Text holds one row at a time, goes through them for the widths and for each part that a
// window is too narrow for, and stops at an error of the writer.
func TestText(t *testing.T) {
	made := 0
	rows := func(yield func([]string) bool) {
		row := make([]string, 3) // the same memory for all rows
		for _, cells := range []string{"1 0.25 é", "12 -3 three\tfour", "7 1 "} {
			copy(row, strings.SplitN(cells, " ", 3))
			if made++; !yield(row) {
				return
			}
		}
	}

	for limit, want := range map[int]string{
		0:  "row  value  name\n1    0.25   é\n12   -3     three four\n7    1      \n",
		12: "row  value\n1    0.25\n12   -3\n7    1\n\nrow  name\n1    é\n12   three four\n7    \n",
	} {
		var b strings.Builder
		made = 0
		if err := Text(Sized{&b, limit}, []string{"row", "value", "name"}, rows); err != nil || b.String() != want {
			t.Errorf("in %d columns:\n%s\nwant\n%s\nerror %v", limit, b.String(), want, err)
		}
		if parts := 1 + strings.Count(want, "\n\n"); made != 3*(1+parts) {
			t.Errorf("in %d columns: %d rows were made", limit, made)
		}
	}

	last := 0
	many := func(yield func([]string) bool) {
		for k := range 1 << 16 {
			if last = k; !yield([]string{"1234567890", "12345"}) {
				return
			}
		}
	}
	if err := Text(&failing{}, []string{"a", "b"}, many); !errors.Is(err, io.ErrShortWrite) || last > 1<<10 {
		t.Errorf("error %v, after row %d", err, last)
	}
}

// A failing writer takes nothing.
type failing struct{}

func (*failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
