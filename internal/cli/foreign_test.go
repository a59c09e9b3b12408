package cli

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/internal/npy"
)

// desk makes a folder the working one, with features, labels and a spec in it.
func desk(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	var x, y bytes.Buffer
	var labels []int64
	var rows []float32
	for i := range 24 {
		labels = append(labels, int64(i/4))
		rows = append(rows, 1+float32(i/4), float32(i%5)/4, float32(i*i%7)-3)
	}
	if err := npy.WriteFloat32(&x, []int{24, 3}, rows); err != nil {
		t.Fatal(err)
	}
	if err := npy.WriteInt64(&y, []int{24}, labels); err != nil {
		t.Fatal(err)
	}
	plant(t, "x.npy", x.String())
	plant(t, "y.npy", y.String())
	plant(t, "tiny.yaml", `name: tiny
datasets: [{name: tiny, features: x.npy, labels: y.npy}]
losses: [contrastive]
baselines: none
sampler: {classes: 3, per_class: 2}
steps: 3
seeds: 1
`)
}

func plant(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}

// runGPW runs the program in this process.
func runGPW(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = Main(args, &out, &err)
	return code, out.String(), err.String()
}

// done runs the program, which must succeed.
func done(t *testing.T, args ...string) {
	t.Helper()
	if code, _, stderr := runGPW(args...); code != 0 {
		t.Fatalf("gpw %s: exit code %d\n%s", strings.Join(args, " "), code, stderr)
	}
}

