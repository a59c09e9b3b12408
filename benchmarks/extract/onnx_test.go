//go:build onnx && cgo

package extract

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
)

// library is that of ONNX Runtime. Without one the tests of this file say that they are
// skipped.
func library(t *testing.T) string {
	t.Helper()
	path := os.Getenv("ONNXRUNTIME_LIB")
	if path == "" {
		t.Skip("the variable ONNXRUNTIME_LIB names no library of ONNX Runtime")
	}
	return path
}

// A message is a message of protocol buffers.
type message []byte

func (m message) number(field, v int) message {
	return binary.AppendUvarint(binary.AppendUvarint(m, uint64(field)<<3), uint64(int64(v)))
}

func (m message) text(field int, v string) message { return m.put(field, message(v)) }

func (m message) put(field int, v message) message {
	m = binary.AppendUvarint(m, uint64(field)<<3|2)
	return append(binary.AppendUvarint(m, uint64(len(v))), v...)
}

const floatType, int64Type = 1, 7

// node is an operator, with attributes that are lists of integers.
func node(op string, inputs []string, output string, attributes map[string][]int) message {
	var m message
	for _, in := range inputs {
		m = m.text(1, in)
	}
	m = m.text(2, output).text(4, op)
	for name, values := range attributes {
		a := message{}.text(1, name).number(20, 7)
		for _, v := range values {
			a = a.number(8, v)
		}
		m = m.put(5, a)
	}
	return m
}

// constant is a tensor of numbers.
func constant[T float32 | int64](name string, kind int, shape []int, values []T) message {
	var m message
	for _, d := range shape {
		m = m.number(1, d)
	}
	raw, _ := binary.Append(nil, binary.LittleEndian, values) // of fixed size
	return m.number(2, kind).text(8, name).put(9, raw)
}

// value is an input or output. Sizes below 0 are dynamic.
func value(name string, kind int, shape ...int) message {
	var sizes message
	for _, d := range shape {
		if d < 0 {
			sizes = sizes.put(1, message{}.text(2, "n"))
		} else {
			sizes = sizes.put(1, message{}.number(1, d))
		}
	}
	return message{}.text(1, name).put(2, message{}.put(1, message{}.number(1, kind).put(2, sizes)))
}

func numbers(seed, n int) []float32 {
	all := make([]float32, n)
	for k := range all {
		all[k] = float32((k*7919+seed*104729)%1009-504) / 2048
	}
	return all
}

// network encodes the network of testdata/make_onnx.py with another input and outputs.
func network(t *testing.T, input message, outputs ...message) string {
	t.Helper()
	var g message
	for _, n := range []message{
		node("Conv", []string{"pixels", "kernel", "bias"}, "convolved", map[string][]int{"kernel_shape": {3, 3}, "strides": {2, 2}}),
		node("Relu", []string{"convolved"}, "map", nil),
		node("GlobalAveragePool", []string{"map"}, "pooled", nil),
		node("Flatten", []string{"pooled"}, "flat", nil),
		node("MatMul", []string{"flat", "product"}, "features", nil),
		node("Reshape", []string{"map", "places"}, "reshaped", nil),
		node("Transpose", []string{"reshaped"}, "tokens", map[string][]int{"perm": {0, 2, 1}}),
	} {
		g = g.put(1, n)
	}
	g = g.text(2, "tiny")
	g = g.put(5, constant("kernel", floatType, []int{4, 3, 3, 3}, numbers(1, 108)))
	g = g.put(5, constant("bias", floatType, []int{4}, numbers(2, 4)))
	g = g.put(5, constant("product", floatType, []int{4, 5}, numbers(3, 20)))
	g = g.put(5, constant("places", int64Type, []int{3}, []int64{0, 4, -1}))
	g = g.put(11, input)
	for _, o := range outputs {
		g = g.put(12, o)
	}
	m := message{}.number(1, 8).put(7, g).put(8, message{}.text(1, "").number(2, 13))

	path := filepath.Join(t.TempDir(), "tiny.onnx")
	if err := os.WriteFile(path, m, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

var (
	anyBatch   = value("pixels", floatType, -1, 3, 14, 16)
	features   = value("features", floatType, -1, 5)
	featureMap = value("map", floatType, -1, 4, 6, 7)
	tokens     = value("tokens", floatType, -1, 42, 4)
)

func open(t *testing.T, path, output string) Backbone {
	t.Helper()
	b, err := OpenONNX(library(t), path, output)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.(*onnx).Close() })
	return b
}

