package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var docLink = regexp.MustCompile(`\[\*?([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?(?:\.([A-Za-z]\w*))?\]`)

// Links of doc comments lead to what is declared and exported: a reader of the rendered page
// would see brackets instead. Other brackets, such as [−1, 1] and a[i], are no links.
func TestDocLinks(t *testing.T) {
	declared := map[string]map[string]bool{} // by the folder of the package: Name, Type.Member
	var files []*ast.File
	var folders []string
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && path != "." || e.Name() == "testdata" || path == "internal/gen") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		folder := filepath.Dir(path)
		if declared[folder] == nil {
			declared[folder] = map[string]bool{}
		}
		declare(declared[folder], f)
		files, folders = append(files, f), append(folders, folder)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	imports := map[string]map[string]string{} // of all files of a folder: a name to its path
	for k, f := range files {
		if imports[folders[k]] == nil {
			imports[folders[k]] = map[string]string{}
		}
		for _, i := range f.Imports {
			path := strings.Trim(i.Path.Value, `"`)
			imports[folders[k]][path[strings.LastIndex(path, "/")+1:]] = path
		}
	}
	for k, f := range files {
		for _, doc := range docsOf(f) {
			for _, m := range docLink.FindAllStringSubmatch(doc.Text(), -1) {
				if !leads(m, declared[folders[k]], imports[folders[k]], declared) {
					t.Errorf("%s: the link %s leads nowhere", set.Position(doc.Pos()), m[0])
				}
			}
		}
	}
}

// leads reports whether a link is one that resolves, or no link at all.
func leads(m []string, own map[string]bool, imports map[string]string, declared map[string]map[string]bool) bool {
	name := strings.TrimPrefix(strings.Join(m[1:], "."), ".")
	name = strings.TrimRight(name, ".")
	if own[name] {
		return true
	}
	first, rest, dotted := strings.Cut(name, ".")
	if path, imported := imports[first]; imported && dotted {
		folder, ours := strings.CutPrefix(path, "gpwbench/")
		return !ours || declared[folder][rest]
	}
	if !dotted { // a lower-case word alone is text, and [J] an index
		return !ast.IsExported(first) || len(first) == 1
	}
	return false
}

// declare adds what a file declares and exports, with the members of its types.
func declare(to map[string]bool, f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				typ := d.Recv.List[0].Type
				if p, ok := typ.(*ast.StarExpr); ok {
					typ = p.X
				}
				if id, ok := typ.(*ast.Ident); ok {
					name = id.Name + "." + name
				}
			}
			to[name] = ast.IsExported(d.Name.Name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				declareSpec(to, s)
			}
		}
	}
}

func declareSpec(to map[string]bool, s ast.Spec) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			to[n.Name] = ast.IsExported(n.Name)
		}
	case *ast.TypeSpec:
		to[s.Name.Name] = ast.IsExported(s.Name.Name)
		var members *ast.FieldList
		switch t := s.Type.(type) {
		case *ast.StructType:
			members = t.Fields
		case *ast.InterfaceType:
			members = t.Methods
		}
		if members == nil {
			return
		}
		for _, m := range members.List {
			for _, n := range m.Names {
				to[s.Name.Name+"."+n.Name] = ast.IsExported(n.Name)
			}
		}
	}
}

// docsOf are the comments of a file that a page shows: of the package, and of what it
// declares.
func docsOf(f *ast.File) []*ast.CommentGroup {
	docs := []*ast.CommentGroup{}
	add := func(c *ast.CommentGroup) {
		if c != nil {
			docs = append(docs, c)
		}
	}
	add(f.Doc)
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			add(d.Doc)
		case *ast.GenDecl:
			add(d.Doc)
			for _, s := range d.Specs {
				if s, ok := s.(*ast.TypeSpec); ok {
					add(s.Doc)
				}
			}
		}
	}
	return docs
}
