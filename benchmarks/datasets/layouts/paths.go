package layouts

import (
	"path/filepath"
	"strings"

	"gpwbench/internal/arrays"
)

// ReadPaths reads the path of the image of each row: a text file with one a line, or an
// array of strings in one of the formats of package arrays, with a usual name or one that
// PATH:NAME gives.
func ReadPaths(path string) ([]string, error) {
	file, name := arrays.Split(path)
	if name == "" && strings.EqualFold(filepath.Ext(file), ".txt") {
		l, err := readList(file) // a path may have commas and spaces
		if err != nil {
			return nil, err
		}
		return l.lines, nil
	}
	f, err := arrays.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Paths()
}
