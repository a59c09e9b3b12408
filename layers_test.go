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
	"losses/describe": {"losses", "internal/output"},

	"losses/losstest/report": {"losses", "losses/describe", "losses/losstest", "internal/output"},

	"gpw":         {"losses"},
	"gpw/formula": {"losses", "internal/f64"},
	"gpw/probe":   {"gpw", "losses", "losses/describe", "internal/output"},

	"benchmarks":                  {},
	"benchmarks/retrieval":        {"matrix", "internal/f32"},
	"benchmarks/retrieval/report": {"benchmarks/retrieval", "internal/output"},

	"benchmarks/datasets":      {"benchmarks/retrieval", "matrix", "internal/f32", "internal/npy"},
	"benchmarks/peers/gpwside": {"train", "train/config", "benchmarks/datasets", "benchmarks/retrieval", "losses", "matrix", "internal/f32", "internal/npy"},

	"train/config":         {"losses"},
	"train":                {"train/config", "losses", "matrix", "internal/f32"},
	"analysis/weigh":       {"analysis", "gpw", "losses", "losses/describe", "internal/output"},
	"analysis":             {"gpw", "gpw/probe", "losses", "results", "internal/npy", "internal/input"},
	"experiments/protocol": {"losses"},
	"experiments/spec":     {"experiments/protocol", "train/config", "results", "results/table", "gpw/formula", "losses"},
	"experiments":          {"experiments/spec", "experiments/protocol", "train", "train/config", "benchmarks/datasets", "benchmarks/retrieval", "analysis", "gpw", "losses", "matrix", "results", "results/table", "internal/f32", "internal/npy", "internal/input"},
	"results":              {"train/config", "internal/escape", "internal/input"},
	"results/stats":        {},
	"results/table":        {"results", "results/stats", "internal/escape", "internal/output"},
	"plots":                {"analysis", "gpw", "gpw/probe", "internal/escape"},
	"plots/figures":        {"plots", "analysis", "gpw", "gpw/probe", "losses", "results", "benchmarks/datasets"},

	"internal/f32":     {"matrix"},
	"internal/f64":     {},
	"internal/escape":  {},
	"internal/output":  {"internal/escape"},
	"internal/docgen":  {"gpw/probe", "losses/describe"},
	"internal/npy":     {"internal/input"},
	"internal/input":   {},
	"internal/torture": {},
	"internal/cli": {
		"experiments", "benchmarks/datasets", "benchmarks/retrieval", "benchmarks/retrieval/report",
		"results", "results/table", "plots", "plots/figures", "analysis", "analysis/weigh", "gpw", "gpw/probe",
		"losses", "losses/describe", "losses/losstest", "losses/losstest/report",
		"internal/output", "internal/npy", "internal/escape",
	},
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
