package results

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"github.com/google/renameio/v2"
)

// WriteFile keeps what was made of the records: a table, a figure ("figures/overview.svg"). The name is relative to the
// folder, with slashes. The file is there as a whole or not at all.
func (s *Store) WriteFile(name string, data []byte) error {
	first, _, _ := strings.Cut(name, "/")
	if !fs.ValidPath(name) || strings.HasPrefix(filepath.Base(name), ".") || first == "records" || first == "locks" {
		panic(fmt.Sprintf("results: WriteFile of %q: not the name of a table or a figure", name))
	}
	return s.write(name, data)
}

// PutBlob keeps what belongs to a run beside its record: "weights/<id>.npz". Write it before the record, because a run
// whose record exists is done.
func (s *Store) PutBlob(name string, data []byte) error {
	folder, file, _ := strings.Cut(name, "/")
	id, _, _ := strings.Cut(file, ".")
	if !fs.ValidPath(name) || !isID(id) || folder == "records" || folder == "locks" {
		panic(fmt.Sprintf("results: PutBlob of %q: want folder/<id>.<extension>", name))
	}
	return s.write(name, data)
}

// Path is where a file of the folder lies, for those who read it.
func (s *Store) Path(name string) string { return s.path(name) }

// write replaces a file by way of a synced temporary one beside it. It leaves a file that has these bytes alone.
func (s *Store) write(name string, data []byte) error {
	path := s.path(name)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return s.failed("making "+dir, err)
	}
	// Beside it, because elsewhere nobody would find what a killed process leaves.
	if err := renameio.WriteFile(path, data, 0o644, renameio.WithTempDir(dir)); err != nil {
		return s.failed("writing "+path, err)
	}
	return nil
}

// leftover matches the temporary names of renameio and of Open's probe: a dot, the name, a random number.
var leftover = regexp.MustCompile(`^\..+\.[a-z]+[0-9]{6,}$`)

// clean removes temporary files and claims. Nobody else may have the folder open, but somebody may be about to, and what one finds the other may
// have removed.
func (s *Store) clean() error {
	return filepath.WalkDir(s.dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return s.failed("tidying "+path, err)
		}
		claim := filepath.Dir(path) == s.path("locks") && isID(strings.TrimSuffix(e.Name(), ".lock"))
		if e.Type().IsRegular() && (claim || leftover.MatchString(e.Name())) {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return s.failed("tidying "+path, err)
			}
		}
		return nil
	})
}

// failed says what to do about an error of the disk. The path is in what was being done.
func (s *Store) failed(doing string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("results: %s: %w: free some space and run again, finished runs are kept", doing, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("results: %s: %w: make it writable, or choose another folder", doing, err)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EEXIST):
		return fmt.Errorf("results: %s: %w: a file stands where a folder must be, choose another folder", doing, err)
	}
	return fmt.Errorf("results: %s: %w", doing, err)
}
