package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// A layer is a package and which of our packages it may import: only such as stand before
// it, so that no import runs up. DESIGN.md draws it.
type layer struct {
	path    string
	imports []string
}

var layers = []layer{
	{"matrix", nil},
	{"internal/input", nil},
	{"internal/escape", nil},
	{"internal/output", []string{"internal/escape"}},
	{"internal/npy", []string{"internal/input"}},
	{"internal/arrays", []string{"internal/input", "internal/npy"}},
	{"internal/f32", []string{"matrix"}},
	{"internal/f64", nil},
	{"internal/torture", nil},
	{"internal/browsertest", nil},

	{"losses/vec", []string{"internal/f64"}},
	{"losses", []string{"internal/f64"}},
	{"losses/describe", []string{"losses", "internal/output"}},
	{"losses/losstest", []string{"losses"}},
	{"losses/losstest/contract", []string{"losses", "losses/losstest"}},
	{"losses/losstest/report", []string{"losses", "losses/describe", "losses/losstest", "internal/output"}},

	{"gpw", []string{"losses"}},
	{"gpw/formula", []string{"losses", "internal/f64"}},
	{"gpw/probe", []string{"gpw", "losses", "losses/describe", "internal/output"}},

	{"gpw/playground", []string{"gpw", "gpw/formula", "gpw/probe", "losses", "losses/describe", "internal/npy"}},
	{"gpw/playground/wasm", []string{"gpw/playground"}},
	{"gpw/playground/page", nil},

	{"train/config", []string{"losses"}},
	{"train", []string{"train/config", "losses", "matrix", "internal/f32"}},
	{"train/headfile", []string{"train", "train/config", "matrix", "internal/arrays", "internal/npy"}},

	{"benchmarks", nil},
	{"benchmarks/names", nil},
	{"benchmarks/retrieval", []string{"matrix", "internal/f32"}},
	{"benchmarks/retrieval/kept", []string{"internal/input", "benchmarks/retrieval"}},
	{"benchmarks/verification", []string{"benchmarks/retrieval", "internal/arrays", "internal/f32"}},
	{"benchmarks/structure", []string{"benchmarks/retrieval", "internal/f64"}},
	{"benchmarks/metrics", []string{"benchmarks/retrieval", "benchmarks/structure", "benchmarks/verification"}},
	{"benchmarks/datasets", []string{"benchmarks/names", "benchmarks/retrieval", "matrix", "internal/f32", "internal/arrays"}},

	{"benchmarks/datasets/layouts", []string{"benchmarks/datasets", "benchmarks/names", "internal/arrays", "internal/input"}},
	{"benchmarks/datasets/inspect", []string{"benchmarks/datasets/layouts", "benchmarks/retrieval", "matrix", "internal/arrays", "internal/output"}},
	{"benchmarks/extract", []string{"benchmarks/datasets", "benchmarks/datasets/layouts", "internal/arrays", "internal/npy", "internal/input"}},

	{"results/claims", nil},
	{"results", []string{"results/claims", "train/config", "benchmarks/metrics", "benchmarks/retrieval", "internal/escape", "internal/input", "internal/npy"}},
	{"results/status", []string{"results", "results/claims", "internal/output"}},
	{"benchmarks/retrieval/report", []string{"benchmarks/retrieval", "results", "internal/arrays", "internal/output"}},
	{"results/stats", nil},
	{"benchmarks/metrics/report", []string{"benchmarks/metrics", "benchmarks/retrieval", "benchmarks/retrieval/report", "results/stats", "internal/npy", "internal/output"}},
	{"benchmarks/metrics/compat", []string{"benchmarks/metrics", "benchmarks/retrieval", "internal/output"}},
	{"results/compare", []string{"results", "results/stats", "internal/escape", "internal/output"}},
	{"results/table", []string{"benchmarks/names", "results", "results/compare", "results/stats", "internal/escape", "internal/output"}},

	{"analysis", []string{"gpw", "gpw/probe", "losses", "results", "internal/npy", "internal/input"}},
	{"analysis/weigh", []string{"analysis", "benchmarks/datasets", "gpw", "losses", "losses/describe", "internal/output"}},

	{"experiments/search", nil},
	{"experiments/protocol", []string{"benchmarks/metrics", "benchmarks/retrieval", "losses", "results"}},
	{"experiments/spec", []string{"experiments/protocol", "benchmarks/metrics", "benchmarks/names", "train/config", "results", "results/table", "gpw/formula", "losses"}},
	{"experiments", []string{
		"experiments/search", "experiments/spec", "experiments/protocol", "train", "train/config", "train/headfile", "benchmarks/names", "benchmarks/datasets", "benchmarks/datasets/layouts", "benchmarks/metrics", "benchmarks/retrieval", "benchmarks/retrieval/report",
		"analysis", "gpw", "losses", "matrix", "results", "results/claims", "results/table", "internal/f32", "internal/arrays", "internal/npy", "internal/input",
	}},

	{"experiments/launch/slurm", []string{"experiments/spec"}},
	{"experiments/launch", []string{"experiments", "experiments/launch/slurm", "experiments/spec", "losses", "results", "results/claims", "internal/input"}},

	{"plots", []string{"analysis", "gpw", "gpw/probe", "internal/escape"}},
	{"plots/figures", []string{"plots", "experiments/protocol", "analysis", "analysis/weigh", "gpw", "gpw/probe", "losses", "results", "results/compare", "results/table", "benchmarks/datasets", "internal/arrays"}},

	{"plots/report", []string{"plots", "plots/figures", "analysis", "gpw", "results", "results/compare", "results/stats", "results/table", "internal/arrays", "internal/npy", "internal/output"}},

	{"internal/docgen", []string{"benchmarks/metrics/report", "experiments/spec", "gpw/probe", "losses/describe"}},
	{"internal/cli", []string{
		"experiments", "experiments/launch", "experiments/launch/slurm", "experiments/spec", "train/headfile", "benchmarks/datasets", "benchmarks/datasets/inspect", "benchmarks/datasets/layouts", "benchmarks/extract", "benchmarks/retrieval", "benchmarks/retrieval/kept", "benchmarks/retrieval/report",
		"benchmarks/metrics", "benchmarks/metrics/compat", "benchmarks/metrics/report",
		"results", "results/claims", "results/status", "results/compare", "results/table", "plots", "plots/figures", "plots/report", "analysis", "analysis/weigh", "gpw", "gpw/probe", "gpw/playground/page",
		"losses", "losses/describe", "losses/losstest", "losses/losstest/report",
		"benchmarks/names", "internal/output", "internal/npy", "internal/arrays", "internal/escape",
	}},
	{"", []string{"internal/cli"}},
	{"benchmarks/peers/gpwpeer", []string{
		"train", "train/config", "benchmarks/datasets", "benchmarks/retrieval", "losses", "matrix", "internal/f32", "internal/npy",
	}},
}

