package layouts

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gpwbench/internal/input"
)

// A Layout is a form in which data sets are distributed.
type Layout struct {
	Name  string // in messages
	Files string // what it is recognised by

	// Read returns nil where the place is of another layout, and an error where it is of
	// this one and something is wrong with it.
	Read func(p Place) (*Annotation, error)
}

// All are the layouts that are recognised. The first that fits is taken, so those that
// are recognised by less come last.
var All = []Layout{
	cub,
	cub2010,
	cars,
	carsDevkit,
	sop,
	inShop,
	oml,
	pathLabels,
	imageFolder,
}

// Read reads the annotation that is in a folder, or of which path is a file. Several
// files, as of training and test, are taken together where path is their folder. The
// error of a missing path satisfies errors.Is(err, fs.ErrNotExist).
func Read(path string) (*Annotation, error) {
	p, err := placeOf(path)
	if err != nil {
		return nil, fmt.Errorf("layouts: %w", err)
	}
	for _, l := range All {
		a, err := l.Read(p)
		if err == nil && a != nil {
			err = a.check()
		}
		if err != nil {
			return nil, fmt.Errorf("layouts: %s: %w", l.Name, err)
		}
		if a != nil {
			a.Layout = cmp.Or(a.Layout, l.Name)
			return a, nil
		}
	}
	return nil, fmt.Errorf("layouts: %s %w: give the folder or the file of one of %s", path, ErrUnknown, strings.Join(describeAll(), "; "))
}

// ErrUnknown is in the error of [Read] of a path in which no layout finds its files.
var ErrUnknown = errors.New("is of no layout that is known")

func describeAll() []string {
	var all []string
	for _, l := range All {
		if l.Files != "" {
			all = append(all, l.Name+" ("+l.Files+")")
		}
	}
	return all
}

// A Place is where a layout is looked for.
type Place struct {
	Dir  string // the folder
	File string // the name of a file in it, if the user gave one, and else ""
}

func placeOf(path string) (Place, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return Place{}, err
	case info.IsDir():
		_, err := os.ReadDir(path) // a folder without permission
		return Place{Dir: path}, err
	}
	f, _, err := input.Open(path) // a pipe is refused
	if err != nil {
		return Place{}, err
	}
	return Place{Dir: filepath.Dir(path), File: filepath.Base(path)}, f.Close()
}

// Find returns the path of a file of one of the names, in the folder or in one of the
// folders below it, and "" if there is none. Where the user gave a file, that is the only
// one there is.
func (p Place) Find(names []string, below ...string) string {
	for _, sub := range append([]string{""}, below...) {
		for _, name := range names {
			if p.File != "" && (sub != "" || name != p.File) {
				continue
			}
			path := filepath.Join(p.Dir, sub, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path
			}
		}
	}
	return ""
}

// Glob returns the files of the folder whose names fit one of the patterns, ascending.
// Where the user gave a file, it is that one or none.
func (p Place) Glob(patterns ...string) []string {
	var all []string
	entries, _ := os.ReadDir(p.Dir) // was read before
	for _, e := range entries {
		if p.File != "" && e.Name() != p.File || e.IsDir() {
			continue
		}
		for _, pattern := range patterns {
			if ok, _ := filepath.Match(pattern, strings.ToLower(e.Name())); ok {
				all = append(all, filepath.Join(p.Dir, e.Name()))
				break
			}
		}
	}
	return all
}

var errNoImages = errors.New("lists no images: copy it again")