// reference computes the network by its definition, in float64: the map, 4×42, and the
// features.
func reference(pixels []float32) (places []float64, features []float32) {
	kernel, bias, product := numbers(1, 108), numbers(2, 4), numbers(3, 20)
	sums := make([]float64, 5)
	for c := range 4 {
		total := 0.0
		for y := range 6 {
			for x := range 7 {
				sum := float64(bias[c])
				for in := range 3 {
					for i := range 9 {
						sum += float64(kernel[(c*3+in)*9+i]) * float64(pixels[(in*14+2*y+i/3)*16+2*x+i%3])
					}
				}
				places = append(places, max(sum, 0))
				total += max(sum, 0)
			}
		}
		for k := range sums {
			sums[k] += total / 42 * float64(product[c*5+k])
		}
	}
	for _, s := range sums {
		features = append(features, float32(s))
	}
	return places, features
}

func wantNear(t *testing.T, what string, got, want []float32, limit float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for k, v := range got {
		if d := math.Abs(float64(v) - float64(want[k])); !(d <= limit) {
			t.Errorf("%s: number %d is %v, want %v", what, k, v, want[k])
		}
	}
}

// Rows of a job over real JPEG files are those of the definition of the network, for any
// number of workers to the bit, and for a fixed batch. Pooling a map, or tokens, by mean
// gives the mean of the map.
func TestONNX(t *testing.T) {
	s, o := drawn(t, 11), small()
	job := func(b Backbone, o Options) []float32 {
		_, f := extracted(t, s, b, o, filepath.Join(t.TempDir(), "part"))
		return rowsOf(t, f)
	}
	b := open(t, network(t, anyBatch, features, featureMap, tokens), "features")
	rows := job(b, o)

	var want, pooled, first []float32
	pixels := make([]float32, o.Preprocessing.floats())
	for k := range s.Paths {
		file, err := os.ReadFile(s.file(k))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Preprocessing.Apply(pixels, file); err != nil {
			t.Fatal(err)
		}
		places, row := reference(pixels)
		want = append(want, row...)
		for c := range 4 {
			sum := 0.0
			for _, v := range places[c*42 : c*42+42] {
				sum += v
			}
			pooled, first = append(pooled, float32(sum/42)), append(first, float32(places[c*42]))
		}
	}
	wantNear(t, "features", rows, want, 2e-6)

	o.Workers = 5
	if !reflect.DeepEqual(job(b, o), rows) {
		t.Error("five workers give other bits")
	}
	o.Pool = Mean
	wantNear(t, "the map", job(open(t, network(t, anyBatch, features, featureMap, tokens), "map"), o), pooled, 2e-6)
	wantNear(t, "tokens", job(open(t, network(t, anyBatch, features, featureMap, tokens), "tokens"), o), pooled, 2e-6)
	o.Pool = First
	wantNear(t, "the first token", job(open(t, network(t, anyBatch, tokens), ""), o), first, 2e-6)

	o.Pool, o.Batch = NoPool, 0
	fixed := open(t, network(t, value("pixels", floatType, 3, 3, 14, 16), value("features", floatType, 3, 5)), "")
	if batch, height, width := fixed.Input(); batch != 3 || height != 14 || width != 16 {
		t.Errorf("takes %d of %d×%d", batch, height, width)
	}
	wantNear(t, "a fixed batch", job(fixed, o), want, 2e-6)
	if m := b.Model(); len(m.SHA256) != 64 || m.File != "tiny.onnx" || m.Output != "features" || m.Runtime == "" {
		t.Errorf("the model is %+v", m)
	}
}