// libraries says which packages alone may import a library, and standardOnly which import
// the standard library only.
var (
	libraries = map[string][]string{
		"gopkg.in/yaml.v3":                  {"experiments/spec"},
		"github.com/spf13/cobra":            {"internal/cli"},
		"github.com/vbauerster/mpb/v8":      {"internal/cli"},
		"gonum.org/v1/plot":                 {"plots"},
		"github.com/olekukonko/tablewriter": {"results/table"},
		"github.com/gofrs/flock":            {"results/claims", "benchmarks/extract", "benchmarks/retrieval/kept"},
		"github.com/yalue/onnxruntime_go":   {"benchmarks/extract"},
		"github.com/parquet-go/parquet-go":  {"internal/arrays"},
		"github.com/klauspost/compress":     {"internal/arrays"},
		"github.com/chromedp":               {"internal/browsertest"},
	}
	standardOnly = []string{"losses", "losses/losstest", "gpw", "gpw/formula", "gpw/probe", "gpw/playground", "gpw/playground/wasm", "gpw/playground/page", "matrix", "analysis", "internal/npy"}
)

func TestLayers(t *testing.T) {
	for k, l := range layers {
		for _, path := range l.imports {
			if !slices.ContainsFunc(layers[:k], func(below layer) bool { return below.path == path }) {
				t.Errorf("%q may import %q, which does not stand below it", l.path, path)
			}
		}
	}

	out := listed(t, []string{"CGO_ENABLED=1"}, "-tags", "onnx,browser", "./...") // files with the tag onnx need cgo
	out += listed(t, []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0"}, "./gpw/playground/wasm")
	seen := 0
	for d := json.NewDecoder(strings.NewReader(out)); ; seen++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		checkImports(t, strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "gpwbench"), "/"), p.Imports)
	}
	if seen < len(layers) {
		t.Errorf("%d packages are there, the layers have %d", seen, len(layers))
	}
}

