package results

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"gpwbench/results/claims"
)

// A Timing has what differs between two repetitions of a run, and is therefore not in its
// record.
type Timing struct {
	ID      string  `json:"id"`
	Seconds float64 `json:"seconds"` // wall-clock time of training and evaluation
	Host    string  `json:"host"`
	Workers int     `json:"workers"` // the number of runs at the same time on the machine
}

const timingsName = "timings.jsonl"

// AppendTiming adds one line to timings.jsonl.
func (s *Store) AppendTiming(t Timing) error {
	if err := s.opened(); err != nil {
		return err
	}
	line, err := marshal(t)
	if err != nil {
		return fmt.Errorf("results: timing of run %.12s: %w", t.ID, err)
	}
	return s.appendLine(timingsName, line)
}

// appendLine adds a line to a file of lines.
func (s *Store) appendLine(name string, line []byte) error {
	if s.claims != nil && s.claims.Kind() == claims.Lease {
		// Several machines do not find the end of a file together.
		lock, err := s.claims.Lock(context.Background(), "timings")
		if err != nil {
			return s.failed("locking "+s.path("locks"), err)
		}
		defer lock.Release(false)
	}

	line = append(line, '\n')
	path := s.path(name)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return s.failed("writing "+path, err)
	}

	defer f.Close()
	if torn, err := endsTorn(f); err != nil {
		return s.failed("reading "+path, err)
	} else if torn {
		line = append([]byte{'\n'}, line...)
	}

	// It is one write, so that lines of several processes do not mix.
	if _, err := f.Write(line); err != nil {
		return s.failed("writing "+path, err)
	}
	return nil
}

// endsTorn reports whether the last line is incomplete, because its writer was killed.
func endsTorn(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return last[0] != '\n', err
}

// ownLines reports whether lines may be added to a file: it does not exist, or begins
// with a line of gpw's, which may be incomplete.
func (s *Store) ownLines(name string) (bool, error) {
	data, err := readRegular(s.path(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case errors.Is(err, errNotRegular):
		return false, nil
	case err != nil:
		return false, s.failed("reading "+s.path(name), err)
	}
	const start = `{"id":"`
	n := min(len(data), len(start))
	return string(data[:n]) == start[:n], nil
}

// Timings returns the lines of timings.jsonl, in their order. A line that a killed
// process left incomplete is skipped. A folder without the file has none.
func (s *Store) Timings() ([]Timing, error) {
	all, err := readLines[Timing](s, timingsName)
	return slices.DeleteFunc(all, func(t Timing) bool { return !isID(t.ID) || !(t.Seconds >= 0) }), err
}

// readLines reads the whole lines of a file, none where there is no file.
func readLines[T any](s *Store, name string) (lines []T, err error) {
	if err := s.opened(); err != nil {
		return nil, err
	}
	data, err := readRegular(s.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.failed("reading "+s.path(name), err)
	}
	for text := range bytes.Lines(data) {
		var line T
		if json.Unmarshal(text, &line) == nil {
			lines = append(lines, line)
		}
	}
	return lines, nil
}
