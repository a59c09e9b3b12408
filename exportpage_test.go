package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gpwbench/internal/npy"
)

// exportPage runs the commands of docs/export.md in a folder with features and labels, and
// returns the folder and the page.
func exportPage(t *testing.T) (dir, page string) {
	t.Helper()
	dir, page = t.TempDir(), read(t, "docs/export.md")
	const rows, features, classes = 72, 10, 12
	r := rand.New(rand.NewPCG(13, 1))
	x, y := make([]float32, rows*features), make([]int64, rows)
	for i := range rows {
		y[i] = int64(i % classes)
		for k := range features {
			x[i*features+k] = float32(math.Abs(r.NormFloat64() + 2*math.Cos(float64(int(y[i])*(k+1)))))
		}
	}
	var xs, ys bytes.Buffer
	npy.WriteFloat32(&xs, []int{rows, features}, x)
	npy.WriteInt64(&ys, []int{rows}, y)
	for name, data := range map[string][]byte{"features.npy": xs.Bytes(), "labels.npy": ys.Bytes(), "birds.yaml": []byte(blocks(page, "yaml")[0])} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}

	for _, line := range strings.Split(strings.TrimSpace(blocks(page, "console")[0]), "\n") {
		cmd := exec.Command("sh", "-c", strings.TrimPrefix(line, "$ "))
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
	return dir, page
}

// blocks are the texts of a language on a page.
func blocks(page, language string) []string {
	var all []string
	for _, block := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(page, -1) {
		all = append(all, block[1])
	}
	return all
}

// exported are the embeddings that gpw exported: of the test rows, by their places.
func exported(t *testing.T, dir string) map[int][]float64 {
	t.Helper()
	archive, err := npy.ReadNPZ(filepath.Join(dir, "test.npz"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := archive["embeddings"].Float64s()
	if err != nil {
		t.Fatal(err)
	}
	places, err := archive["rows"].Ints()
	if err != nil || len(places) != 36 {
		t.Fatal(places, err)
	}
	rows, cols := map[int][]float64{}, archive["embeddings"].Shape[1]
	for i, row := range places {
		rows[row] = data[i*cols : (i+1)*cols]
	}
	return rows
}

// The programs of docs/export.md compute the embeddings that gpw exported.
func TestExportPage(t *testing.T) {
	dir, page := exportPage(t)
	t.Run("go", func(t *testing.T) { exportPageGo(t, dir, page) })
	t.Run("python", func(t *testing.T) { exportPagePython(t, dir, page) })
}

// exportPageGo runs the Go program in a module of its own. It gives the same bits.
func exportPageGo(t *testing.T, dir, page string) {
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	mod := strings.Replace(read(t, "go.mod"), "module gpwbench", "module outside", 1) + "\nrequire gpwbench v0.0.0\n\nreplace gpwbench => " + root + "\n"
	for name, text := range map[string]string{"go.mod": mod, "go.sum": read(t, "go.sum"), "main.go": blocks(page, "go")[0]} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "run", "-mod=mod", ".")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	if len(out) != 72*6*4 {
		t.Fatalf("%d bytes", len(out))
	}
	for row, want := range exported(t, dir) {
		for k, v := range want {
			if got := math.Float32frombits(binary.LittleEndian.Uint32(out[(row*6+k)*4:])); float64(got) != v {
				t.Fatalf("row %d has %v at %d, and gpw %v", row, got, k, v)
			}
		}
	}
}

// exportPagePython runs the Python, which gives the same up to the rounding of float32: with
// NumPy alone and, where it is installed, with safetensors. GPW_PYTHON names the
// interpreter.
func exportPagePython(t *testing.T, dir, page string) {
	python := "python3"
	if named := os.Getenv("GPW_PYTHON"); named != "" {
		python = named
	}
	has := func(module string) bool { return exec.Command(python, "-c", "import "+module).Run() == nil }
	if !has("numpy") {
		t.Skipf("SKIPPED: %s with NumPy is not there, so the Python of docs/export.md is not executed", python)
	}
	programs := blocks(page, "python")
	loads := map[string]string{"numpy": programs[1]}
	if has("safetensors") {
		loads["safetensors"] = programs[0]
	} else {
		t.Logf("%s has no safetensors; the file is read with NumPy alone", python)
	}

	for name, load := range loads {
		cmd := exec.Command(python, "-c", load+programs[2])
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		rows, cols, y, err := npy.ReadFloats(filepath.Join(dir, "embeddings.npy"))
		if err != nil || rows != 72 || cols != 6 {
			t.Fatalf("%s: %d×%d, %v", name, rows, cols, err)
		}
		for row, want := range exported(t, dir) {
			for k, v := range want {
				if got := float64(y[row*cols+k]); math.Abs(got-v) > 1e-5*(1+math.Abs(v)) {
					t.Fatalf("%s: row %d has %v at %d, and gpw %v", name, row, got, k, v)
				}
			}
		}
	}
}
