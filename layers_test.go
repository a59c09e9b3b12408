package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says which of our rooms each room may import. An upper room knows the lower, never the reverse; DESIGN.md draws it.
var arrows = map[string][]string{
	"":                {"internal/cli"},
	"matrix":          {},
	"losses":          {"internal/f64"},
	"losses/losstest": {"losses"},
	"gpw":             {"losses"},
	"gpw/formula":     {"losses", "internal/f64"},
	"gpw/probe":       {"gpw", "losses"},

	"benchmarks":               {},
	"benchmarks/retrieval":     {"matrix", "internal/f32"},
	"benchmarks/datasets":      {"benchmarks/retrieval", "matrix", "internal/f32", "internal/npy"},
	"benchmarks/peers/gpwpeer": {"train", "benchmarks/datasets", "benchmarks/retrieval", "losses", "matrix", "internal/f32", "internal/npy"},

	"train/config":  {"losses"},
	"train":         {"train/config", "losses", "matrix", "internal/f32"},
	"analysis":      {"gpw", "gpw/probe", "losses", "results", "internal/npy", "internal/input"},
	"experiments":   {"train", "train/config", "benchmarks/datasets", "benchmarks/retrieval", "analysis", "gpw", "gpw/formula", "losses", "matrix", "results", "results/table", "internal/f32", "internal/npy", "internal/input"},
	"results":       {"internal/escape", "internal/input"},
	"results/stats": {},
	"results/table": {"results", "results/stats", "internal/escape"},
	"plots":         {"analysis", "gpw", "gpw/probe", "internal/escape"},
	"plots/figures": {"plots", "analysis", "gpw", "losses", "results"},

	"internal/f32":     {"matrix"},
	"internal/f64":     {},
	"internal/escape":  {},
	"internal/npy":     {"internal/input"},
	"internal/input":   {},
	"internal/torture": {},
	"internal/cli":     {"analysis", "plots", "experiments", "plots/figures", "benchmarks/datasets", "benchmarks/retrieval", "gpw", "gpw/probe", "losses", "losses/losstest", "results", "results/table", "internal/npy", "internal/escape"},
}

// libraries says which rooms alone may import a library, and which rooms import the standard library only.
var (
	libraries = map[string][]string{
		"gopkg.in/yaml.v3":                  {"experiments"},
		"github.com/spf13/cobra":            {"internal/cli"},
		"github.com/vbauerster/mpb/v8":      {"internal/cli"},
		"gonum.org/v1/plot":                 {"plots"},
		"github.com/olekukonko/tablewriter": {"results/table"},
		"github.com/gofrs/flock":            {"results"},
	}
	standardOnly = []string{"losses", "losses/losstest", "gpw", "gpw/formula", "gpw/probe", "matrix", "analysis", "internal/npy"}
)

func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		room := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "gpwbench"), "/")
		allowed, ok := arrows[room]
		if !ok {
			t.Errorf("the room %q is not in DESIGN.md's arrows", room)
		}
		for _, path := range p.Imports {
			if ours, ok := strings.CutPrefix(path, "gpwbench/"); ok {
				if !slices.Contains(allowed, ours) {
					t.Errorf("%q imports %q, which is no arrow of DESIGN.md", room, ours)
				}
				continue
			}
			if slices.Contains(standardOnly, room) && strings.Contains(strings.Split(path, "/")[0], ".") {
				t.Errorf("%q imports %q; it may import the standard library only", room, path)
			}
			for library, rooms := range libraries {
				if (path == library || strings.HasPrefix(path, library+"/")) && !slices.Contains(rooms, room) {
					t.Errorf("%q imports %q, which belongs to %v", room, path, rooms)
				}
			}
		}
	}
	if seen < len(arrows) {
		t.Errorf("%d packages are there, DESIGN.md has %d", seen, len(arrows))
	}
}