// tree is all below a folder: files with mode and checksum, links with their target,
// folders. Links are not followed.
func tree(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		switch what := info.Mode().String(); {
		case e.IsDir():
			all[path] = what
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			all[path] = what + " to " + target
			return err
		default:
			data, err := os.ReadFile(path)
			all[path] = fmt.Sprintf("%s %x", what, sha256.Sum256(data))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// untouched compares what was there before with what is there now.
func untouched(t *testing.T, what string, before map[string]string, root string) {
	t.Helper()
	after := tree(t, root)
	for path, was := range before {
		if after[path] != was {
			t.Errorf("%s: %s was %q, is %q", what, path, was, after[path])
		}
	}
}

// clutter fills a folder with files, links and a nested run that look like gpw's and are
// not, and returns what it put there.
func clutter(t *testing.T, dir string) map[string]string {
	t.Helper()
	id := strings.Repeat("0123456789abcdef", 4)
	plant(t, "elsewhere/file", "elsewhere")
	outside, err := filepath.Abs("elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		".env.bak20260101", ".gitignore", "sub/.notes.txt20251231", "sub/table.txt", "Table.txt", "table.txt~", "plan.json.bak",
		".plan.json20260101", ".table.txt20260101120000", ".mine.json1234567890123456789", "sub/.table.txt1234567890123456789",
		"records/.notes.json20260101", "records/.hidden", "records/sub/." + id + ".json1234567890123456789",
		"weights/mine.npz", "moments/mine.csv", "prepared/mine.npz", "locks/mine.lock", "locks/.x.lock123456789012345678",
		"figures/training_curve.pdf", "figures/overview_of_method.pdf", "figures/weights_final.npy", "figures/weights_final.svg", "figures/overview_tiny_2.png",
		"figures/weights_x/deep.svg", "figures/.weights_tiny_contrastive.svg20260101", "figures/.mine.svg1234567890123456789",
	} {
		plant(t, filepath.Join(dir, name), "mine: "+name)
	}
	plant(t, filepath.Join(dir, "records/.probe.tmp20260101"), "not empty")
	for name, target := range map[string]string{
		"to_file": outside + "/file", "to_folder": outside, "dangling": outside + "/nothing", "loop": "loop",
		"records/." + id + ".json1234567890123456789": outside + "/file", "figures/.overview_tiny.svg1234567890123456789": outside + "/file",
		"figures/weights_old.svg": outside + "/file", ".spec.yaml1234567890123456789": outside + "/nothing",
	} {
		link(t, target, filepath.Join(dir, name))
	}
	if err := os.Link("elsewhere/file", filepath.Join(dir, "figures/training_hard.svg")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "sub/table.txt"), 0o444); err != nil {
		t.Fatal(err)
	}
	done(t, "run", "tiny.yaml", "-o", filepath.Join(dir, "inner"))
	plant(t, filepath.Join(dir, "inner/records/."+id+".json1234567890123456789"), "half a record of a run that goes on")
	plant(t, filepath.Join(dir, "inner/.table.txt1234567890123456789"), "half a table")
	return tree(t, ".")
}

// No verb changes, removes or follows what it did not write, whatever lies in the folder
// that it writes into; and with what it did write, every verb can go on.
func TestForeignFilesStay(t *testing.T) {
	desk(t)
	before := clutter(t, "p")
	link(t, "p", "to_p")
	for _, args := range []string{
		"run tiny.yaml -o p",
		"run tiny.yaml -o p",
		"run tiny.yaml losses=triplet,contrastive -o p",
		"run tiny.yaml losses=nca -o to_p",
		"run tiny.yaml --fresh losses=nca -o p",
		"table p --format markdown -o p/mine.md",
		"plot --run p -o p/figures/",
		"plot --run p --loss NCA --view training -o p/course.svg",
		"plot --loss contrastive --loss triplet --view compare -o p/figures/compared.png",
		"eval --embeddings x.npy --labels y.npy -o p/scores.txt",
		"weigh --loss contrastive --embeddings x.npy --labels y.npy -o p/weights.txt",
		"probe --loss contrastive --table ticks --figure p/cases.svg -o p/ticks.txt",
		"check --loss contrastive -o p/check.txt",
		"losses contrastive -o p/losses.txt",
	} {
		words := strings.Fields(args)
		done(t, words...)
		untouched(t, args, before, ".")
	}
	if left, _ := filepath.Glob("p/figures/[wt]*_tiny_contrastive.*"); len(left) > 0 {
		t.Errorf("figures of earlier plans are there: %v", left)
	}
}

// Where a file of the name that an experiment would write is not gpw's, the run is
// refused before anything is made, and the file is named.
func TestForeignNameRefused(t *testing.T) {
	desk(t)
	done(t, "run", "tiny.yaml", "-o", "whole")
	records, err := filepath.Glob("whole/records/*.json")
	if err != nil || len(records) != 1 {
		t.Fatal(records, err)
	}
	id := strings.TrimSuffix(filepath.Base(records[0]), ".json")
	plant(t, "elsewhere/file", "mine")
	plant(t, "elsewhere/weights_tiny_contrastive.svg", "mine")
	outside, err := filepath.Abs("elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]func(path string){
		"file":           func(path string) { plant(t, path, "mine") },
		"folder":         func(path string) { plant(t, path+"/mine", "mine") },
		"link":           func(path string) { link(t, outside+"/file", path) },
		"link to none":   func(path string) { link(t, outside+"/none", path) },
		"link to folder": func(path string) { link(t, outside, path) },
		"loop":           func(path string) { link(t, filepath.Base(path), path) },
	}
	tried := 0
	try := func(name, kind string) {
		dir := fmt.Sprintf("try%d", tried)
		tried++
		kinds[kind](filepath.Join(dir, name))
		before := tree(t, ".")
		code, stdout, stderr := runGPW("run", "tiny.yaml", "-o", dir)
		if code != exitError || stdout != "" || !strings.Contains(stderr, filepath.Join(dir, name)) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s a %s: exit code %d, %q", name, kind, code, stderr)
		}
		if diff := cmp.Diff(before, tree(t, ".")); diff != "" {
			t.Errorf("%s a %s: %s", name, kind, diff)
		}
	}
	for _, name := range []string{
		"plan.json", "spec.yaml", "written.json", "timings.jsonl", "table.txt", "table.md", "table.tex", "table.csv", "table.json",
		"figures/weights_tiny_contrastive.svg", "figures/overview_tiny.png", "figures/training_tiny_contrastive.png", "figures/trainings_tiny.svg",
	} {
		for kind := range kinds {
			try(name, kind)
		}
	}
	for _, name := range []string{"records/" + id + ".json", "weights/" + id + ".npz", "moments/" + id + ".csv", "locks/" + id + ".lock", "locks/open.lock", "locks/files.lock"} {
		for kind := range maps.Keys(kinds) {
			if kind != "file" {
				try(name, kind)
			}
		}
	}
	for _, name := range []string{"records", "weights", "moments", "prepared", "figures", "locks"} {
		for kind := range kinds {
			if kind != "folder" {
				try(name, kind)
			}
		}
	}
}

