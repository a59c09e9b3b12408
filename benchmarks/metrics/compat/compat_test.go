package compat

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/metrics"
)

// printed reads what the tools printed, as set → tool → function → figure → number or
// text. The functions of tools that have one are "".
func printed(t *testing.T) map[string]map[string]map[string]map[string]any {
	t.Helper()
	text, err := os.ReadFile("testdata/printed.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Sets map[string]map[string]any `json:"sets"`
	}
	clean := strings.ReplaceAll(string(text), ": NaN", ": null")
	if err := json.Unmarshal([]byte(clean), &file); err != nil {
		t.Fatal(err)
	}

	all := map[string]map[string]map[string]map[string]any{}
	for set, tools := range file.Sets {
		all[set] = map[string]map[string]map[string]any{}
		for tool, of := range tools {
			functions := map[string]map[string]any{}
			figures, ok := of.(map[string]any)
			if !ok {
				functions[""] = map[string]any{"": of}
			}
			for name, v := range figures {
				if inner, nested := v.(map[string]any); nested && name != "exact" {
					functions[name] = inner
				} else if text, stopped := v.(string); stopped && tool != "ms" && tool != "revisiting_dml" {
					functions[name] = map[string]any{"": text}
				} else if name != "exact" {
					if functions[""] == nil {
						functions[""] = map[string]any{}
					}
					functions[""][name] = v
				}
			}
			all[set][tool] = functions
		}
	}
	return all
}

// load reads a set of testdata.
func load(t *testing.T, name string) (queries metrics.Set, gallery *metrics.Set) {
	t.Helper()
	var naming datasets.Naming
	read := func(rows, labels string) metrics.Set {
		v, l, err := naming.LoadVectors(filepath.Join("testdata", rows), filepath.Join("testdata", labels))
		if err != nil {
			t.Fatal(err)
		}
		return metrics.Set{Vectors: v, Labels: l}
	}
	queries = read(name+".npy", name+"_labels.npy")
	if _, err := os.Stat(filepath.Join("testdata", name+"_gallery.npy")); err == nil {
		g := read(name+"_gallery.npy", name+"_gallery_labels.npy")
		gallery = &g
	}
	return queries, gallery
}

// TestPrinted holds every figure against the number that the tool itself printed, to the
// digits of either.
func TestPrinted(t *testing.T) {
	compared, exact := 0, 0
	for set, tools := range printed(t) {
		queries, gallery := load(t, set)
		for _, tool := range All {
			c, err := tool.Compare(t.Context(), queries, gallery)
			if err != nil {
				if tool.NoGallery == "" || gallery == nil {
					t.Errorf("%s, %s: %v", set, tool.Name, err)
				}
				continue
			}
			for _, f := range c.Functions {
				of := tools[tool.Name][f.Label]
				for i := range f.Figures {
					a := &f.Figures[i]
					want, ok := of[a.Name]
					if stopped, all := of[""]; all {
						want, ok = stopped, true
					}
					if !ok {
						t.Fatalf("%s, %s: the tool printed no %s %s", set, tool.Name, f.Label, a.Name)
					}
					compared++
					if agrees(t, fmt.Sprintf("%s, %s %s %s", set, tool.Name, f.Label, a.Name), a, want, set == "near") {
						exact++
					}
				}
			}
		}
	}
	if compared < 700 || exact < compared*2/3 {
		t.Errorf("%d figures were compared, %d of them without a range", compared, exact)
	}
	t.Log(compared, "figures,", exact, "without a range")
}

