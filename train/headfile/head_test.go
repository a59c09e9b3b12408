package headfile

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gpwbench/internal/arrays"
	"gpwbench/matrix"
	"gpwbench/train"
)

func random(rows, cols int, seed uint64) matrix.Matrix {
	r, m := rand.New(rand.NewPCG(seed, 1)), matrix.New(rows, cols)
	for k := range m.Data {
		m.Data[k] = float32(math.Abs(r.NormFloat64())) + 0.01
	}
	return m
}

// cases are heads of every kind on six features.
func cases(t *testing.T) map[string]*Head {
	t.Helper()
	x := random(40, 6, 1)
	fit := func(steps ...string) *train.Preprocess {
		p, err := train.FitPreprocess(steps, x)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	return map[string]*Head{
		"raw":      New(6, nil, nil, train.Weights{}),
		"frozen":   New(6, fit("sqrt", "l2", "center"), nil, train.Weights{}),
		"linear":   New(6, fit("center", "scale"), nil, train.Weights{W: random(3, 6, 2)}),
		"baseline": New(6, fit("l2", "center"), []float32{1, 2, 3, 4, 5, 6}, train.Weights{W: random(3, 6, 2)}),
		"residual": New(6, fit("center", "l2", "center"), nil, train.Weights{W: random(3, 6, 2), U: random(4, 6, 3), V: random(3, 4, 4)}),
		"mlp":      New(6, fit("scale"), nil, train.Weights{U: random(4, 6, 3), V: random(3, 4, 4)}),
	}
}

// naive embeds a row in float64, by the words of the package's comment.
func naive(h *Head, row []float32) []float64 {
	x := make([]float64, len(row))
	for k, v := range row {
		x[k] = float64(v)
	}
	for _, step := range h.Steps {
		length := 0.0
		for _, v := range x {
			length += v * v
		}
		for k := range x {
			switch step.Name {
			case "center":
				x[k] -= step.Values[k]
			case "scale":
				x[k] /= step.Values[k]
			case "sqrt":
				x[k] = math.Sqrt(x[k])
			case "l2":
				x[k] /= math.Sqrt(length)
			}
		}
	}
	times := func(m matrix.Matrix, x []float64) []float64 {
		y := make([]float64, m.Rows)
		for i := range y {
			for k, v := range m.Row(i) {
				y[i] += float64(v) * x[k]
			}
		}
		return y
	}

	w := h.Weights
	if w.W.Rows+w.V.Rows == 0 {
		return x
	}
	y := make([]float64, h.Dim())
	if w.W.Rows > 0 {
		y = times(w.W, x)
	}
	if w.V.Rows > 0 {
		hidden := times(w.U, x)
		for k, v := range hidden {
			hidden[k] = max(v, 0)
		}
		for k, v := range times(w.V, hidden) {
			y[k] += v
		}
	}
	return y
}

// A head embeds as its words say, whole and in blocks, and after a round trip through its
// file to the bit. The file's bytes do not depend on when it is written.
func TestHead(t *testing.T) {
	x := random(2*blockRows+3, 6, 9)
	for name, h := range cases(t) {
		var got [][]float32
		keep := func(row []float32) error {
			got = append(got, append([]float32{}, row...))
			return nil
		}
		if err := h.Embed(x, keep); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i := range x.Rows {
			for k, want := range naive(h, x.Row(i)) {
				if len(got) != x.Rows || math.Abs(float64(got[i][k])-want) > 2e-6*(1+math.Abs(want)) {
					t.Fatalf("%s: row %d has %v at %d, want %v", name, i, got[i][k], k, want)
				}
			}
		}

		path := filepath.Join(t.TempDir(), "h.safetensors")
		var b, again bytes.Buffer
		if err := errors.Join(h.Write(&b, map[string]string{"row": "a"}), h.Write(&again, map[string]string{"row": "a"}), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
			t.Fatal(err)
		}
		read, metadata, err := Read(path)
		if err != nil || metadata["row"] != "a" || metadata["embedding"] != h.Formula() || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Fatalf("%s: %v, %v", name, metadata, err)
		}
		first := got
		got = nil
		if err := read.Embed(x, keep); err != nil || !reflect.DeepEqual(got, first) {
			t.Errorf("%s: other embeddings after reading (%v)", name, err)
		}
		if err := h.Embed(random(1, 5, 1), keep); err == nil || !strings.Contains(err.Error(), "rows have 5 features, and the head is of 6") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// What is no head, or not whole, is refused by its file.
func TestReadRefusals(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.safetensors")
	if _, _, err := Read(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	good := func() (map[string]string, []arrays.Tensor) {
		return map[string]string{"format": "gpw head", "version": "1", "features": "2", "preprocess": "l2,center"}, []arrays.Tensor{
			arrays.NewTensor("preprocess.0.l2", []int{1, 0}, []float64{}), arrays.NewTensor("preprocess.1.center", []int{1, 2}, []float64{1, 2}),
			arrays.NewTensor("W", []int{1, 2}, []float32{3, 4}),
		}
	}
	for _, c := range []struct {
		change func(m map[string]string, tensors []arrays.Tensor) []arrays.Tensor
		want   string
	}{
		{func(m map[string]string, ts []arrays.Tensor) []arrays.Tensor { return ts }, ""},
		{func(m map[string]string, ts []arrays.Tensor) []arrays.Tensor { delete(m, "format"); return ts }, "is no head"},
		{func(m map[string]string, ts []arrays.Tensor) []arrays.Tensor { m["version"] = "2"; return ts }, `is a head of version "2"`},
		{func(m map[string]string, ts []arrays.Tensor) []arrays.Tensor { m["features"] = "x"; return ts }, `is a head of "x" features`},
		{func(m map[string]string, ts []arrays.Tensor) []arrays.Tensor { m["features"] = "3"; return ts }, "center has 2 values for 3 features, want 3"},
		{func(m map[string]string, ts []arrays.Tensor) []arrays.Tensor { m["preprocess"] = "l2,zca"; return ts }, `has the array "preprocess.1.center", which is none of a head`},
		{func(m map[string]string, ts []arrays.Tensor) []arrays.Tensor { return ts[2:] }, "center has 0 values for 2 features, want 2"},
		{func(m map[string]string, ts []arrays.Tensor) []arrays.Tensor {
			return append(ts, arrays.NewTensor("V", []int{1, 2}, []float32{3, 4}))
		}, "are of no head"},
		{func(m map[string]string, ts []arrays.Tensor) []arrays.Tensor {
			return append(ts, arrays.NewTensor("b", []int{1, 2}, []float32{3, 4}))
		}, `has the array "b", which is none of a head`},
	} {
		metadata, tensors := good()
		tensors = c.change(metadata, tensors)
		var b bytes.Buffer
		if err := errors.Join(arrays.WriteSafetensors(&b, tensors, metadata), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
			t.Fatal(err)
		}
		switch _, _, err := Read(path); {
		case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.want)):
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}
