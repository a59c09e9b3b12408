package npy

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What is written is, to the byte, what numpy.save wrote into testdata.
func TestWriteLikeNumPy(t *testing.T) {
	f64 := make([]float64, len(wantFloats))
	for i, v := range wantFloats {
		f64[i] = float64(v)
	}
	labels := []int64{0, 1, 5, 120}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"floats_le_f4": func(w *bytes.Buffer) error { return WriteFloat32(w, []int{2, 3}, wantFloats) },
		"floats_le_f8": func(w *bytes.Buffer) error { return WriteFloat64(w, []int{2, 3}, f64) },
		"ints_le_i8":   func(w *bytes.Buffer) error { return WriteInt64(w, []int{4}, labels) },
		"ints_column":  func(w *bytes.Buffer) error { return WriteInt64(w, []int{4, 1}, labels) },
		"scalar":       func(w *bytes.Buffer) error { return WriteFloat32(w, []int{}, []float32{1.5}) },
		"cube":         func(w *bytes.Buffer) error { return WriteFloat32(w, []int{2, 1, 3}, make([]float32, 6)) },
	} {
		want, err := os.ReadFile("testdata/" + name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := write(&got); err != nil || !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s: %q, %v\nwant %q", name, got.Bytes(), err, want)
		}
	}
}

func TestWriteEmpty(t *testing.T) {
	var w bytes.Buffer
	if err := WriteFloat32(&w, []int{0, 5}, nil); err != nil {
		t.Fatal(err)
	}
	rows, cols, data, err := readFloats[float32](&w, int64(w.Len()))
	if rows != 0 || cols != 5 || len(data) != 0 || err != nil {
		t.Errorf("%d×%d %v, %v", rows, cols, data, err)
	}
}

func TestWriteShapePanics(t *testing.T) {
	defer func() {
		if r := recover(); r != "npy: 5 elements for the shape (2, 3)" {
			t.Errorf("recovered %v", r)
		}
	}()
	WriteFloat32(&bytes.Buffer{}, []int{2, 3}, make([]float32, 5))
}

var errFull = errors.New("disk full")

// full accepts a number of bytes and then fails.
type full int

func (f *full) Write(b []byte) (int, error) {
	if len(b) > int(*f) {
		return 0, errFull
	}
	*f -= full(len(b))
	return len(b), nil
}

func TestWriteErrors(t *testing.T) {
	data := make([]float64, chunk/8+1)
	for _, fits := range []int{0, chunk + 1} { // fails in the first chunk, in the last
		f := full(fits)
		if err := WriteFloat64(&f, []int{len(data)}, data); !errors.Is(err, errFull) {
			t.Errorf("%d bytes fit: error %v", fits, err)
		}
		f = full(fits)
		if err := WriteNPZ(&f, []Member{{"x", []int{len(data)}, data}}); !errors.Is(err, errFull) {
			t.Errorf("npz, %d bytes fit: error %v", fits, err)
		}
	}
}

func TestReadNPZ(t *testing.T) {
	for name, want := range map[string]string{"plain": "s:float32 y:int64", "compressed": "flag:bool s:float64"} {
		arrays, err := ReadNPZ("testdata/" + name + ".npz")
		if err != nil {
			t.Error(err)
			continue
		}
		var got []string
		for member, a := range arrays {
			got = append(got, member+":"+a.Kind)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", name, got, want)
			continue
		}
		s, err := arrays["s"].Float64s()
		if err != nil || !slices.Equal(arrays["s"].Shape, []int{2, 3}) || !slices.EqualFunc(s, wantFloats, func(a float64, b float32) bool { return a == float64(b) }) {
			t.Errorf("%s: s is %v %v, %v", name, arrays["s"].Shape, s, err)
		}
		if _, err := arrays["s"].Ints(); err == nil {
			t.Errorf("%s: floats were read as integers", name)
		}
	}
	arrays, err := ReadNPZ("testdata/plain.npz")
	if err != nil {
		t.Fatal(err)
	}
	if y, err := arrays["y"].Ints(); err != nil || !slices.Equal(y, wantInts) {
		t.Errorf("y = %v, %v", y, err)
	}
	if _, err := arrays["y"].Float64s(); err == nil {
		t.Error("integers were read as floats")
	}
}

