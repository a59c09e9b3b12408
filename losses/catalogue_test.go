package losses

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestCatalogueIsComplete reads the source: every package-level Spec is a line of
// Catalogue or of ProxyLosses.
func TestCatalogueIsComplete(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var specs, listed []string
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		s, l := specsOf(file)
		specs, listed = append(specs, s...), append(listed, l...)
	}
	slices.Sort(specs)
	slices.Sort(listed)
	if len(specs) == 0 || !slices.Equal(specs, listed) {
		t.Errorf("the files declare the specs %v, Catalogue and ProxyLosses list %v", specs, listed)
	}
}

// specsOf returns the names of the file's package-level variables of type Spec, and the
// names in its tables.
func specsOf(file *ast.File) (specs, listed []string) {
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, s := range gen.Specs {
			v := s.(*ast.ValueSpec)
			for k, value := range v.Values {
				lit, ok := value.(*ast.CompositeLit)
				if !ok {
					continue
				}
				if typ, ok := lit.Type.(*ast.Ident); ok && typ.Name == "Spec" {
					specs = append(specs, v.Names[k].Name)
				}
				if name := v.Names[k].Name; name == "Catalogue" || name == "ProxyLosses" {
					for _, e := range lit.Elts {
						listed = append(listed, e.(*ast.Ident).Name)
					}
				}
			}
		}
	}
	return specs, listed
}

func TestSpecs(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	golden := regexp.MustCompile(`^golden ([^ ]+)`)
	all := readGoldens(t)
	names := map[string]bool{}
	for _, s := range slices.Concat(Catalogue, ProxyLosses) {
		if !name.MatchString(s.Name) || names[s.Name] {
			t.Errorf("%q is not [a-z][a-z0-9_]*, or there twice", s.Name)
		}
		names[s.Name] = true
		if s.Title == "" || s.Cite == "" || s.Formula == "" || s.Year < 2000 || s.Revision < 1 || s.Family != Proxies && !slices.Contains(Families, s.Family) {
			t.Errorf("%s lacks a title, a citation, a formula, a year, a revision or a family", s.Name)
		}
		presets := map[string]bool{}
		for _, p := range s.Presets {
			if !name.MatchString(p.Name) || presets[p.Name] {
				t.Errorf("%s: %q is not [a-z][a-z0-9_]*, or there twice", s.Name, p.Name)
			}
			presets[p.Name] = true
			if p.Source == "" {
				t.Errorf("%s.%s has no source", s.Name, p.Name)
			}
			if key := golden.FindStringSubmatch(p.Oracle); key == nil && !strings.HasPrefix(p.Oracle, "finite differences") {
				t.Errorf("%s.%s: the oracle %q is neither a golden nor finite differences", s.Name, p.Name, p.Oracle)
			} else if key != nil && all.Losses[key[1]].Degenerate == nil && all.Proxies.Losses[key[1]].G == nil {
				t.Errorf("%s.%s: no golden %q", s.Name, p.Name, key[1])
			}
		}
		if len(s.Presets) == 0 {
			t.Errorf("%s has no preset", s.Name)
		}
	}
	for _, m := range Miners {
		if !name.MatchString(m.Name) || m.Title == "" {
			t.Errorf("the miner %q is not [a-z][a-z0-9_]*, or has no title", m.Name)
		}
		if got := MinerName(m.Value); got != m.Name {
			t.Errorf("MinerName of %T is %q, want %q", m.Value, got, m.Name)
		}
	}
	if MinerName(nil) != "none" {
		t.Errorf("MinerName(nil) = %q, want none", MinerName(nil))
	}
}

// TestOrder: the losses of the paper's Table 1 stand first, the others follow by year.
func TestOrder(t *testing.T) {
	for k := 1; k < len(Catalogue); k++ {
		before, s := Catalogue[k-1], Catalogue[k]
		if before.Table1 == nil && (s.Table1 != nil || s.Year < before.Year) {
			t.Errorf("%s (%d) stands after %s (%d)", s.Name, s.Year, before.Name, before.Year)
		}
	}
}

// TestDefaults pins the default presets: recorded experiments name losses without a
// preset.
func TestDefaults(t *testing.T) {
	for loss, preset := range map[string]string{
		"contrastive": "gpw", "triplet": "gpw", "lifted_structure": "gpw", "npairs": "all_pairs", "nca": "log", "histogram": "bins100",
		"binomial_deviance": "gpw", "binlifted": "half", "multi_similarity": "official",
	} {
		if c, err := Choose(Catalogue, loss); err != nil || c.Preset != preset {
			t.Errorf("the default of %s is %q, want %q (%v)", loss, c.Preset, preset, err)
		}
	}
}
