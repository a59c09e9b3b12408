package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// A newFile is a file that is written in parts, for what is too large for memory.
type newFile struct {
	path  string
	write func(w io.Writer) error
}

// writeNewFiles writes files, all of them or none. Until every one is written and on the
// disk, none of their names is there. Files of these names are replaced. It stops when ctx
// ends.
func writeNewFiles(ctx context.Context, files []newFile) error {
	var pending []*renameio.PendingFile
	defer func() {
		for _, p := range pending {
			p.Cleanup() // after CloseAtomicallyReplace it does nothing
		}
	}()

	for _, f := range files {
		path := f.path
		if target, err := filepath.EvalSymlinks(path); err == nil {
			path = target
		}
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("cannot write %s: it is no regular file; choose another name", path)
		}
		p, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
		if err != nil {
			return cannotWrite(path, err)
		}
		pending = append(pending, p)
		if err := f.write(&stoppable{ctx, p}); err != nil {
			return err
		}
	}
	for k, p := range pending {
		if err := p.CloseAtomicallyReplace(); err != nil {
			return cannotWrite(files[k].path, err)
		}
	}
	return nil
}

// cannotWrite leaves out the name of a temporary file.
func cannotWrite(path string, err error) error {
	if failed := new(fs.PathError); errors.As(err, &failed) {
		err = failed.Err
	}
	return fmt.Errorf("cannot write %s: %w; choose another name, or make its folder", path, err)
}

// A stoppable writer fails when its context ends.
type stoppable struct {
	ctx context.Context
	w   io.Writer
}

func (s *stoppable) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(b)
}

// occupied returns the first of the files that is there already, or "".
func occupied(files []newFile) string {
	for _, f := range files {
		if _, err := os.Lstat(f.path); !errors.Is(err, fs.ErrNotExist) {
			return f.path
		}
	}
	return ""
}
