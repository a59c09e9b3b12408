package cli

import (
	"bufio"
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

// streamFile writes a file as it comes, completely or not at all. A link stays a link. A
// device or a pipe is written to directly.
func streamFile(path string, write func(w io.Writer) error) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("cannot write %s: it is a folder; name a file in it", path)
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return fmt.Errorf("cannot write: %w; choose another -o", err)
		}
		b := bufio.NewWriter(f)
		return errors.Join(write(b), b.Flush(), f.Close())
	}

	f, err := stageFile(path, write)
	if err != nil {
		return err
	}
	defer f.Cleanup()
	return f.CloseAtomicallyReplace()
}

// streamFolder writes files into a folder, which it makes if it is missing: all of them,
// or none where one fails before all are written.
func streamFolder(dir string, files map[string]func(w io.Writer) error) (err error) {
	_, missing := os.Stat(dir)
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return cannotWrite(dir, err)
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("cannot write into %s: it is a file; name a folder", dir)
	}

	var ready []*renameio.PendingFile
	defer func() {
		for _, f := range ready {
			f.Cleanup()
		}
		if err != nil && missing != nil {
			os.Remove(dir) // unless there is something in it
		}
	}()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := stageFile(filepath.Join(dir, name), files[name])
		if err != nil {
			return err
		}
		ready = append(ready, f)
	}
	for _, f := range ready {
		if err := f.CloseAtomicallyReplace(); err != nil {
			return err
		}
	}
	return nil
}

// stageFile writes a file beside its place.
func stageFile(path string, write func(w io.Writer) error) (*renameio.PendingFile, error) {
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return nil, cannotWrite(path, err)
	}
	b := bufio.NewWriterSize(f, 1<<16)
	if err = write(b); err == nil {
		err = b.Flush()
	}
	if err != nil {
		f.Cleanup()
		return nil, cannotWrite(path, err)
	}
	return f, nil
}

// cannotWrite names the file of an error of the disk, which names a temporary one. Other
// errors are about what was to be written.
func cannotWrite(path string, err error) error {
	if failed := new(fs.PathError); errors.As(err, &failed) {
		return fmt.Errorf("cannot write %s: %w; choose another -o, or make its folder", path, failed.Err)
	}
	return err
}
