package kept

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gofrs/flock"

	"gpwbench/benchmarks/retrieval"
)

// A File keeps the results of one process. It is a [retrieval.Keeper], which is not used
// by two goroutines at a time.
type File struct {
	// Changed is asked before a block is kept; its error ends the evaluation, because the
	// vectors are not those of the identity any more. It may be nil.
	Changed func() error

	path  string
	f     *os.File
	lock  *flock.Flock
	end   int64 // of the last complete record
	done  map[int][]retrieval.Result
	share Share
}

// A Share is part Part, from 1, of Parts. The zero value is all.
type Share struct{ Part, Parts int }

// Has reports whether a block is in the share.
func (s Share) Has(block int) bool { return s.Parts == 0 || block%s.Parts == s.Part-1 }

// A BusyError is a file that another process writes.
type BusyError struct{ Path string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("%s: another process keeps its results there: wait for it, or choose another file", e.Path)
}

// A ChangedError is a file with results of another evaluation.
type ChangedError struct{ Path, Difference string }

func (e *ChangedError) Error() string {
	return fmt.Sprintf("%s has results of another evaluation: %s; choose another file, or remove this one", e.Path, e.Difference)
}

// Open opens the file at path, and makes it if there is none. The error is that of the
// file, a [BusyError] or a [ChangedError].
func Open(path string, id Identity, share Share) (f *File, err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file: choose another name", path)
	}
	f = &File{path: path, lock: flock.New(path, flock.SetPermissions(0o644)), share: share}
	if locked, err := f.lock.TryLock(); err != nil {
		return nil, fmt.Errorf("cannot keep results: %w; choose another file, or make its folder", err)
	} else if !locked {
		return nil, &BusyError{path}
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()

	if f.f, err = os.OpenFile(path, os.O_RDWR, 0o644); err != nil {
		return nil, err
	}
	return f, f.read(id)
}

// read reads the complete records and drops what follows them.
func (f *File) read(id Identity) error {
	info, err := f.f.Stat()
	if err != nil {
		return err
	}
	line := id.line()
	was, done, end, err := readAll(io.NewSectionReader(f.f, 0, info.Size()), info.Size(), line)
	switch {
	case err != nil:
		return fmt.Errorf("%s %w", f.path, err)
	case was == nil:
		f.done, f.end = map[int][]retrieval.Result{}, int64(len(line))
		if _, err := f.f.WriteAt(line, 0); err != nil {
			return fmt.Errorf("cannot keep results: %w", err)
		}
		return nil
	}
	if d := id.difference(*was); d != "" {
		return &ChangedError{f.path, d}
	}
	f.done, f.end = done, end
	return f.f.Truncate(end)
}

// Kept implements [retrieval.Keeper].
func (f *File) Kept(block int) ([]retrieval.Result, bool) {
	results, ok := f.done[block]
	return results, ok
}

// Mine implements [retrieval.Keeper].
func (f *File) Mine(block int) bool { return f.share.Has(block) }

// Keep implements [retrieval.Keeper]. A record is written in one call of the system.
func (f *File) Keep(block int, results []retrieval.Result) error {
	if f.Changed != nil {
		if err := f.Changed(); err != nil {
			return err
		}
	}
	b := encode(block, results)
	if _, err := f.f.WriteAt(b, f.end); err != nil {
		return fmt.Errorf("cannot keep results: %w; what was kept before stays", err)
	}
	f.end += int64(len(b))
	f.done[block] = results
	return nil
}

// Queries returns the number of queries whose results are kept.
func (f *File) Queries() (n int) {
	for _, results := range f.done {
		n += len(results)
	}
	return n
}

// Close closes the file, which others may then write.
func (f *File) Close() error {
	var err error
	if f.f != nil {
		err = f.f.Close()
	}
	return errors.Join(err, f.lock.Close())
}

// A Merged has the results of several files, and makes none. It is a [retrieval.Keeper].
type Merged struct{ done map[int][]retrieval.Result }

// Merge reads files of one evaluation. They may be in work; what is complete counts. The
// error is that of a file, or a [ChangedError].
func Merge(paths []string, id Identity) (*Merged, error) {
	m := &Merged{map[int][]retrieval.Result{}}
	for _, path := range paths {
		if err := m.add(path, id); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *Merged) add(path string, id Identity) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file", path)
	}

	was, done, _, err := readAll(f, info.Size(), id.line())
	switch {
	case err != nil:
		return fmt.Errorf("%s %w", path, err)
	case was == nil:
		return nil
	}
	if d := id.difference(*was); d != "" {
		return &ChangedError{path, d}
	}
	for block, results := range done {
		m.done[block] = results
	}
	return nil
}

// Kept implements [retrieval.Keeper].
func (m *Merged) Kept(block int) ([]retrieval.Result, bool) {
	results, ok := m.done[block]
	return results, ok
}

// Mine implements [retrieval.Keeper].
func (m *Merged) Mine(int) bool { return false }

// Keep implements [retrieval.Keeper].
func (m *Merged) Keep(int, []retrieval.Result) error {
	return errors.New("kept: files that are read together keep nothing")
}
