package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// A console writes the frames of progress bars to a terminal. Every line is erased by
// itself, because some terminals keep in their scrollback what an erasure of the whole
// screen takes away. A frame begins at the first column, wherever an echoed ^C left the
// cursor.
type console struct {
	out   *os.File
	frame bytes.Buffer
	below int // lines of the last frame that the next one takes the place of
}

// Write implements mpb.ConsoleWriter: it adds to the frame.
func (c *console) Write(b []byte) (int, error) { return c.frame.Write(b) }

// ReadFrom implements mpb.ConsoleWriter: it adds to the frame.
func (c *console) ReadFrom(r io.Reader) (int64, error) { return c.frame.ReadFrom(r) }

// IsTerminal implements mpb.ConsoleWriter.
func (c *console) IsTerminal() bool { return true }

// GetTermSize implements mpb.ConsoleWriter.
func (c *console) GetTermSize() (width, height int, err error) { return term.GetSize(int(c.out.Fd())) }

// Flush implements mpb.ConsoleWriter: it shows the frame, of which so many lines are of
// bars. The other lines, above them, stay.
func (c *console) Flush(lines int) error {
	var shown bytes.Buffer
	shown.WriteString("\r" + eraseLine)
	up(&shown, c.below)
	written := 0
	for line := range bytes.Lines(c.frame.Bytes()) {
		shown.WriteString(eraseLine)
		shown.Write(line)
		written++
	}

	left := max(c.below-written, 0)
	for range left {
		shown.WriteString(eraseLine + "\n")
	}
	up(&shown, left)

	c.frame.Reset()
	c.below = lines
	_, err := c.out.Write(shown.Bytes())
	return err
}

const eraseLine = "\x1b[2K"

// up moves the cursor so many lines up.
func up(b *bytes.Buffer, lines int) {
	if lines > 0 {
		fmt.Fprintf(b, "\x1b[%dA", lines)
	}
}
