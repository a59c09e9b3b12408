package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The diffs of CONTRIBUTING.md fit the code as it is, compile together, and do what the
// command below each of them says.
func TestContributingRecipes(t *testing.T) {
	_, text, ok := strings.Cut(read(t, "CONTRIBUTING.md"), "## Add something else\n")
	if !ok {
		t.Fatal("CONTRIBUTING.md has no recipes")
	}
	text, _, _ = strings.Cut(text, "\n## ")

	dir := t.TempDir()
	overlay := map[string]string{} // the path of a file to that of what replaces it
	for _, block := range regexp.MustCompile("(?s)```diff\n(.*?)```").FindAllStringSubmatch(text, -1) {
		applyDiff(t, dir, overlay, block[1])
	}
	list := filepath.Join(dir, "overlay.json")
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, data, 0o644); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "gpw")
	if out, err := exec.Command("go", "build", "-overlay", list, "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	commands := regexp.MustCompile("(?m)^```\ngpw (.*)$").FindAllStringSubmatch(text, -1)
	if len(overlay) < 12 || len(commands) < 5 {
		t.Fatalf("%d files and %d commands, want those of six recipes", len(overlay), len(commands))
	}
	for _, c := range commands {
		cmd := exec.Command("sh", "-c", bin+" "+c[1])
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("gpw %s: %v\n%s", c[1], err, out)
		}
	}
	for file, want := range map[string]string{"found/table.json": `"found_share@5"`, "recipe/figures/counts_birds.svg": "Pairs with weight on"} {
		if text, err := os.ReadFile(filepath.Join(dir, file)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s: %v", file, want, err)
		}
	}
}

// applyDiff puts the files of a diff into dir, and into the overlay of a build. Lines that
// are added stand below the last line of context.
func applyDiff(t *testing.T, dir string, overlay map[string]string, diff string) {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(diff, "+++ b/")[1:] {
		name, body, _ := strings.Cut(part, "\n")
		body, _, _ = strings.Cut(body, "--- ")
		text := ""
		path := filepath.Join(root, name)
		if replaced, ok := overlay[path]; ok {
			text = read(t, replaced)
		} else if _, err := os.Stat(path); err == nil {
			text = read(t, path)
		}

		context := ""
		for _, line := range strings.SplitAfter(body, "\n") {
			switch added, isAdded := strings.CutPrefix(line, "+"); {
			case line == "":
			case !isAdded:
				context = strings.TrimPrefix(line, " ")
				if strings.Count(text, context) != 1 {
					t.Errorf("%s has the line %q %d times, want once", name, context, strings.Count(text, context))
				}
			case context == "":
				text += added
			default:
				text = strings.Replace(text, context, context+added, 1)
				context += added
			}
		}
		to := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		overlay[path] = to
	}
}
