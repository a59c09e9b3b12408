package cli

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gpwbench/experiments"
)

// pseudoTerminal returns the two ends of a new terminal.
func pseudoTerminal(t *testing.T) (screen, program *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return screen, program
}

// NO_COLOR (no-color.org) takes the colours away, and a terminal that cannot move its
// cursor gets lines, not bars. A remark never moves the cursor itself.
func TestProgressOnTerminals(t *testing.T) {
	const color = "\x1b[93m" // of a warning
	for _, test := range []struct {
		term, noColor string
		bars, color   bool
	}{
		{"xterm-256color", "", true, true},
		{"xterm-256color", "1", true, false},
		{"dumb", "", false, false},
	} {
		t.Setenv("TERM", test.term)
		t.Setenv("NO_COLOR", test.noColor)
		screen, program := pseudoTerminal(t)
		p := newProgress(program)
		if (p.bars != nil) != test.bars {
			t.Errorf("TERM=%s NO_COLOR=%s: bars %v, want %v", test.term, test.noColor, p.bars != nil, test.bars)
		}
		p.Note("one \x1b[2J\u202e remark")
		p.wait()
		buffer := make([]byte, 4096)
		n, err := screen.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		shown := buffer[:n]
		if bytes.Contains(shown, []byte(color)) != test.color {
			t.Errorf("TERM=%s NO_COLOR=%s shows %q; color: want %v", test.term, test.noColor, shown, test.color)
		}
		if bytes.Contains(shown, []byte("\x1b[2J")) || bytes.ContainsRune(shown, '\u202e') || !bytes.Contains(shown, []byte("remark")) {
			t.Errorf("a remark shows as %q", shown)
		}
	}
}

// One bar is of the runs, the page and the figures, each of which it names in its turn.
func TestOneBarWithTheFigures(t *testing.T) {
	t.Setenv("TERM", "xterm-256color")
	screen, program := pseudoTerminal(t)
	if err := unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 100}); err != nil {
		t.Fatal(err)
	}

	seen := make(chan string, 64)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := screen.Read(buffer)
			if err != nil {
				close(seen)
				return
			}
			seen <- string(buffer[:n])
		}
	}()
	shows := func(want string) {
		t.Helper()
		all, pattern, late := "", regexp.MustCompile(want), time.After(20*time.Second)
		for !pattern.MatchString(all) {
			select {
			case text := <-seen:
				all += text
			case <-late:
				t.Fatalf("the bar does not show %s: %q", want, all)
			}
		}
	}

	p := newProgress(program)
	p.expect(40)
	p.expectPage()
	p.Begin(1, 0)
	shows(`runs 0 / 1 .* %  –`)
	p.Step(experiments.PlannedRun{}, 1, 2)
	shows(`runs 0 / 1 .* %  [0-9]+s`)
	p.End(experiments.PlannedRun{}, nil)
	shows(`runs 1 / 1, page .* %  [0-9]+s`)
	p.written()
	p.drawn(3, 4)
	shows(`runs 1 / 1, figures 3 / 4 .* %  [0-9]+s`)
	p.drawn(4, 4)
	p.allDrawn()
	p.wait()
	shows(`runs 1 / 1, figures 4 / 4 .*100 %  0s`)
	screen.Close()
}

// A page of HTML is not printed on a terminal.
func TestNoPageOnATerminal(t *testing.T) {
	_, program := pseudoTerminal(t)
	var stderr bytes.Buffer
	if code := Main([]string{"report", t.TempDir()}, program, &stderr); code != exitUsage || !strings.Contains(stderr.String(), "-o report.html") {
		t.Errorf("exit %d: %s", code, &stderr)
	}
}
