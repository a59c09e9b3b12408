package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

// A frame takes the place of the one before it, also where that has more lines and where
// the terminal has echoed ^C, and lines above the bars stay. The screen is never erased
// as a whole.
func TestConsoleFrames(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := &console{out: write}
	show := func(lines int, text ...string) {
		fmt.Fprint(c, strings.Join(text, "\n")+"\n")
		if err := c.Flush(lines); err != nil {
			t.Fatal(err)
		}
	}

	show(3, "total 1", "run a", "run b")
	show(3, "a remark", "total 2", "run a", "run c")
	fmt.Fprint(write, "^C")
	show(1, "total 3")
	fmt.Fprint(write, "done\n")
	write.Close()

	sent, err := io.ReadAll(read)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(sent), "\x1b[J") || strings.Contains(string(sent), "\x1b[2J") {
		t.Errorf("the screen is erased: %q", sent)
	}
	if got, want := screenOf(string(sent)), []string{"a remark", "total 3", "done"}; !slices.Equal(got, want) {
		t.Errorf("the screen shows %q, want %q", got, want)
	}
}

// screenOf is what a terminal shows after these letters, without empty lines. It knows
// what the console writes: returns, new lines, lines up, and lines that are erased.
func screenOf(sent string) []string {
	lines, row, column := [][]rune{nil}, 0, 0
	for len(sent) > 0 {
		var up int
		switch {
		case strings.HasPrefix(sent, eraseLine):
			lines[row], sent = nil, sent[len(eraseLine):]
			continue
		case strings.HasPrefix(sent, "\x1b["):
			end := strings.Index(sent, "A")
			fmt.Sscanf(sent[2:end], "%d", &up)
			row, sent = row-up, sent[end+1:]
			continue
		}

		letter := []rune(sent)[0]
		sent = sent[len(string(letter)):]
		switch letter {
		case '\r':
			column = 0
		case '\n':
			row, column = row+1, 0
			if row == len(lines) {
				lines = append(lines, nil)
			}
		default:
			for len(lines[row]) <= column {
				lines[row] = append(lines[row], ' ')
			}
			lines[row][column] = letter
			column++
		}
	}

	var shown []string
	for _, line := range lines {
		if text := strings.TrimSpace(string(line)); text != "" {
			shown = append(shown, text)
		}
	}
	return shown
}