// The rows are those that ONNX Runtime's own API in Python computed on images that Pillow
// preprocessed, with the network that the package onnx wrote. Features of JPEG differ by
// what the decoders round differently.
func TestONNXRuntimeOfPython(t *testing.T) {
	library(t)
	var want map[string][]float32
	text, err := os.ReadFile("testdata/onnxruntime.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil || len(want) != 6 {
		t.Fatalf("%d references, %v", len(want), err)
	}

	o, s := small(), &Set{Root: "testdata"}
	for name := range want {
		s.Paths = append(s.Paths, name)
	}
	for _, path := range []string{"testdata/tiny.onnx", network(t, anyBatch, features)} {
		_, f := extracted(t, s, open(t, path, "features"), o, filepath.Join(t.TempDir(), "part"))
		rows := rowsOf(t, f)
		for k, name := range s.Paths {
			limit := 2e-6
			if filepath.Ext(name) == ".jpg" {
				limit = 2e-3
			}
			wantNear(t, path+" on "+name, rows[5*k:5*k+5], want[name], limit)
		}
	}
}

// What cannot be used is refused in one line with what to do.
func TestONNXRefuses(t *testing.T) {
	lib := library(t)
	for _, c := range []struct {
		name, path, output string
		want               string
	}{
		{"several outputs", network(t, anyBatch, features, featureMap), "", "has 2 outputs, features (float ?×5), map (float ?×4×6×7): choose one"},
		{"unknown output", network(t, anyBatch, features), "x", `has no output "x"; it has features (float ?×5)`},
		{"channels last", network(t, value("pixels", floatType, -1, 14, 16, 3), features), "", "the channels last"},
		{"missing", filepath.Join(t.TempDir(), "no.onnx"), "", "no such file"},
		{"folder", t.TempDir(), "", "is a folder, not a file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := OpenONNX(lib, c.path, c.output)
			wantError(t, err, c.want)
			if several := new(OutputError); c.output != "" && !errors.As(err, &several) {
				t.Errorf("%T, want an OutputError", err)
			}
		})
	}

	broken := filepath.Join(t.TempDir(), "broken.onnx")
	if err := os.WriteFile(broken, []byte("no network"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := OpenONNX(lib, broken, "")
	wantError(t, err, broken+" cannot be loaded: ")
	if bytes.Contains([]byte(err.Error()), []byte("\n")) {
		t.Errorf("%q has several lines", err)
	}
}

// Weights in files beside the network are part of its checksum.
func TestModelChecksum(t *testing.T) {
	path := network(t, anyBatch, features)
	sum := func() string {
		s, err := modelChecksum(path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	alone := sum()
	if err := os.WriteFile(path+".data", []byte("weights"), 0o644); err != nil {
		t.Fatal(err)
	}
	if sum() == alone {
		t.Error("weights beside the network do not change the checksum")
	}
}

// A library that cannot be loaded is named. Of a process the first library counts, so
// this is tried in another.
func TestONNXWithoutRuntime(t *testing.T) {
	if lib := os.Getenv("EXTRACT_WRONG_LIBRARY"); lib != "" {
		_, err := OpenONNX(lib, "any.onnx", "")
		if failed := new(RuntimeError); !errors.As(err, &failed) {
			t.Fatalf("%T %v, want a RuntimeError", err, err)
		}
		wantError(t, err, "cannot load ONNX Runtime from "+lib)
		return
	}

	text := filepath.Join(t.TempDir(), "lib.so")
	if err := os.WriteFile(text, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, lib := range []string{text, filepath.Join(t.TempDir(), "missing.so")} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestONNXWithoutRuntime$")
		cmd.Env = append(os.Environ(), "EXTRACT_WRONG_LIBRARY="+lib)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
