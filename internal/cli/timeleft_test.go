package cli

import (
	"runtime"
	"testing"
	"time"
)

// The time left is that of the runs at their present rate, of the page, and of the
// figures at theirs, or before there is one at the usual one.
func TestTimeLeft(t *testing.T) {
	figure := figureTime / time.Duration(runtime.GOMAXPROCS(0))
	for name, c := range map[string]struct {
		s                schedule
		running, drawing time.Duration
		want             time.Duration
		text             string
	}{
		"a quarter of the runs":   {s: schedule{runs: 8, done: 2}, running: 10 * time.Second, want: 30 * time.Second, text: "runs 2 / 8"},
		"of this command":         {s: schedule{runs: 8, done: 6, before: 5}, running: 10 * time.Second, want: 20 * time.Second, text: "runs 6 / 8"},
		"with parts of runs":      {s: schedule{runs: 4, done: 1, partial: 1}, running: 10 * time.Second, want: 10 * time.Second, text: "runs 1 / 4"},
		"with page and figures":   {s: schedule{runs: 2, done: 1, page: true, figures: 10}, running: time.Second, want: time.Second + reportTime + 10*figure, text: "runs 1 / 2"},
		"page and figures alone":  {s: schedule{runs: 2, done: 2, page: true, figures: 10}, want: reportTime + 10*figure, text: "runs 2 / 2, page"},
		"figures at their rate":   {s: schedule{runs: 2, done: 2, figures: 10, drawn: 4}, drawing: 8 * time.Second, want: 12 * time.Second, text: "runs 2 / 2, figures 4 / 10"},
		"more figures than known": {s: schedule{runs: 2, done: 2, figures: 10, drawn: 12}, drawing: 8 * time.Second, text: "runs 2 / 2, figures 12 / 10"},
	} {
		if got, known := c.s.left(c.running, c.drawing); got != c.want || !known {
			t.Errorf("%s: %v are left (%v), want %v", name, got, known, c.want)
		}
		if got := c.s.String(); got != c.text {
			t.Errorf("%s: it shows %q, want %q", name, got, c.text)
		}
	}
	if _, known := (schedule{runs: 2, figures: 4}).left(time.Second, 0); known {
		t.Error("before the first step it has an estimate")
	}
}

// Between two events the time left runs down, and it does not fall below 0.
func TestTimeLeftRunsDown(t *testing.T) {
	start := time.Unix(1000, 0)
	m := &moment{left: 90 * time.Second, known: true, at: start}
	for after, want := range map[time.Duration]string{0: "1m30s", 30 * time.Second: "1m", 60 * time.Second: "30s", 200 * time.Second: "0s"} {
		if got := m.timeLeft(start.Add(after)); got != want {
			t.Errorf("after %v it is %s, want %s", after, got, want)
		}
	}
	if got := (&moment{at: start}).timeLeft(start); got != "–" {
		t.Errorf("of no estimate it is %s", got)
	}
}
