package results

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"
)

// Keep stores a run: its files by their names in the folder ("weights/<id>.npz"), then
// its record with their checksums. At whatever instant the process ends, a run whose
// record exists is done: if files of an earlier record of the run change, that record is
// removed first. Everything is on the disk before anything is replaced, so a full disk
// loses no data. The caller holds the claim of the run.
func (s *Store) Keep(r Record, files map[string][]byte) (err error) {
	if err := s.opened(); err != nil {
		return err
	}
	r.Files = checksums(files)
	data, err := r.encode()
	if err != nil {
		return fmt.Errorf("results: %s on %s, seed %d: %w", r.Label, r.Dataset.Name, r.Seed, err)
	}

	s.writing.RLock()
	defer s.writing.RUnlock()
	old, _ := s.Get(r.ID) // an unreadable record lists no files

	var ready []*renameio.PendingFile
	defer func() {
		for _, f := range ready {
			f.Cleanup()
		}
	}()

	stage := func(name string, data []byte) error {
		f, err := s.stage(name, data)
		if f != nil {
			ready = append(ready, f)
		}
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := stage(name, files[name]); err != nil {
			return err
		}
	}

	if err := stage(RecordName(r.ID), data); err != nil {
		return err
	}

	if old.ID != "" && !maps.Equal(old.Files, r.Files) {
		if err := s.drop(RecordName(r.ID)); err != nil {
			return err
		}
	}

	if err := s.dropOthers(old.Files, files); err != nil {
		return err
	}
	for _, f := range ready {
		if err := f.CloseAtomicallyReplace(); err != nil {
			return s.failed("writing in "+filepath.Dir(f.Name()), err)
		}
	}

	return nil
}

// dropOthers removes the files of an earlier record that are no longer kept.
func (s *Store) dropOthers(old map[string]string, files map[string][]byte) error {
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

// checksums are the SHA-256 of files by their names.
func checksums(files map[string][]byte) map[string]string {
	all := map[string]string{}
	for name, data := range files {
		all[name] = ID(data)
	}
	return all
}
