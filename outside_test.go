package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Another module does with the packages all that the binary does.
func TestOutsideModule(t *testing.T) {
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mod := strings.Replace(read(t, "go.mod"), "module gpwbench", "module outside", 1) +
		"\nrequire gpwbench v0.0.0\n\nreplace gpwbench => " + root + "\n"
	for name, text := range map[string]string{"go.mod": mod, "go.sum": read(t, "go.sum"), "main.go": read(t, "testdata/outside/main.go"), "experiments.go": read(t, "testdata/outside/experiments.go")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	cmd := exec.Command("go", "run", "-mod=mod", ".")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const want = `ran 6 of 6, then 0; 7 figures
row frozen, none
row PCA to 64, none
row whitening, none
row untrained, none
row Pair loss, fixed
row Pair loss, slack mining ε 0.2, paper
tuned Pair loss by 3 trials over 2 settings
ran the tuned spec: 8 of 8
compared "Pair loss (optimizer.lr 1e-4)" with "Pair loss (optimizer.lr 0.5)" of 2 variants over 5 classes
trained a head of 128×128
evaluated 826 queries, Recall@1 within 0 and 1: true
evaluated head, trained elsewhere, 128-d, of 826 queries
the weight of a negative depends on NP
drew an SVG: true
`
	if string(out) != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}
