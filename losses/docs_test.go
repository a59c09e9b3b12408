package losses

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDocs reads the comment of every type that a preset has: it states a formula,
// names who stated the loss and when, and says what becomes of a batch or an anchor
// that lacks positives or negatives. A type that is another but for a change may name
// that one in brackets instead.
func TestDocs(t *testing.T) {
	docs := typeDocs(t)
	for _, need := range []struct {
		what    string
		pattern *regexp.Regexp
	}{
		{"a formula", regexp.MustCompile(`(?m)^\t.*[=\[]`)},
		{"a reference", regexp.MustCompile(`\b(19|20)\d\d\b`)},
		{"degenerate batches", regexp.MustCompile(`(?i)(lacks|without\s+(positives|negatives)|fewer\s+than\s+two|of\s+one)`)},
	} {
		for _, name := range presetTypes() {
			doc, ok := docs[name]
			if !ok {
				t.Fatalf("the type %s was not found in the source", name)
			}
			other := regexp.MustCompile(`\[([A-Z]\w+)\]`).FindAllStringSubmatch(doc, -1)
			stated := slices.ContainsFunc(other, func(m []string) bool { return need.pattern.MatchString(docs[m[1]]) })
			if !need.pattern.MatchString(doc) && !stated {
				t.Errorf("the comment of %s lacks %s", name, need.what)
			}
		}
	}
}

// presetTypes names the types of all values of presets, once each.
func presetTypes() (names []string) {
	for _, spec := range slices.Concat(Catalogue, ProxyLosses) {
		for _, p := range spec.Presets {
			if name := reflect.TypeOf(p.Value).Name(); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// typeDocs returns the comments of the package's types.
func typeDocs(t *testing.T) map[string]string {
	docs := map[string]string{}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.TYPE && len(gen.Specs) == 1 {
				docs[gen.Specs[0].(*ast.TypeSpec).Name.Name] = gen.Doc.Text()
			}
		}
	}
	return docs
}
