package output

import "testing"

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 runs", 1: "1 run", 12: "12 runs"} {
		if got := Count(n, "run", "runs"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
