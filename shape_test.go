package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// The limits that CONTRIBUTING.md states.
const (
	commentColumns = 90 // a tab counts as 4
	functionLines  = 60
)

// Comments of production code fit in their width. Code samples are indented by a tab in
// the comment, and as wide as the code is.
func TestCommentWidth(t *testing.T) {
	eachSource(t, func(path, source string) {
		for k, line := range strings.Split(source, "\n") {
			comment, ok := strings.CutPrefix(strings.TrimLeft(line, "\t"), "//")
			if !ok || strings.HasPrefix(comment, "\t") {
				continue
			}
			if n := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    ")); n > commentColumns {
				t.Errorf("%s:%d: the comment has %d columns, the limit is %d", path, k+1, n, commentColumns)
			}
		}
	})
}

// Functions of production code fit on a page.
func TestFunctionLength(t *testing.T) {
	eachSource(t, func(path, source string) {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			from := files.Position(f.Pos()).Line
			if n := files.Position(f.End()).Line - from + 1; n > functionLines {
				t.Errorf("%s:%d: %s has %d lines, the limit is %d", path, from, f.Name.Name, n, functionLines)
			}
		}
	})
}

// eachSource calls f with every Go file of the repository that is not a test.
func eachSource(t *testing.T, f func(path, source string)) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != "."):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		seen++
		f(path, read(t, path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < len(layers) {
		t.Errorf("%d Go files are there, fewer than packages", seen)
	}
}
