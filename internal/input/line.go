package input

import (
	"bufio"
	"errors"
	"io"
)

// Line reads a line with its end, of at most so many bytes. Where the text ends first, or
// the line is longer, it returns what was read and io.EOF.
func Line(r *bufio.Reader, longest int) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > longest {
			return line, io.EOF
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}