// listed returns the packages of patterns with their imports, as go list prints them.
func listed(t *testing.T, environment []string, patterns ...string) string {
	t.Helper()
	list := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports"}, patterns...)...)
	list.Env = append(os.Environ(), environment...)
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// checkImports holds what a package imports against its layer and the libraries.
func checkImports(t *testing.T, pkg string, imports []string) {
	t.Helper()
	k := slices.IndexFunc(layers, func(l layer) bool { return l.path == pkg })
	if k < 0 {
		t.Errorf("the package %q has no layer; give it one, here and in DESIGN.md", pkg)
		return
	}
	for _, path := range imports {
		if ours, ok := strings.CutPrefix(path, "gpwbench/"); ok {
			if !slices.Contains(layers[k].imports, ours) {
				t.Errorf("%q imports %q, which its layer does not allow", pkg, ours)
			}
			continue
		}
		if slices.Contains(standardOnly, pkg) && strings.Contains(strings.Split(path, "/")[0], ".") {
			t.Errorf("%q imports %q; it may import the standard library only", pkg, path)
		}
		for library, packages := range libraries {
			if (path == library || strings.HasPrefix(path, library+"/")) && !slices.Contains(packages, pkg) {
				t.Errorf("%q imports %q, which belongs to %v", pkg, path, packages)
			}
		}
	}
}

// The picture and the table of DESIGN.md have the layers and no others: the picture from
// the last to the first, one a line, and the table in any order. The package of no path
// is called main.
func TestDesignNamesLayers(t *testing.T) {
	var want []string
	for _, l := range layers {
		want = append(want, cmp.Or(l.path, "main"))
	}

	_, section, ok := strings.Cut(read(t, "DESIGN.md"), "\n## The layers\n")
	section, _, ended := strings.Cut(section, "\n## ")
	_, picture, drawn := strings.Cut(section, "```\n")
	picture, table, closed := strings.Cut(picture, "```\n")
	if !ok || !ended || !drawn || !closed {
		t.Fatal("DESIGN.md has no section on the layers with a picture and a table")
	}

	drawnFirst := strings.Split(strings.TrimSuffix(picture, "\n"), "\n")
	slices.Reverse(drawnFirst)
	if diff := gocmp.Diff(want, drawnFirst); diff != "" {
		t.Errorf("the picture of DESIGN.md, from below, is not the layers of this test (-layers +picture):\n%s", diff)
	}

	var described []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]*) \\|").FindAllStringSubmatch(table, -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			described = append(described, name[1])
		}
	}
	slices.Sort(want)
	slices.Sort(described)
	if diff := gocmp.Diff(want, described); diff != "" {
		t.Errorf("the table of DESIGN.md does not have each package once (-layers +table):\n%s", diff)
	}
}
