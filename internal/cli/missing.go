package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gpwbench/experiments/spec"
)

// namedFile is the text of an error in which a missing file has, in place of the words of
// the system, the folder that was searched or that is missing, and the nearest name
// there.
func namedFile(err error, text string) string {
	missing := new(fs.PathError)
	if !errors.As(err, &missing) || !errors.Is(missing, fs.ErrNotExist) {
		return text
	}
	return strings.Replace(text, missing.Error(), noSuchFile(missing.Path), 1)
}

// noSuchFile says that a path is missing, from where on it is, and what is near it.
func noSuchFile(path string) string {
	at := filepath.Clean(path)
	for dir := filepath.Dir(at); dir != at; dir = filepath.Dir(at) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			break
		}
		at = dir
	}

	dir, name := filepath.Dir(at), filepath.Base(at)
	var known []string
	entries, _ := os.ReadDir(dir) // an unreadable folder has no names to give
	for _, e := range entries {
		known = append(known, e.Name())
	}
	near := spec.DidYouMean(name, known)
	if dir == "." {
		dir = "this folder"
	}
	if at != filepath.Clean(path) {
		return fmt.Sprintf("%s: there is no %s in %s%s", path, name, dir, near)
	}
	return fmt.Sprintf("%s: nothing of this name is in %s%s", path, dir, near)
}
