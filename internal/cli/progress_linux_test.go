package cli

import (
	"bytes"
	"fmt"
	"os"
	"testing"

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