// agrees holds a figure against a printed one. Where ties leave a range, it holds it
// against the range. In the set that float32 cannot order, numbers are not compared. It
// reports whether the figure has no range.
func agrees(t *testing.T, what string, a *Figure, want any, undecided bool) bool {
	t.Helper()
	number, text := math.NaN(), ""
	switch w := want.(type) {
	case float64:
		number, text = w, a.format(a.Name, w)
	case string:
		if v, err := strconv.ParseFloat(strings.TrimSpace(w), 64); err == nil {
			number, text = v, w
		}
	}
	if (a.Why != "") != math.IsNaN(number) {
		t.Errorf("%s: %q, %q; the tool printed %v", what, a.Printed, a.Why, want)
		return false
	}
	if a.Why != "" || undecided {
		return false
	}

	// Half a unit of the last digit, and the rounding of tools that sum in float32.
	_, decimals, _ := strings.Cut(text, ".")
	tolerance := 0.5*math.Pow(10, -float64(len(decimals)))*(1+1e-6) + 3e-7*math.Abs(number)
	if strings.HasPrefix(a.Name, "R@") {
		number, tolerance = number/100, tolerance/100
	}
	if number < a.Low-tolerance || number > a.High+tolerance {
		t.Errorf("%s: %v to %v; the tool printed %s", what, a.Low, a.High, text)
	}
	return a.High-a.Low < 1e-12
}

// TestRules replaces all rules of a tool by ours, after which no figure differs from ours,
// and holds each rule against a set that it moves.
func TestRules(t *testing.T) {
	moved := map[string]bool{}
	for _, set := range []string{"lengths", "singletons", "copies", "few"} {
		queries, gallery := load(t, set)
		for _, tool := range All {
			c, err := tool.Compare(t.Context(), queries, gallery)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range c.Functions {
				for _, r := range f.Rules {
					if len(r.Moves) > 0 {
						moved[tool.Name+" "+r.Name] = true
					}
				}
			}

			plain := *tool
			plain.variants = func(gallery bool) []variant {
				all := tool.variants(gallery)
				for i := range all {
					for _, d := range all[i].differences {
						d.ours(&all[i].rules)
					}
				}
				return all
			}
			c, err = plain.Compare(t.Context(), queries, gallery)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range c.Functions {
				for _, a := range f.Figures {
					if a.Why == "" && math.Abs(a.Expected-a.Ours.Expected) > 1e-12 && !strings.HasPrefix(a.Name, "mAP_") {
						t.Errorf("%s, %s %s: %v by our rules, and %s is %v", set, tool.Name, f.Label+" "+a.Name, a.Expected, a.Ours.Key(), a.Ours.Expected)
					}
				}
			}
		}
	}
	for _, tool := range All {
		for _, v := range tool.variants(false) {
			for _, d := range v.differences {
				if !moved[tool.Name+" "+d.name] {
					t.Errorf("%s: no set is moved by %q", tool.Name, d.name)
				}
			}
		}
	}
}

func TestFind(t *testing.T) {
	for name, want := range map[string]string{"MS": "ms", "proxy-anchor": "proxy_anchor", "rdml": "revisiting_dml", " mteb ": "mteb"} {
		if tool, err := Find(name); err != nil || tool.Name != want {
			t.Errorf("%q is %v, %v", name, tool, err)
		}
	}
	for name, want := range map[string]string{"mtep": "did you mean mteb?", "revisiting_dlm": "did you mean revisiting_dml?", "zzzzzzz": "there are ms, proxy_anchor"} {
		if _, err := Find(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

// TestWrite holds the formats against each other: every printed figure is in all three.
func TestWrite(t *testing.T) {
	queries, gallery := load(t, "singletons")
	for _, tool := range All {
		c, err := tool.Compare(t.Context(), queries, gallery)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{"text", "json", "csv", "markdown", "latex"} {
			var b strings.Builder
			if err := Write(&b, format, c); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), "NaN ") || format == "json" && !json.Valid([]byte(b.String())) {
				t.Errorf("%s as %s:\n%s", tool.Name, format, b.String())
			}
			for _, f := range c.Functions {
				for _, a := range f.Figures {
					if a.Why == "" && !strings.Contains(b.String(), a.Printed) {
						t.Errorf("%s as %s has no %s %s", tool.Name, format, a.Name, a.Printed)
					}
				}
			}
		}
	}
}
