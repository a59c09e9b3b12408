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

// The time left of the runs leaves the figures out and says that they follow, and the
// figures have a time left of their own.
func TestTimeLeftOfFigures(t *testing.T) {
	t.Setenv("TERM", "xterm-256color")
	screen, program := pseudoTerminal(t)
	if err := unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 100}); err != nil {
		t.Fatal(err)
	}

	shown := make(chan string, 1)
	figures := regexp.MustCompile(`figures 1 / 4 .*25 % +[0-9]+s`)
	go func() {
		all, buffer := "", make([]byte, 4096)
		for !strings.Contains(all, ", then figures") || !figures.MatchString(all) {
			n, err := screen.Read(buffer)
			if err != nil {
				break
			}
			all += string(buffer[:n])
		}
		shown <- all
	}()

	p := newProgress(program)
	p.then = "figures"
	p.Begin(4, 0)
	p.figures(1, 4)
	select {
	case <-shown:
	case <-time.After(5 * time.Second):
		t.Error("the bars show no figures to come, or no time left of those that are drawn")
	}
	p.wait()
}