func TestWriteNPZ(t *testing.T) {
	members := []Member{
		{"s", []int{2, 1}, []float32{1, 2}},
		{"w", []int{2}, []float64{0.1, 0.2}},
		{"label", []int{1}, []int64{-7}},
		{"none", []int{0}, []float32{}},
	}
	var a, b bytes.Buffer
	if err := errors.Join(WriteNPZ(&a, members), WriteNPZ(&b, members)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two writings differ")
	}
	arrays, err := readNPZ(bytes.NewReader(a.Bytes()), int64(a.Len()))
	if err != nil {
		t.Fatal(err)
	}
	w, err := arrays["w"].Float64s()
	if err != nil || !slices.Equal(w, []float64{0.1, 0.2}) {
		t.Errorf("w = %v, %v", w, err)
	}
	label, err := arrays["label"].Ints()
	if err != nil || !slices.Equal(label, []int{-7}) {
		t.Errorf("label = %v, %v", label, err)
	}
	none, err := arrays["none"].Float64s()
	if err != nil || len(none) != 0 {
		t.Errorf("none = %v, %v", none, err)
	}
}

func TestReadNPZRefusals(t *testing.T) {
	plain, err := os.ReadFile("testdata/plain.npz")
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(plain)
	flipped[bytes.Index(flipped, []byte("NUMPY"))+140] ^= 1 // an element of the first member
	for want, content := range map[string][]byte{
		"is damaged": flipped,
		"which is no array: save the arrays with numpy.savez": bytes.ReplaceAll(plain, []byte("y.npy"), []byte("y.txt")),
		"has two members s.npy: save them":                    bytes.ReplaceAll(plain, []byte("y.npy"), []byte("s.npy")),
		"is not an .npz archive":                              plain[:len(plain)-1],
		"member s.npy: is not an .npy file":                   archive(t, "s", "text, not numbers"),
		"claims 1099511627776 bytes in the member s.npy":      inflated(t, "s", 1<<40),
		"member s.npy: holds strings":                         archive(t, "s", magic+"\x01\x00\x38\x00{'descr': '<U4', 'fortran_order': False, 'shape': (2,)}  "),
	} {
		path := filepath.Join(t.TempDir(), "x.npz")
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := ReadNPZ(path)
		if err == nil || !strings.HasPrefix(err.Error(), "npy: "+path+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// A small archive whose arrays would take more than a GiB of memory is refused by what
// its headers say, before the memory is taken: 2²⁷ + 1 booleans become as many ints of 8
// bytes. The members share the bound, so one of 16 bytes fits into 24 and a second does
// not.
func TestReadNPZExpands(t *testing.T) {
	const n = 1<<27 + 1
	header := appendHeader(nil, "|b1", []int{n})
	var b, packed bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	_, err = deflate.Write(header)
	err = errors.Join(err, deflate.Flush())
	packed.Write(make([]byte, n/deflateRatio)) // space for the elements, which are never read
	z := zip.NewWriter(&b)
	w, err2 := z.CreateRaw(&zip.FileHeader{
		Name: "x.npy", Method: zip.Deflate, UncompressedSize64: uint64(len(header) + n), CompressedSize64: uint64(packed.Len()),
	})
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	_, err = w.Write(packed.Bytes())
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	alone := b.Bytes()
	want := "member x.npy: holds the shape (134217729,), which takes 1073741832 bytes of memory, and 1073741824 are left for this archive"
	if _, err := readNPZ(bytes.NewReader(alone), int64(len(alone))); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}

	memory := int64(24)
	small := archive(t, "x", string(appendHeader(nil, "|b1", []int{2}))+"\x00\x01")
	r, err := zip.NewReader(bytes.NewReader(small), int64(len(small)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = readMember(r.File[0], &memory); err != nil || memory != 8 {
		t.Errorf("two booleans: error %v, %d bytes of 24 left, want 8", err, memory)
	}
	if _, err = readMember(r.File[0], &memory); err == nil || memory != 8 {
		t.Errorf("two more: error %v, %d bytes of 8 left", err, memory)
	}
}

// archive is a zip file with one member.
func archive(t *testing.T, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name + ".npy")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inflated is a zip file with one member that claims a size.
func inflated(t *testing.T, name string, size uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	_, err := z.CreateRaw(&zip.FileHeader{Name: name + ".npy", Method: zip.Deflate, UncompressedSize64: size})
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