// A file whose name -o does not give, but follows from it, is a figure or is not written
// over; figures of an earlier command are.
func TestForeignFigureRefused(t *testing.T) {
	desk(t)
	plant(t, "elsewhere/file", "mine")
	const batch = " --embeddings x.npy --labels y.npy"
	for k, test := range []struct{ args, name string }{
		{"plot --loss contrastive -o p/" + batch, "p/pairs_contrastive.svg"},
		{"plot --loss contrastive -o p/" + batch, "p/pairs_contrastive.pdf"},
		{"plot --loss contrastive -o p/" + batch, "p/pairs_contrastive.png"},
		{"plot --loss contrastive -o p/" + batch, "p/pairs_contrastive.csv"},
		{"plot --loss contrastive --format json -o p/" + batch, "p/pairs_contrastive.json"},
		{"plot --loss contrastive -o p/a.svg" + batch, "p/a.csv"},
		{"probe --loss contrastive --table cases --figure p/a.pdf", "p/a.csv"},
	} {
		kinds := []func(){
			func() { link(t, "../elsewhere/file", test.name) },
			func() { link(t, "nothing", test.name) },
			func() { plant(t, test.name+"/mine", "mine") },
		}
		for _, kind := range []func(){func() { plant(t, test.name, "mine") }, kinds[k%3]} {
			if err := os.RemoveAll("p"); err != nil {
				t.Fatal(err)
			}
			kind()
			before := tree(t, ".")
			code, _, stderr := runGPW(strings.Fields(test.args)...)
			if code != exitError || !strings.Contains(stderr, test.name+" is not a figure that gpw wrote") {
				t.Errorf("%s: exit code %d, %q", test.args, code, stderr)
			}
			if diff := cmp.Diff(before, tree(t, ".")); diff != "" {
				t.Errorf("%s: %s", test.args, diff)
			}
		}
	}
	for _, args := range []string{"plot --loss contrastive -o q/" + batch, "plot --loss contrastive --pooling log_sum_exp -o q/" + batch, "plot --loss contrastive -o q/a.svg" + batch, "plot --loss nca --view overview -o q/a.svg" + batch} {
		done(t, strings.Fields(args)...)
	}
}

// What was changed by hand after gpw wrote it is no longer gpw's.
func TestChangedFileRefused(t *testing.T) {
	desk(t)
	done(t, "run", "tiny.yaml", "-o", "p")
	for _, name := range []string{"table.tex", "spec.yaml", "plan.json", "figures/weights_tiny_contrastive.svg"} {
		whole, err := os.ReadFile("p/" + name)
		if err != nil {
			t.Fatal(err)
		}
		plant(t, "p/"+name, string(whole)+"\n")
		before := tree(t, ".")
		code, _, stderr := runGPW("run", "tiny.yaml", "steps=2", "-o", "p")
		if code != exitError || !strings.Contains(stderr, "p/"+name+" was changed after gpw wrote it") {
			t.Errorf("%s: exit code %d, %q", name, code, stderr)
		}
		if diff := cmp.Diff(before, tree(t, ".")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		plant(t, "p/"+name, string(whole))
	}
	// A figure of another plan that was changed stays, and is the user's from then on.
	plant(t, "p/figures/weights_tiny_contrastive.svg", "mine")
	done(t, "run", "tiny.yaml", "losses=nca", "-o", "p")
	if data, err := os.ReadFile("p/figures/weights_tiny_contrastive.svg"); string(data) != "mine" {
		t.Errorf("the changed figure holds %q, %v", data, err)
	}
	if _, err := os.Stat("p/figures/weights_tiny_contrastive.png"); err == nil {
		t.Error("the figure of the earlier plan is still there")
	}
}

// A spec that lies in the folder of its results is the user's: it is left as it is, and
// overrides are refused there.
func TestSpecInItsFolder(t *testing.T) {
	desk(t)
	text, err := os.ReadFile("tiny.yaml")
	if err != nil {
		t.Fatal(err)
	}
	spec := "# mine\n" + strings.NewReplacer("x.npy", "../x.npy", "y.npy", "../y.npy").Replace(string(text))
	plant(t, "exp/spec.yaml", spec)
	t.Chdir("exp")
	done(t, "run", "./spec.yaml", "-o", ".")
	done(t, "run", "./spec.yaml", "-o", "../exp")
	for range 2 {
		code, _, stderr := runGPW("run", "./spec.yaml", "steps=2", "-o", "../exp")
		if code != exitError || !strings.Contains(stderr, "../exp/spec.yaml was not written by gpw") {
			t.Errorf("exit code %d, %q", code, stderr)
		}
		if data, err := os.ReadFile("spec.yaml"); string(data) != spec {
			t.Errorf("the spec is %q, %v", data, err)
		}
		if err := os.Remove("written.json"); err != nil && !os.IsNotExist(err) { // as an earlier gpw left the folder
			t.Fatal(err)
		}
	}
}
