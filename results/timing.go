package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
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

	line = append(line, '\n')
	path := s.path(timingsName)
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

// ownTimings reports whether lines may be added: the file does not exist, or begins with
// a timing, which may be incomplete.
func (s *Store) ownTimings() (bool, error) {
	data, err := readRegular(s.path(timingsName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case errors.Is(err, errNotRegular):
		return false, nil
	case err != nil:
		return false, s.failed("reading "+s.path(timingsName), err)
	}
	const start = `{"id":"`
	n := min(len(data), len(start))
	return string(data[:n]) == start[:n], nil
}
