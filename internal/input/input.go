// Package input opens the files that a user names.
package input

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
)

// A KindError is a path that is no regular file.
type KindError struct {
	Path string
	Kind string // a folder, a pipe, a device, a socket
}

func (e *KindError) Error() string { return fmt.Sprintf("%s is %s, not a file", e.Path, e.Kind) }

// Open opens a regular file and returns its size in bytes. Everything else is refused
// with a [*KindError] before anything is read: a pipe may never have a writer, and a
// device may never end. The error of a missing file satisfies errors.Is(err,
// fs.ErrNotExist).
func Open(path string) (f *os.File, size int64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, &KindError{path, kind(info.Mode())}
	}
	// What stands at the path may have changed since: without noWait a pipe would be
	// waited for.
	if f, err = os.OpenFile(path, os.O_RDONLY|noWait, 0); err != nil {
		return nil, 0, err
	}
	if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
		err = &KindError{path, kind(info.Mode())}
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// ReadFile reads a regular file; see [Open].
func ReadFile(path string) ([]byte, error) {
	f, size, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	_, err = text.ReadFrom(f)
	return text.Bytes(), err
}

func kind(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}
