package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// expand returns the files that names and patterns stand for, each once and in their
// order, those of a pattern by name. Files that have another use are left out of
// patterns, as labels are that lie beside embeddings. A name that is a file is no
// pattern.
func expand(flag string, names, others []string) (files []string, err error) {
	for _, name := range names {
		if _, err := os.Lstat(name); err == nil || !strings.ContainsAny(name, "*?[") {
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			if slices.Contains(files, name) {
				return nil, usagef("--%s names %s twice", flag, name)
			}
			files = append(files, name)
			continue
		}

		matches, err := filepath.Glob(name)
		if err != nil {
			return nil, usagef("--%s: the pattern %s: %v", flag, name, err)
		}
		matches = slices.DeleteFunc(matches, func(m string) bool { return slices.Contains(others, m) || slices.Contains(files, m) })
		if len(matches) == 0 {
			return nil, fmt.Errorf("--%s: no file has a name like %s", flag, name)
		}
		files = append(files, matches...)
	}
	return files, nil
}
