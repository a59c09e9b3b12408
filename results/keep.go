package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"
)

// A Content writes the bytes of a file, which need not be in memory. nil stands for those
// of the file that an earlier record of the run lists, which stays as it is.
type Content func(w io.Writer) error

// Bytes is the Content of these bytes.
func Bytes(data []byte) Content {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// Keep is [Store.KeepContents] of files in memory.
func (s *Store) Keep(r Record, files map[string][]byte) error {
	contents := map[string]Content{}
	for name, data := range files {
		contents[name] = Bytes(data)
	}
	return s.KeepContents(r, contents)
}

// KeepContents stores a run: its files by their names in the folder
// ("weights/<id>.npz"), then its record with their checksums. At whatever instant the
// process ends, a run whose record exists is done: if files of an earlier record of the
// run change, that record is removed first. Everything is on the disk before anything is
// replaced, so a full disk loses no data, nor does a Content that fails. The caller holds
// the claim of the run.
func (s *Store) KeepContents(r Record, files map[string]Content) (err error) {
	if err := s.opened(); err != nil {
		return err
	}
	s.writing.RLock()
	defer s.writing.RUnlock()
	old, _ := s.Get(r.ID) // an unreadable record lists no files

	if r.Files, err = old.sumsOf(files); err != nil {
		return err
	}
	invalid := func(err error) error {
		return fmt.Errorf("results: %s on %s, seed %d: %w", r.Label, r.Dataset.Name, r.Seed, err)
	}
	if _, err := r.encode(); err != nil { // before anything is written
		return invalid(err)
	}

	var ready []*renameio.PendingFile
	defer func() {
		for _, f := range ready {
			f.Cleanup()
		}
	}()
	stage := func(name string, content Content) error {
		f, sum, err := s.stageContent(name, content)
		if f != nil {
			ready = append(ready, f)
		}
		if name != RecordName(r.ID) {
			r.Files[name] = sum
		}
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if files[name] == nil {
			continue
		}
		if err := stage(name, files[name]); err != nil {
			return err
		}
	}

	data, err := r.encode()
	if err != nil {
		return invalid(err)
	}
	if err := stage(RecordName(r.ID), Bytes(data)); err != nil {
		return err
	}
	return s.replace(r, old, ready)
}

// sumsOf are the checksums of files before they are written: those of files that stay,
// and placeholders.
func (r Record) sumsOf(files map[string]Content) (map[string]string, error) {
	sums := map[string]string{}
	for name, content := range files {
		sums[name] = ID(nil)
		if content == nil {
			if sums[name] = r.Files[name]; sums[name] == "" {
				return nil, fmt.Errorf("results: run %.12s has no %s that could stay", r.ID, name)
			}
		}
	}
	return sums, nil
}

// replace puts the staged files of a run in their places, the record last. Files of the
// old record that the new one does not list are removed.
func (s *Store) replace(r, old Record, ready []*renameio.PendingFile) error {
	if old.ID != "" && !maps.Equal(old.Files, r.Files) {
		if err := s.drop(RecordName(r.ID)); err != nil {
			return err
		}
	}
	if err := s.dropOthers(old.Files, r.Files); err != nil {
		return err
	}
	if old.ID == "" { // a process that was killed between its record and these
		for _, name := range filesOfRun(r.ID) {
			if _, kept := r.Files[name]; kept {
				continue
			}
			if err := s.drop(name); err != nil {
				return err
			}
		}
	}
	for _, f := range ready {
		if err := f.CloseAtomicallyReplace(); err != nil {
			return s.failed("writing in "+filepath.Dir(f.Name()), err)
		}
	}
	return nil
}

// dropOthers removes the files of an earlier record that are no longer kept.
func (s *Store) dropOthers(old, files map[string]string) error {
	for name := range old {
		if _, kept := files[name]; kept {
			continue
		}
		if err := s.drop(name); err != nil {
			return err
		}
	}
	return nil
}

// drop removes a file that is to be replaced or is no longer kept.
func (s *Store) drop(name string) error {
	if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.failed("removing "+s.path(name), err)
	}
	return nil
}
