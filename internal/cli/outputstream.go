package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"gpwbench/internal/escape"
	"gpwbench/internal/output"
)

// A newFile is a file that is written in parts, for what is too large for memory.
type newFile struct {
	path  string
	write func(w io.Writer) error
}

// streamTo is printTo for what is too long for memory: it is written as it comes. A file
// is written completely or not at all. Ctrl-C ends either.
func streamTo(cmd *cobra.Command, out string, write func(w writer) error) error {
	if out != "" {
		err := streamFile(cmd.Context(), out, func(w io.Writer) error { return writeEscaped(w, write) })
		if errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s was interrupted; nothing is written", cmd.Name())
		}
		return err
	}

	window := window(cmd)
	b := bufio.NewWriterSize(&stoppable{cmd.Context(), window.Writer}, 1<<16)
	err := writeEscaped(b, func(w writer) error {
		return write(output.Sized{Writer: w, Columns: window.Columns})
	})
	if err == nil {
		err = b.Flush()
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s was interrupted; its output ends early", cmd.Name())
	}
	return err
}

// writeEscaped writes text as printTo escapes it.
func writeEscaped(to io.Writer, write func(w writer) error) error {
	w := escape.NewWriter(to)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}

// streamFile writes a file as it comes, completely or not at all. A link stays a link. A
// device or a pipe is written to directly. It stops when ctx ends.
func streamFile(ctx context.Context, path string, write func(w io.Writer) error) error {
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
			return fmt.Errorf("cannot write: %w; choose another path", err)
		}
		b := bufio.NewWriter(&stoppable{ctx, f})
		return errors.Join(write(b), b.Flush(), f.Close())
	}
	return writeNewFiles(ctx, []newFile{{path, write}})
}

// streamFolder writes files into a folder, which it makes if it is missing: all of them,
// or none where one fails before all are written.
func streamFolder(dir string, files map[string]func(w io.Writer) error) error {
	_, missing := os.Stat(dir)
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return cannotWrite(dir, err)
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("cannot write into %s: it is a file; name a folder", dir)
	}

	var all []newFile
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = append(all, newFile{filepath.Join(dir, name), files[name]})
	}
	err := writeNewFiles(context.Background(), all)
	if err != nil && missing != nil {
		os.Remove(dir) // unless there is something in it
	}
	return err
}

// writeNewFiles writes files, and none of them if one cannot be written: their names are
// there once all are complete. Files of these names are replaced. It stops when ctx ends.
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
		p, err := stageFile(ctx, path, f.write)
		if err != nil {
			return err
		}
		pending = append(pending, p)
	}

	for k, p := range pending {
		if err := p.CloseAtomicallyReplace(); err != nil {
			return cannotWrite(files[k].path, err)
		}
	}
	return nil
}

// stageFile writes a file beside its place.
func stageFile(ctx context.Context, path string, write func(w io.Writer) error) (*renameio.PendingFile, error) {
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return nil, cannotWrite(path, err)
	}

	b := bufio.NewWriterSize(&stoppable{ctx, f}, 1<<16)
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
		return fmt.Errorf("cannot write %s: %w; choose another path, or make its folder", path, failed.Err)
	}
	return err
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

// occupied returns the first of the files that is there already, or "". What cannot be
// looked at is an error of writing it.
func occupied(files []newFile) string {
	for _, f := range files {
		if _, err := os.Lstat(f.path); err == nil {
			return f.path
		}
	}
	return ""
}
