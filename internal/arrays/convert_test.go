package arrays

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gpwbench/internal/npy"
)

// converted converts files of a folder, and opens what is written.
func converted(t *testing.T, in, labels, out string) (*File, []string) {
	t.Helper()
	notes := mustConvert(t, in, labels, out)
	f, err := Open(out)
	if err != nil {
		t.Fatalf("%s to %s: %v", in, out, err)
	}
	t.Cleanup(func() { f.Close() })
	return f, notes
}

func mustConvert(t *testing.T, in, labels, out string) []string {
	t.Helper()
	notes, err := convert(in, labels, out, nil)
	if err != nil {
		t.Fatalf("%s to %s: %v", in, out, err)
	}
	return notes
}

func convert(in, labels, out string, parts []int) (notes []string, err error) {
	format, err := WriterFor(out, "")
	if err != nil {
		return nil, err
	}
	s, err := OpenSource(in, labels)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	s.Parts = parts
	var b bytes.Buffer
	if notes, err = s.Convert(&b, format, out); err != nil {
		return notes, err
	}
	return notes, os.WriteFile(out, b.Bytes(), 0o644)
}

func put(t testing.TB, dir, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Features of every type and order pass through every format with the same numbers, and
// keep their type where the format has it.
func TestConvertKeepsNumbers(t *testing.T) {
	dir := t.TempDir()
	tensors, want := []Tensor{}, []float64{1.5, -2, 0, 96, 0.25, -1}
	for name, data := range map[string][]byte{"float16": {0, 0x3e, 0, 0xc0, 0, 0, 0, 0x56, 0, 0x34, 0, 0xbc}, "bfloat16": {0xc0, 0x3f, 0, 0xc0, 0, 0, 0xc0, 0x42, 0x80, 0x3e, 0x80, 0xbf}} {
		tensors = append(tensors, Tensor{Name: "of_" + name, Type: name, Shape: []int{2, 3}, Write: func(w io.Writer) error { _, err := w.Write(data); return err }})
	}
	narrow := make([]float32, 6)
	for i, v := range want {
		narrow[i] = float32(v)
	}
	tensors = append(tensors, NewTensor("of_float32", []int{2, 3}, narrow), NewTensor("of_float64", []int{2, 3}, want))
	var b bytes.Buffer
	if err := WriteSafetensors(&b, tensors, map[string]string{"model": "x"}); err != nil {
		t.Fatal(err)
	}
	all := put(t, dir, "all.safetensors", b.Bytes())
	sources := map[string]string{}
	for _, name := range []string{"float16", "bfloat16", "float32", "float64"} {
		sources[name] = all + ":of_" + name
	}
	big := "\x3f\xc0\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x00\x42\xc0\x00\x00\x3e\x80\x00\x00\xbf\x80\x00\x00"
	sources["big"] = put(t, dir, "big.npy", npyFile(">f4", "(2, 3)", false, big))
	columns := big[0:4] + big[12:16] + big[4:8] + big[16:20] + big[8:12] + big[20:24]
	sources["columns"] = put(t, dir, "columns.npy", npyFile(">f4", "(2, 3)", true, columns))

	for name, in := range sources {
		for _, ext := range []string{".npy", ".npz", ".safetensors", ".csv", ".tsv", ".fvecs"} {
			f, notes := converted(t, in, "", filepath.Join(dir, name+"_out"+ext))
			wantMatrix(t, f, 2, 3, want...)
			kept := map[string]string{"big": "float32", "columns": "float32"}[name]
			if kept == "" {
				kept = name
			}
			a, err := f.Features()
			if err != nil {
				t.Fatal(err)
			}
			same := a.Type == kept
			if said := strings.Contains(strings.Join(notes, "\n"), kept); same == said {
				t.Errorf("%s to %s has the type %s, and the notes are %q", name, ext, a.Type, notes)
			}
		}
	}
}

// Every file goes through every format and comes back to the same bytes.
func TestConvertRoundTrips(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	values := []float32{0.1, -3e-38, 3.4e38, 1e-45, math.Pi, 7}
	if err := npy.WriteFloat32(&b, []int{3, 2}, values); err != nil {
		t.Fatal(err)
	}
	x := put(t, dir, "x.npy", b.Bytes())
	b = bytes.Buffer{}
	if err := npy.WriteInt64(&b, []int{3}, []int64{-5, 1 << 40, 0}); err != nil {
		t.Fatal(err)
	}
	y := put(t, dir, "y.npy", b.Bytes())
	words := put(t, dir, "words_.csv", []byte("label\njay\n\"wren, \"\"winter\"\"\"\nÄrger 鳥\n"))

	for _, ext := range []string{".npz", ".safetensors", ".csv", ".tsv"} {
		for k, labels := range []string{y, words} {
			between := filepath.Join(dir, fmt.Sprint("between", k, ext))
			mustConvert(t, x, labels, between)
			p, err := OpenPair(between, between)
			if err != nil {
				t.Fatal(err)
			}
			ints, names, err := p.Y.Labels()
			if err != nil {
				t.Fatal(err)
			}
			_, _, data, err := p.X.Float32s()
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(data, values) {
				t.Errorf("%s has %v, want %v", ext, data, values)
			}
			p.Close()
			switch {
			case labels == y && !slices.Equal(ints, []int{-5, 1 << 40, 0}),
				labels == words && ext == ".safetensors" && !slices.Equal(ints, []int{0, 1, 2}),
				labels == words && ext != ".safetensors" && !slices.Equal(names, []string{"jay", "wren, \"winter\"", "Ärger 鳥"}):
				t.Errorf("%s has the labels %v %q", ext, ints, names)
			}
			if ext == ".csv" || ext == ".tsv" { // text has float64
				continue
			}
			back := filepath.Join(dir, "back.npy")
			mustConvert(t, between+":features", "", back)
			if have, err := os.ReadFile(back); err != nil || !bytes.Equal(have, mustRead(t, x)) {
				t.Errorf("through %s the features are other bytes (%v)", ext, err)
			}
		}
	}
	f, _ := converted(t, y, "", filepath.Join(dir, "y.csv"))
	wantInts(t, f, -5, 1<<40, 0)
	f, _ = converted(t, words, "", filepath.Join(dir, "words.npy"))
	wantStrings(t, f, "jay", "wren, \"winter\"", "Ärger 鳥")
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Integers keep their type, metadata stay in safetensors, and what is left out is said.
func TestConvertSaysWhatIsNotKept(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	tensors := []Tensor{
		NewTensor("features", []int{2, 2}, []float64{1, 2, 3, 0.1}), NewTensor("labels", []int{2}, []int16{7, -1}),
		NewTensor("flag", []int{2}, []bool{true, false}), NewTensor("cube", []int{1, 1, 2}, []uint8{1, 255}),
	}
	if err := WriteSafetensors(&b, tensors, map[string]string{"model": "resnet"}); err != nil {
		t.Fatal(err)
	}
	in := put(t, dir, "in.safetensors", b.Bytes())

	f, notes := converted(t, in, "", filepath.Join(dir, "out.safetensors"))
	if len(notes) > 0 || f.Metadata["model"] != "resnet" || !bytes.Equal(mustRead(t, f.Path), b.Bytes()) {
		t.Errorf("safetensors to safetensors has other bytes, the metadata %v and the notes %q", f.Metadata, notes)
	}
	f, notes = converted(t, in, "", filepath.Join(dir, "out.npz"))
	types := map[string]string{}
	for _, a := range f.Arrays {
		types[a.Name] = a.Type
	}
	if want := map[string]string{"features": "float64", "labels": "int16", "flag": "bool", "cube": "uint8"}; !reflect.DeepEqual(types, want) {
		t.Errorf("npz has %v, want %v", types, want)
	}
	if want := []string{"the metadata of the file are left out: npz holds none"}; !slices.Equal(notes, want) {
		t.Errorf("npz: %q, want %q", notes, want)
	}

	for ext, want := range map[string]string{
		".npy": "labels is left out: npy holds one array", ".fvecs": "features of the type float64 are rounded to float32",
		".csv": "cube is left out: csv takes one matrix",
	} {
		if _, notes := converted(t, in, "", filepath.Join(dir, "out"+ext)); !strings.Contains(strings.Join(notes, "\n"), want) {
			t.Errorf("%s: %q, want %q", ext, notes, want)
		}
	}
	f, _ = converted(t, in+":labels", "", filepath.Join(dir, "out.ivecs"))
	wantInts(t, f, 7, -1)

	numbers := put(t, dir, "numbers.npy", npyFile("<U3", "(2,)", false, "0\x00\x00\x000\x00\x00\x001\x00\x00\x001\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	if _, notes := converted(t, numbers, "", filepath.Join(dir, "numbers.csv")); len(notes) != 1 || !strings.Contains(notes[0], `such as "001"`) {
		t.Errorf("words that are numbers: %q", notes)
	}
}

// A list of images becomes the table of OpenMetricLearning, and is read back.
func TestConvertToOML(t *testing.T) {
	dir := t.TempDir()
	in := put(t, dir, "in.csv", []byte("path,label,split\na/1.jpg,jay,train\n\"a,b/2.jpg\",wren,query\na/3.jpg,wren,gallery\na/4.jpg,jay,validation\n"))
	out := filepath.Join(dir, "out.oml.csv")
	notes := mustConvert(t, in, "", out)
	want := "label,path,split,is_query,is_gallery,category\n0,a/1.jpg,train,,,jay\n1,\"a,b/2.jpg\",validation,True,False,wren\n" +
		"1,a/3.jpg,validation,False,True,wren\n0,a/4.jpg,validation,True,True,jay\n"
	if have := string(mustRead(t, out)); have != want || len(notes) != 1 {
		t.Errorf("oml has\n%s%q, want\n%s", have, notes, want)
	}
	f, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wantInts(t, f, 0, 1, 1, 0)

	list := put(t, dir, "list.csv", []byte("path,label\na,1\nb,1\n"))
	for want, parts := range map[string][]int{"give a partition": nil, "2 labels, 2 paths and a partition of 3 rows": {0, 1, 2}} {
		if _, err := convert(list, "", out, parts); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", parts, err, want)
		}
	}
	if notes, err := convert(list, "", out, []int{0, 1}); err != nil || len(notes) > 0 || !strings.Contains(string(mustRead(t, out)), "1,b,validation,True,False\n") {
		t.Errorf("with a partition: %q, %v\n%s", notes, err, mustRead(t, out))
	}
}

// What a format cannot hold is refused with what to do.
// Columns beside the labels may lack values, as OML's CSV does in rows that train.
func TestConvertOMLToOthers(t *testing.T) {
	dir := t.TempDir()
	in := put(t, dir, "in.csv", []byte("label,path,split,is_query,is_gallery\nfox,a.jpg,train,,\nowl,b.jpg,validation,True,False\n"))
	for _, out := range []string{"o.npz", "o.csv"} {
		f, _ := converted(t, in, "", filepath.Join(dir, out))
		words, err := f.lookup("is_query").withGaps(nil).strings()
		if want := []string{"", "True"}; err != nil || !slices.Equal(words, want) {
			t.Errorf("%s: is_query %q, want %q, error %v", out, words, want, err)
		}
		wantStrings(t, f, "fox", "owl")
	}
	bad := put(t, dir, "bad.csv", []byte("label,path\n,a.jpg\nowl,b.jpg\n"))
	if _, err := convert(bad, "", filepath.Join(dir, "bad.npz"), nil); err == nil || !strings.Contains(err.Error(), "line 2 has no label in column label") {
		t.Errorf("error %v", err)
	}
}

func TestConvertRefusals(t *testing.T) {
	dir := t.TempDir()
	x := put(t, dir, "x.npy", npyFile("<f8", "(1, 1)", false, "\x00\x00\x00\x00\x00\x00\xf0\x7e")) // 2^1008
	y := put(t, dir, "y.npy", npyFile("<i8", "(1,)", false, "\x00\x00\x00\x00\x01\x00\x00\x00"))
	two := put(t, dir, "two.npy", npyFile("<i8", "(2,)", false, strings.Repeat("\x00", 16)))
	complexes := put(t, dir, "complex.npy", npyFile("<c8", "(1,)", false, "\x00\x00\x00\x00\x00\x00\x00\x00"))
	cube := put(t, dir, "cube.npy", npyFile("<f4", "(1, 1, 1)", false, "\x00\x00\x00\x00"))
	empty := put(t, dir, "empty.npy", npyFile("<f4", "(0, 3)", false, ""))
	holes := put(t, dir, "holes.npy", npyFile("<U1", "(2,)", false, "a\x00\x00\x00\x00\x00\x00\x00"))
	half := put(t, dir, "short.npy", npyFile("<f4", "(2, 3)", false, "\x00\x00\x00\x00"))
	for _, c := range []struct{ in, labels, out, want string }{
		{x, "", "o.fvecs", "beyond float32"}, {y, "", "o.ivecs", "beyond int32"}, {y, "", "o.fvecs", "write labels as .ivecs"},
		{x, "", "o.bvecs", ".bvecs holds uint8"}, {x, "", "o.ivecs", ".ivecs holds integers"},
		{complexes, "", "o.npz", "complex.npy: holds no array that can be converted"}, {cube, "", "o.csv", "csv takes features and labels"},
		{cube, "", "o.fvecs", "fvecs holds a matrix"}, {empty, "", "o.fvecs", "has the shape (0, 3)"},
		{holes, "", "o.csv", "of row 1 is empty"}, {half, "", "o.npz", "is cut short"},
		{x, two, "o.npz", "has 1 rows"}, {x, "", "o.txt", "no extension of a format that is written"}, {x, "", "o.oml.csv", "there are none"},
		{x + ":feats", "", "o.npz", "holds one array without a name"}, {filepath.Join(dir, "none.npy"), "", "o.npz", "no such file"},
	} {
		out := filepath.Join(dir, c.out)
		if _, err := convert(c.in, c.labels, out, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s to %s: %v, want %s", filepath.Base(c.in), c.out, err, c.want)
		}
	}
	if _, err := WriterFor("x.npy", "hdf5"); err == nil || !strings.Contains(err.Error(), "known: npy, npz, safetensors, csv, fvecs, oml") {
		t.Errorf("hdf5: %v", err)
	}
	if w, err := WriterFor("x.bin", "fvecs"); err != nil || w.Format != "fvecs" {
		t.Errorf("a format by its name: %v %v", w.Format, err)
	}
}

// A large matrix is written in parts: rows that end within a part, and bytes in order.
func TestConvertInParts(t *testing.T) {
	dir := t.TempDir()
	const rows, cols = 700, 257 // more than two parts of float32, none of whole rows
	data := make([]float32, rows*cols)
	for i := range data {
		data[i] = float32(i)
	}
	var b bytes.Buffer
	if err := npy.WriteFloat32(&b, []int{rows, cols}, data); err != nil {
		t.Fatal(err)
	}
	x := put(t, dir, "x.npy", b.Bytes())
	for _, ext := range []string{".npz", ".safetensors", ".csv", ".fvecs"} {
		f, _ := converted(t, x, "", filepath.Join(dir, "out"+ext))
		a, err := f.Features()
		if err != nil {
			t.Fatal(err)
		}
		if n, d, have, err := a.Float32s(); err != nil || n != rows || d != cols || !slices.Equal(have, data) {
			t.Errorf("%s: %d×%d, %v", ext, n, d, err)
		}
	}
}
