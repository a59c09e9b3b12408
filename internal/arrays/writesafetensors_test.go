package arrays

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// everyType has what testdata/make_safetensors.py writes with the safetensors package.
func everyType() ([]Tensor, map[string]string) {
	rows := [][]float32{{1.5, -2, 0}, {3, 0.25, 1e-30}}
	return []Tensor{
		RowsTensor("w", 2, 3, func(i int) []float32 { return rows[i] }),
		NewTensor("b", []int{3}, []float64{1.5, -2, 0.1}),
		NewTensor("labels", []int{2}, []int64{7, -1}),
		NewTensor("short", []int{2}, []int16{258, -2}),
		NewTensor("byte", []int{1}, []uint8{255}),
		NewTensor("flag", []int{3}, []bool{true, false, true}),
		NewTensor("empty", []int{0, 4}, []float32{}),
		NewTensor("scalar", nil, []float32{2.5}),
		NewTensor(`näme "<&>"`, []int{1}, []int32{1}),
	}, map[string]string{"note": "Zeile 1\nZeile 2 <\"&\"> é"}
}

// The file is that of the safetensors package to the byte, in whatever order the tensors
// are given.
func TestWriteSafetensorsAsTheLibrary(t *testing.T) {
	want, err := os.ReadFile("testdata/library.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	tensors, metadata := everyType()
	for range tensors {
		tensors = append(tensors[1:], tensors[0])
		var b bytes.Buffer
		if err := WriteSafetensors(&b, tensors, metadata); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Fatalf("got\n%q, want\n%q", b.Bytes(), want)
		}
	}
}

// Our own reader gets back every tensor, whatever its length is relative to the parts in
// which elements are encoded, and every key of the metadata.
func TestWriteSafetensorsRoundTrip(t *testing.T) {
	for _, n := range []int{0, 1, chunk/8 - 1, chunk / 8, chunk/8 + 1, chunk} {
		wide, narrow, ints := make([]float64, 2*n), make([]float32, 2*n), make([]int64, n)
		for k := range wide {
			wide[k], narrow[k] = float64(k)*0.1-3, float32(k)*0.3
		}
		for k := range ints {
			ints[k] = int64(k) - 5
		}
		metadata := map[string]string{"b": "2", "a": "1", "": ""}
		var b bytes.Buffer
		err := WriteSafetensors(&b, []Tensor{
			NewTensor("wide", []int{n, 2}, wide), NewTensor("narrow", []int{2, n}, narrow), NewTensor("ints", []int{n}, ints),
			{Name: "half", Type: "float16", Shape: []int{1, 2}, Write: func(w io.Writer) error {
				_, err := w.Write([]byte("\x00\x3e\x00\xc0"))
				return err
			}},
		}, metadata)
		if err != nil {
			t.Fatal(err)
		}
		if b.Len() > 0 && (b.Len()-32*n-4)%8 != 0 {
			t.Errorf("%d: the elements begin at %d, no multiple of 8", n, b.Len()-32*n-4)
		}

		f := mustOpen(t, "x.safetensors", b.Bytes())
		if !maps.Equal(f.Metadata, metadata) {
			t.Errorf("metadata %v, want %v", f.Metadata, metadata)
		}
		got := map[string]*Array{}
		for _, a := range f.Arrays {
			got[a.Name] = a
		}
		if rows, cols, x, err := got["wide"].Float64s(); err != nil || rows != n || cols != 2 || !slices.Equal(x, wide) {
			t.Errorf("wide: %d×%d, %v", rows, cols, err)
		}
		if rows, cols, x, err := got["narrow"].Float32s(); err != nil || rows != 2 || cols != n || !slices.Equal(x, narrow) {
			t.Errorf("narrow: %d×%d, %v", rows, cols, err)
		}
		x, _, err := got["ints"].Labels()
		if err != nil || !slices.EqualFunc(x, ints, func(a int, b int64) bool { return int64(a) == b }) {
			t.Errorf("ints: %v", err)
		}
		if _, _, x, err := got["half"].Float64s(); err != nil || !slices.Equal(x, []float64{1.5, -2}) {
			t.Errorf("half: %v, %v", x, err)
		}
	}
}

func TestWriteSafetensorsRefusals(t *testing.T) {
	one := []float32{1}
	write := func(n int) func(w io.Writer) error {
		return func(w io.Writer) error {
			_, err := w.Write(make([]byte, n))
			return err
		}
	}
	for _, c := range []struct {
		tensors  []Tensor
		metadata map[string]string
		want     string
		before   bool // nothing is written
	}{
		{[]Tensor{NewTensor("x", []int{1}, one), NewTensor("x", []int{1}, one)}, nil, `two tensors are called "x"`, true},
		{[]Tensor{NewTensor("__metadata__", []int{1}, one)}, nil, `cannot be called "__metadata__"`, true},
		{[]Tensor{NewTensor("\xff", []int{1}, one)}, nil, `cannot be called "\xff"`, true},
		{[]Tensor{{Name: "x", Type: "complex64", Shape: []int{1}}}, nil, `the tensor "x" has the type "complex64"`, true},
		{[]Tensor{{Name: "x", Type: "strings", Shape: []int{1}}}, nil, `the tensor "x" has the type "strings"`, true},
		{[]Tensor{{Name: "x", Type: "float32", Shape: []int{-1}}}, nil, `cannot have the shape (-1,)`, true},
		{[]Tensor{{Name: "x", Type: "float32", Shape: []int{1 << 62, 4}}}, nil, `cannot have the shape (4611686018427387904, 4)`, true},
		{nil, map[string]string{"a": "\xff"}, `the metadata "a" are no UTF-8`, true},
		{[]Tensor{{Name: "x", Type: "float32", Shape: []int{2}, Write: write(4)}}, nil, `the tensor "x" of float32 and the shape (2,) is 4 bytes short`, false},
		{[]Tensor{{Name: "x", Type: "float32", Shape: []int{2}, Write: write(9)}}, nil, `the tensor "x": has 1 bytes more than its shape`, false},
		{[]Tensor{NewTensor("x", []int{2}, one)}, nil, `the tensor "x" of float32 and the shape (2,) is 4 bytes short`, false},
		{[]Tensor{RowsTensor("x", 1, 2, func(int) []float32 { return one })}, nil, `row 0 has 1 elements, want 2`, false},
	} {
		var b bytes.Buffer
		err := WriteSafetensors(&b, c.tensors, c.metadata)
		if err == nil || !strings.HasPrefix(err.Error(), "safetensors: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
		if c.before && b.Len() > 0 {
			t.Errorf("%s: %d bytes are written", c.want, b.Len())
		}
	}
}

// The error of the writer comes through, at whatever byte it fails.
func TestWriteSafetensorsToAFullDisk(t *testing.T) {
	tensors, metadata := everyType()
	var b bytes.Buffer
	if err := WriteSafetensors(&b, tensors, metadata); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left")
	for n := range b.Len() {
		if err := WriteSafetensors(&failing{left: n, err: full}, tensors, metadata); !errors.Is(err, full) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}

type failing struct {
	left int
	err  error
}

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, f.err
	}
	return len(p), nil
}
