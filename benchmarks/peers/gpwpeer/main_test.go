//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/internal/npy"
)

// Two classes of two rows at right angles to each other; those of different classes have the similarities 0.6 and 0.8 (the first row), 0.8 and −0.6.
var (
	rows   = []float32{1, 0, 0, 1, 0.6, 0.8, 0.8, -0.6}
	labels = []int64{0, 0, 1, 1}
)

// arrays writes rows, labels, and as many rows of a head's features.
func arrays(t *testing.T) (x, y string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, array func(io.Writer) error) string {
		path := filepath.Join(dir, name)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := array(f); err != nil {
			t.Fatal(err)
		}
		return path
	}
	x = write("x.npy", func(w io.Writer) error { return npy.WriteFloat32(w, []int{4, 2}, rows) })
	y = write("y.npy", func(w io.Writer) error { return npy.WriteInt64(w, []int{4}, labels) })
	return x, y
}

// ask serves the requests in one session.
func ask(t *testing.T, requests ...string) []answer {
	t.Helper()
	var out bytes.Buffer
	if err := serve(strings.NewReader(strings.Join(requests, "\n")), &out); err != nil {
		t.Fatal(err)
	}
	var answers []answer
	for d := json.NewDecoder(&out); d.More(); {
		var a answer
		if err := d.Decode(&a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(requests) {
		t.Fatalf("%d answers to %d requests: %v", len(answers), len(requests), answers)
	}
	return answers
}

func TestTasks(t *testing.T) {
	x, y := arrays(t)
	ranks := filepath.Join(t.TempDir(), "ranks.npy")
	for _, c := range []struct {
		request string
		checks  map[string]float64
	}{
		{fmt.Sprintf(`{"task": "product", "op": "nt", "x": %q, "y": %q}`, x, x), map[string]float64{"norm": math.Sqrt(8)}},
		{fmt.Sprintf(`{"task": "product", "op": "gram", "x": %q}`, x), map[string]float64{"norm": math.Sqrt(8)}},
		// XᵀX is 2·I: the rows are two pairs at right angles.
		{fmt.Sprintf(`{"task": "product", "op": "tn", "x": %q, "y": %q}`, x, x),
			map[string]float64{"norm": math.Sqrt(8), "projection": 2*math.Sin(1) + 2*math.Sin(4)}},
		// Rows 0 and 2 find both of the other class before their positive, rows 1 and 3 one.
		{fmt.Sprintf(`{"task": "recall", "x": %q, "labels": %q, "out": %q}`, x, y, ranks), map[string]float64{"recall_at_1": 0}},
		{fmt.Sprintf(`{"task": "map_at_r", "x": %q, "labels": %q}`, x, y), map[string]float64{"recall_at_1": 0, "map_at_r": 0}},
		// Each positive adds 1 − 0, and the negatives above 0.5 add 0.1, 0.3 and 0.3, each both ways.
		{fmt.Sprintf(`{"task": "loss", "loss": "contrastive.gpw", "x": %q, "labels": %q}`, x, y), map[string]float64{"value": (4*1 + 2*(0.1+0.3+0.3)) / 4.0}},
	} {
		a := ask(t, c.request)[0]
		if a.Error != "" {
			t.Errorf("%s: %s", c.request, a.Error)
		}
		for name, want := range c.checks {
			if got, ok := a.Checks[name]; !ok || math.Abs(got-want) > 1e-6 {
				t.Errorf("%s: %s is %v, want %v", c.request, name, got, want)
			}
		}
	}
	got, err := npy.ReadInts(ranks)
	if err != nil || fmt.Sprint(got) != "[2 1 2 1]" {
		t.Errorf("ranks %v (%v), want 2 1 2 1", got, err)
	}
}

// A step of training lowers the loss, and a second block goes on with the same trainer: its checks are still those of the start.
func TestStep(t *testing.T) {
	dir := t.TempDir()
	features, classes := make([]float32, 0, 80*4), make([]int64, 0, 80)
	for i := range 80 {
		classes = append(classes, int64(i/5))
		for k := range 4 {
			features = append(features, float32(math.Sin(float64(1+i/5*(k+2)))+0.3*math.Cos(float64(7*i+k))))
		}
	}
	var files [2]bytes.Buffer
	if err := npy.WriteFloat32(&files[0], []int{80, 4}, features); err != nil {
		t.Fatal(err)
	}
	if err := npy.WriteInt64(&files[1], []int{80}, classes); err != nil {
		t.Fatal(err)
	}
	for k, name := range []string{"x.npy", "y.npy"} {
		if err := os.WriteFile(filepath.Join(dir, name), files[k].Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	x, y := filepath.Join(dir, "x.npy"), filepath.Join(dir, "y.npy")
	step := fmt.Sprintf(`{"task": "step", "loss": "nca", "dim": 4, "x": %q, "labels": %q}`, x, y)
	loss := fmt.Sprintf(`{"task": "loss", "loss": "nca", "x": %q, "labels": %q}`, x, y)
	a := ask(t, step, step, loss)
	if a[0].Error != "" || a[0].Checks["value"] != a[1].Checks["value"] {
		t.Errorf("the blocks of one work answer %v and %v", a[0], a[1])
	}
	if !(a[0].Checks["value"] < a[2].Checks["value"]) {
		t.Errorf("the loss after %d steps is %v, without a head %v", stepChecked, a[0].Checks["value"], a[2].Checks["value"])
	}
}

func TestBlocks(t *testing.T) {
	x, _ := arrays(t)
	a := ask(t, fmt.Sprintf(`{"task": "product", "op": "gram", "x": %q, "calls": 3, "repetitions": 4}`, x))[0]
	if len(a.Wall) != 4 || len(a.CPU) != 4 {
		t.Fatalf("%d and %d times of 4 repetitions", len(a.Wall), len(a.CPU))
	}
	for _, wall := range a.Wall {
		if !(wall > 0 && wall < 1) {
			t.Errorf("a 4×4 product takes %v s", wall)
		}
	}
}

// What cannot be done is told in its answer, and the next request is served.
func TestErrors(t *testing.T) {
	x, y := arrays(t)
	good := fmt.Sprintf(`{"task": "product", "op": "gram", "x": %q}`, x)
	for _, c := range []struct{ request, want string }{
		{`{"task"`, "a request is one JSON object a line"},
		{fmt.Sprintf(`{"task": "product", "op": "sum", "x": %q, "y": %q}`, x, x), `unknown op "sum"`},
		{fmt.Sprintf(`{"task": "product", "op": "nt", "x": %q, "y": "none.npy"}`, x), "none.npy"},
		{strings.Replace(good, `"task"`, `"calls": -1, "task"`, 1), "calls and repetitions are 1 or more"},
		{fmt.Sprintf(`{"task": "sing", "x": %q, "labels": %q}`, x, y), `unknown task "sing"`},
		{fmt.Sprintf(`{"task": "loss", "loss": "nac", "x": %q, "labels": %q}`, x, y), `unknown loss "nac"`},
		{fmt.Sprintf(`{"task": "loss", "loss": "nca", "x": %q, "labels": %q}`, x, x), "x.npy"},
	} {
		a := ask(t, c.request, good)
		if !strings.Contains(a[0].Error, c.want) {
			t.Errorf("%s: error %q, want %q", c.request, a[0].Error, c.want)
		}
		if a[1].Error != "" {
			t.Errorf("after %s: %s", c.request, a[1].Error)
		}
	}
}
