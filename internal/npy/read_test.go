package npy

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The values of testdata/make.py.
var (
	wantFloats = []float32{0, -1.5, 65504, 0x1p-24, 0.333251953125, 1}
	wantInts   = []int{0, 1, 5, 120}
)

func TestReadFloats(t *testing.T) {
	files := []string{"floats_fortran", "version2", "version3"}
	for _, size := range []string{"f2", "f4", "f8"} {
		files = append(files, "floats_le_"+size, "floats_be_"+size)
	}
	for _, name := range files {
		rows, cols, data, err := ReadFloats("testdata/" + name + ".npy")
		if err != nil {
			t.Error(err)
		} else if rows != 2 || cols != 3 || !slices.Equal(data, wantFloats) {
			t.Errorf("%s: %d×%d %v, want 2×3 %v", name, rows, cols, data, wantFloats)
		}
	}
}

func TestReadInts(t *testing.T) {
	for name, want := range map[string][]int{
		"ints_no_i1": wantInts, "ints_le_i2": wantInts, "ints_be_i4": wantInts, "ints_le_i8": wantInts, "ints_be_i8": wantInts,
		"ints_no_u1": wantInts, "ints_be_u2": wantInts, "ints_le_u4": wantInts, "ints_le_u8": wantInts,
		"ints_column": wantInts, "ints_negative": {-1, -128}, "bools": {1, 0, 1},
	} {
		got, err := ReadInts("testdata/" + name + ".npy")
		if err != nil {
			t.Error(err)
		} else if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// Every binary16 has the value that IEEE 754 defines: (-1)^s · 2^(e-15) · (1 + f/1024),
// or (-1)^s · 2^-14 · f/1024 for e = 0.
func TestHalf(t *testing.T) {
	for i := range 1 << 16 {
		sign, e, f := 1-2*float64(i>>15), i>>10&31, float64(i&1023)
		want := sign * math.Ldexp(1+f/1024, e-15)
		switch {
		case e == 0:
			want = sign * math.Ldexp(f/1024, -14)
		case e == 31 && f == 0:
			want = math.Inf(int(sign))
		case e == 31:
			want = math.NaN()
		}
		got := float64(half(uint16(i)))
		same := got == want && math.Signbit(got) == math.Signbit(want) || math.IsNaN(got) && math.IsNaN(want)
		if !same {
			t.Fatalf("half(%#04x) = %g, want %g", i, got, want)
		}
	}
}

// An array larger than a chunk, in both orders: the seams must not show.
func TestReadChunks(t *testing.T) {
	const rows, cols = 301, 257 // 77357 float32: more than one chunk, and no divisor of it
	c, f := make([]float32, rows*cols), make([]float32, rows*cols)
	for i := range rows {
		for j := range cols {
			c[i*cols+j] = float32(i*cols + j)
			f[j*rows+i] = float32(i*cols + j)
		}
	}
	if 4*len(c) <= chunk {
		t.Fatal("the array fits one chunk")
	}
	var inC, inF bytes.Buffer
	if err := WriteFloat32(&inC, []int{rows, cols}, c); err != nil {
		t.Fatal(err)
	}
	if err := WriteFloat32(&inF, []int{rows, cols}, f); err != nil {
		t.Fatal(err)
	}
	fortran := bytes.Replace(inF.Bytes(), []byte("False"), []byte("True "), 1)
	for order, file := range map[string][]byte{"C": inC.Bytes(), "Fortran": fortran} {
		_, _, got, err := readFloats[float32](bytes.NewReader(file), int64(len(file)))
		if err != nil || !slices.Equal(got, c) {
			t.Errorf("%s order: values differ, or error %v", order, err)
		}
	}
}

// A refusal is a file that is not read, and the error that says so.
type refusal struct {
	read func(string) error
	path string
	want string // follows "npy: PATH: "
}

func (r refusal) check(t *testing.T) {
	t.Helper()
	err := r.read(r.path)
	if want := "npy: " + r.path + ": " + r.want; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func floats32(path string) error { _, _, _, err := ReadFloats(path); return err }

func ints(path string) error { _, err := ReadInts(path); return err }

func npz(path string) error { _, err := ReadNPZ(path); return err }

// written returns the path of a new file.
func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// headed returns a file of version 1 with this header and no elements.
func headed(dict string) string {
	return magic + "\x01\x00" + string([]byte{byte(len(dict)), byte(len(dict) >> 8)}) + dict
}

// shaped returns a file of float32 with this shape and no elements.
func shaped(shape string) string {
	return headed("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }")
}

func TestRefusedTypes(t *testing.T) {
	for _, r := range []refusal{
		{floats32, "testdata/objects.npy", "holds Python objects, want floats: save np.stack(arr).astype(np.float32)"},
		{floats32, "testdata/records.npy", "holds records (a structured dtype), want floats: save one field, arr['name']"},
		{floats32, "testdata/complex.npy", "holds complex numbers, want floats: save arr.real or np.abs(arr)"},
		{floats32, "testdata/strings.npy", "holds strings, want floats: save with arr.astype(np.float32)"},
		{floats32, "testdata/dates.npy", "holds dates or times, want floats: give one row of numbers a sample"},
		{floats32, "testdata/ints_le_i8.npy", "holds int64, want floats: save with arr.astype(np.float32)"},
		{floats32, written(t, "long.npy", headed("{'descr': '<f16', 'fortran_order': False, 'shape': (1, 1), }")), `holds elements of type "<f16", want floats: save with arr.astype(np.float32)`},
		{floats32, "testdata/scalar.npy", "has the shape (), want (rows, columns): save with arr.reshape(rows, -1)"},
		{floats32, "testdata/cube.npy", "has the shape (2, 1, 3), want (rows, columns): save with arr.reshape(rows, -1)"},
		{floats32, "testdata/cube_fortran.npy", "is a Fortran-order array of 3 dimensions: save np.ascontiguousarray(arr)"},
		{floats32, written(t, "row.npy", shaped("(0,)")), "has the shape (0,), want (rows, columns): save with arr.reshape(rows, -1)"},
		{ints, "testdata/objects.npy", "holds Python objects, want integers: number the classes from 0, as np.unique(arr.astype(str), return_inverse=True)[1] does"},
		{ints, "testdata/records.npy", "holds records (a structured dtype), want integers: save one field, arr['name']"},
		{ints, "testdata/strings.npy", "holds strings, want integers: number the classes from 0, as np.unique(arr, return_inverse=True)[1] does"},
		{ints, "testdata/floats_le_f8.npy", "holds float64, want integers: its shape (2, 3) is that of embeddings or of one-hot rows: give the labels, one integer a row, of one-hot rows arr.argmax(axis=1)"},
		{ints, written(t, "fractions.npy", shaped("(0,)")), "holds float32, want integers: number the classes from 0, as np.unique(arr, return_inverse=True)[1] does"},
		{ints, "testdata/complex.npy", "holds complex numbers, want integers: number the classes from 0, as np.unique(arr, return_inverse=True)[1] does"},
		{ints, written(t, "bfloat16.npy", strings.Replace(shaped("(0,)"), "<f4", "<V2", 1)), "holds raw bytes of two (V2), as NumPy saves bfloat16, want integers: save arr.astype(np.int64) before np.save"},
		{floats32, written(t, "bfloat16s.npy", strings.Replace(shaped("(0, 2)"), "<f4", "<V2", 1)), "holds raw bytes of two (V2), as NumPy saves bfloat16, want floats: if it is bfloat16, give :bfloat16 behind the path, and of an archive behind the name of the array; or save arr.astype(np.float32) before np.save"},
		{floats32, written(t, "float8.npy", strings.Replace(shaped("(0, 2)"), "<f4", "|V1", 1)), "holds raw bytes (V1), as NumPy saves float8 and int4, want floats: save arr.astype(np.float32) before np.save"},
		{ints, "testdata/huge_label.npy", fmt.Sprintf("holds 9223372036854775808, which is beyond the largest label %d: number the classes from 0, as np.unique(arr, return_inverse=True)[1] does", math.MaxInt)},
		{ints, written(t, "onehot.npy", strings.Replace(shaped("(0, 2)"), "<f4", "<i4", 1)), "has the shape (0, 2), want (n,): save one integer per row (of one-hot rows: arr.argmax(axis=1))"},
	} {
		r.check(t)
	}
}

func TestRefusedFiles(t *testing.T) {
	whole, err := os.ReadFile("testdata/floats_le_f4.npy")
	if err != nil {
		t.Fatal(err)
	}

	for _, r := range []refusal{
		{floats32, written(t, "empty.npy", ""), "ends before its array begins: copy or save it again"},
		{floats32, written(t, "magic.npy", string(whole[:9])), "ends before its array begins: copy or save it again"},
		{floats32, written(t, "header.npy", string(whole[:40])), "ends before its array begins: copy or save it again"},
		{floats32, written(t, "cut.npy", string(whole[:len(whole)-1])), "is cut short: 23 of 24 bytes of the float32 array of shape (2, 3): copy or save it again"},
		{floats32, written(t, "garbage.npy", string(whole)+"\n"), "has 1 bytes after its array of shape (2, 3): save one array per file"},
		{floats32, written(t, "text.npy", "0.1 0.2 0.3\n"), "is not an .npy file: save the array with numpy.save"},
		{floats32, "testdata/plain.npz", "is a zip archive (.npz or a PyTorch file), not .npy: save the array in it with numpy.save"},
		{floats32, written(t, "a.npy", "\x89HDF\r\n\x1a\n"), "is an HDF5 file, not .npy: save the data set with numpy.save"},
		{floats32, written(t, "v4.npy", magic+"\x04\x00\x00\x00\x00\x00"), "is of .npy version 4, known are 1 to 3: save it again with numpy.save"},
		{floats32, written(t, "v2.npy", magic+"\x02\x00\xff\xff\xff\xff"), "has a header of 2147483647 bytes, more than a plain array needs: save one array of numbers with numpy.save"},
		{npz, "testdata/bools.npy", "is not an .npz archive: save the arrays with numpy.savez"},
	} {
		r.check(t)
	}
}

func TestRefusedHeaders(t *testing.T) {
	for _, r := range []refusal{
		{floats32, written(t, "negative.npy", shaped("(2, -3)")), `has a broken header (shape has the size "-3"): save it again with numpy.save`},
		{floats32, written(t, "wide.npy", shaped("(99999999999999999999, 1)")), `has a broken header (shape has the size "99999999999999999999"): save it again with numpy.save`},
		{floats32, written(t, "overflow.npy", shaped("(2000000000, 2000000000)")), "claims the shape (2000000000, 2000000000), which no file holds: save it again with numpy.save"},
		{floats32, written(t, "claim.npy", shaped("(1000000, 500)")), "is cut short: 0 of 2000000000 bytes of the float32 array of shape (1000000, 500): copy or save it again"},
		{floats32, written(t, "word.npy", shaped("(2, x)")), `has a broken header (shape has the size ""): save it again with numpy.save`},
		{floats32, written(t, "glued.npy", shaped("(2 3)")), "has a broken header (shape is not a tuple of sizes): save it again with numpy.save"},
		{floats32, written(t, "list.npy", shaped("[2, 3]")), "has a broken header (shape is not a tuple): save it again with numpy.save"},
		{floats32, written(t, "nodict.npy", headed("[]")), "has a broken header (no dictionary): save it again with numpy.save"},
		{floats32, written(t, "partial.npy", headed("{'descr': '<f4'}")), "has a broken header (not all of descr, fortran_order and shape): save it again with numpy.save"},
		{floats32, written(t, "order.npy", headed("{'fortran_order': 1}")), "has a broken header (fortran_order is neither True nor False): save it again with numpy.save"},
		{floats32, written(t, "twice.npy", headed("{'descr': '<f4', 'descr': '<f4'}")), `has a broken header (at key "descr"): save it again with numpy.save`},
		{floats32, written(t, "extra.npy", headed("{'comment': ''}")), `has a broken header (unknown key "comment"): save it again with numpy.save`},
		{floats32, written(t, "tail.npy", headed("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2)} x")), "has a broken header (text after the dictionary): save it again with numpy.save"},
		{floats32, written(t, "comma.npy", headed("{'descr': '<f4' 'shape': (0, 2)}")), `has a broken header (after key "descr"): save it again with numpy.save`},
		{floats32, written(t, "quote.npy", headed("{'descr")), "has a broken header (a quoted word is missing): save it again with numpy.save"},
	} {
		r.check(t)
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadInts(dir); err == nil || err.Error() != "npy: "+dir+" is a folder, not a file: give one written by numpy.save" {
		t.Errorf("a folder: error %v", err)
	}
}

func TestMissingFile(t *testing.T) {
	_, _, _, err := ReadFloats("nowhere/x.npy")
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(fmt.Sprint(err), "nowhere/x.npy") {
		t.Errorf("got %v, want one that is fs.ErrNotExist and names the file", err)
	}
}

// Python 2 wrote sizes as long integers.
func TestPython2Shape(t *testing.T) {
	h, err := parseHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (3L, 4L), }")
	if err != nil || !slices.Equal(h.shape, []int{3, 4}) {
		t.Errorf("got %v, %v", h.shape, err)
	}
}

// Whatever the bytes are, reading ends without a panic. What it returns fills the shape,
// is bounded by the input and survives a round trip.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.np[yz]")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds")
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if rows, cols, data, err := readFloats[float32](bytes.NewReader(b), int64(len(b))); err == nil {
			if rows*cols != len(data) || 2*len(data) > len(b) {
				t.Fatalf("%d×%d: %d elements of %d bytes", rows, cols, len(data), len(b))
			}
			var w bytes.Buffer
			if err := WriteFloat32(&w, []int{rows, cols}, data); err != nil {
				t.Fatal(err)
			}
			_, _, again, err := readFloats[float32](bytes.NewReader(w.Bytes()), int64(w.Len()))
			same := slices.EqualFunc(data, again, func(a, b float32) bool { return a == b || a != a && b != b })
			if err != nil || !same {
				t.Fatalf("round trip: %v", err)
			}
		}
		if ints, err := readInts(bytes.NewReader(b), int64(len(b))); err == nil && len(ints) > len(b) {
			t.Fatalf("%d integers of %d bytes", len(ints), len(b))
		}
		if arrays, err := readNPZ(bytes.NewReader(b), int64(len(b))); err == nil {
			for name, a := range arrays {
				if (a.floats == nil) == (a.ints == nil) {
					t.Fatalf("member %q is neither or both of floats and integers", name)
				}
			}
		}
	})
}

// A float64 keeps all its digits, where ReadFloats rounds.
func TestReadFloat64s(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	want := []float64{1.0 / 3, -2e300, 0, 4}
	var b bytes.Buffer
	if err := WriteFloat64(&b, []int{2, 2}, want); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	rows, cols, got, err := ReadFloat64s(path)
	if err != nil || rows != 2 || cols != 2 || !slices.Equal(got, want) {
		t.Errorf("ReadFloat64s = %d, %d, %v, %v, want 2, 2, %v", rows, cols, got, err, want)
	}
}
