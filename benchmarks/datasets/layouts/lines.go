package layouts

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"gpwbench/internal/input"
)

// mostBytes is the size of a list that is read. The lists of the benchmarks have a few
// megabytes.
const mostBytes = 1 << 28

// A list is the lines of a text file, without the empty ones at its end.
type list struct {
	path  string
	lines []string // from line 1
}

// readList reads a list.
func readList(path string) (*list, error) {
	text, err := readText(path)
	if err != nil {
		return nil, err
	}
	l := &list{path: path, lines: strings.Split(text, "\n")}
	for n := len(l.lines); n > 0 && strings.TrimSpace(l.lines[n-1]) == ""; n-- {
		l.lines = l.lines[:n-1]
	}
	for i, line := range l.lines {
		if line = strings.TrimSpace(line); line == "" {
			return nil, l.wrong(i, "is empty, and there are lines behind it: remove it")
		}
		l.lines[i] = line
	}
	return l, nil
}

// readText reads a text file, without the mark of its byte order.
func readText(path string) (string, error) {
	f, size, err := input.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if size > mostBytes {
		return "", fmt.Errorf("%s has %d bytes, and a list of images at most %d: give the annotation", path, size, mostBytes)
	}
	text := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	if _, err := text.ReadFrom(io.LimitReader(f, mostBytes)); err != nil {
		return "", err
	}
	if !utf8.Valid(text.Bytes()) {
		return "", fmt.Errorf("%s is no text in UTF-8: give the list as it is distributed", path)
	}
	return strings.TrimPrefix(text.String(), "\ufeff"), nil
}

// begins reports whether a file begins with the text.
func begins(path, text string) bool {
	f, _, err := input.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, len(text)+3)
	n, _ := io.ReadFull(f, start)
	return strings.HasPrefix(strings.TrimPrefix(string(start[:n]), "\ufeff"), text)
}

// wrong is an error about line i, counted from 0.
func (l *list) wrong(i int, format string, args ...any) error {
	return fmt.Errorf("%s: line %d %s", l.path, i+1, fmt.Sprintf(format, args...))
}

// fields returns the n fields of a line, which spaces separate. The last field has all
// that is left.
func (l *list) fields(i, n int, want string) ([]string, error) {
	rest := l.lines[i]
	var fields []string
	for len(fields) < n-1 {
		at := strings.IndexAny(rest, " \t")
		if at < 0 {
			break
		}
		fields, rest = append(fields, rest[:at]), strings.TrimLeft(rest[at:], " \t")
	}
	fields = append(fields, rest)
	if len(fields) != n {
		return nil, l.wrong(i, "holds %.60q, want %s: the file may be cut short", l.lines[i], want)
	}
	return fields, nil
}

// integer reads a number from low to high.
func (l *list) integer(i int, text, what string, low, high int) (int, error) {
	v, err := strconv.Atoi(text)
	if err != nil {
		return 0, l.wrong(i, "has the %s %.40q, want a whole number", what, text)
	}
	if v < low || v > high {
		return 0, l.wrong(i, "has the %s %d, want %d to %d: copy the file again, or give a list of your own as path,label", what, v, low, high)
	}
	return v, nil
}

// firstLines returns at most n lines of a file, of which the first kilobytes are read. The
// last line may be cut.
func firstLines(path string, n int) ([]string, error) {
	f, _, err := input.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	start := make([]byte, 1<<12)
	read, err := io.ReadFull(f, start)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	lines := strings.Split(strings.TrimPrefix(string(start[:read]), "\ufeff"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\r")
	}
	return lines[:min(n, len(lines))], nil
}
