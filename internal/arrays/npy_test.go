package arrays

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

func numpy(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../npy/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// npyFile is a .npy file of these elements, its header as NumPy writes it.
func npyFile(descr, shape string, fortran bool, elements string) []byte {
	order := "False"
	if fortran {
		order = "True"
	}
	dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, order, shape)
	dict += strings.Repeat(" ", 117-len(dict)) + "\n"
	return []byte("\x93NUMPY\x01\x00\x76\x00" + dict + elements)
}

// zipFile is an archive of these members, name and content by turns. Names that end with
// * are compressed.
func zipFile(t testing.TB, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for k := 0; k < len(members); k += 2 {
		name, packed := strings.CutSuffix(members[k], "*")
		h := &zip.FileHeader{Name: name}
		if packed {
			h.Method = zip.Deflate
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(members[k+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The files of NumPy itself; internal/npy/testdata/make.py has their values.
func TestNPY(t *testing.T) {
	floats := []float64{0, -1.5, 65504, 0x1p-24, 0.333251953125, 1}
	for _, name := range []string{"floats_le_f2", "floats_be_f2", "floats_le_f4", "floats_be_f4", "floats_le_f8", "floats_be_f8", "floats_fortran", "version2", "version3"} {
		f := mustOpen(t, name+".npy", numpy(t, name+".npy"))
		wantMatrix(t, f, 2, 3, floats...)
		if got := f.Arrays[0].Type; !strings.HasPrefix(got, "float") || f.Format != "npy" {
			t.Errorf("%s: %s of %s", name, f.Format, got)
		}

		transposed := mustOpen(t, name+".npy:.T", numpy(t, name+".npy"))
		wantMatrix(t, transposed, 3, 2, 0, 0x1p-24, -1.5, 0.333251953125, 65504, 1)
	}
	for _, name := range []string{"ints_no_i1", "ints_le_i2", "ints_be_i4", "ints_le_i8", "ints_be_i8", "ints_no_u1", "ints_be_u2", "ints_le_u4", "ints_le_u8", "ints_column"} {
		wantInts(t, mustOpen(t, name+".npy", numpy(t, name+".npy")), 0, 1, 5, 120)
	}
	wantInts(t, mustOpen(t, "x.npy", numpy(t, "ints_negative.npy")), -1, -128)
	wantInts(t, mustOpen(t, "x.npy", numpy(t, "bools.npy")), 1, 0, 1)
	wantStrings(t, mustOpen(t, "x.npy", numpy(t, "strings.npy")), "jay", "wren")
}

func TestNPYStrings(t *testing.T) {
	wantStrings(t, mustOpen(t, "x.npy", npyFile("|S3", "(3,)", false, "a\x00\x00é\x00abc")), "a", "é", "abc")
	wantStrings(t, mustOpen(t, "x.npy", npyFile(">U2", "(2, 1)", false, "\x00\x00\x00\xe9\x00\x00\x00\x00\x00\x01\xf4\x00\x00\x00\x00a")), "é", "\U0001f400a")
	wantError(t, "x.npy", npyFile("|S1", "(1,)", false, "\xe9"), "npy: x.npy: holds strings, want floats: ")
	if _, _, err := mustOpen(t, "x.npy", npyFile("|S1", "(1,)", false, "\xe9")).Arrays[0].Labels(); err == nil || !strings.Contains(err.Error(), "no UTF-8") {
		t.Errorf("Latin-1: %v", err)
	}
}

// Integers are features where float32 holds them, and are refused otherwise.
func TestIntegerFeatures(t *testing.T) {
	wantMatrix(t, mustOpen(t, "x.npy", npyFile("|u1", "(2, 2)", false, "\x00\xff\x02\x03")), 2, 2, 0, 255, 2, 3)
	wantMatrix(t, mustOpen(t, "x.npy", npyFile(">i2", "(2, 2)", true, "\xff\xff\x00\x02\x00\x03\x00\x04")), 2, 2, -1, 3, 2, 4)
	wide := npyFile("<i4", "(1, 2)", false, "\x01\x00\x00\x01\x00\x00\x00\x80") // 2²⁴ + 1 and −2³¹
	a := mustOpen(t, "x.npy", wide).Arrays[0]
	if _, _, _, err := a.Float32s(); err == nil || !strings.Contains(err.Error(), "holds the integer 16777217, which float32 cannot represent") {
		t.Errorf("error %v", err)
	}
	if _, _, narrow, got, err := a.Rows(); err != nil || narrow != nil || !slices.Equal(got, []float64{1<<24 + 1, -1 << 31}) {
		t.Errorf("%v %v, error %v", narrow, got, err)
	}
	for _, most := range []string{"<i8\xff\xff\xff\xff\xff\xff\xff\x7f", "<u8\xff\xff\xff\xff\xff\xff\xff\xff"} {
		a = mustOpen(t, "x.npy", npyFile(most[:3], "(1, 2)", false, most[3:]+most[3:])).Arrays[0]
		if _, _, _, err := a.Float64s(); err == nil {
			t.Errorf("%q is read as float64", most)
		}
	}
	wantError(t, "x.npy", npyFile("|f8", "(2, 2)", false, "short"), "npy: x.npy: is cut short: 5 of 32 bytes of the float64 array of shape (2, 2)")
	if _, _, _, err := mustOpen(t, "x.npy", numpy(t, "ints_column.npy")).Arrays[0].Float32s(); err == nil || err.Error() != "npy: x.npy: holds int64, want floats: save with arr.astype(np.float32)" {
		t.Errorf("a column of integers as features: %v", err)
	}
}

// Raw bytes of two are bfloat16 where the user or a name says so.
func TestBFloat16(t *testing.T) {
	for _, path := range []string{"x.npy:bfloat16", "feats_bf16.npy", "BFloat16.npy", "bf16/../bf16.npy"} {
		wantMatrix(t, mustOpen(t, path, npyFile("|V2", "(1, 3)", false, "\x80\x3f\xc0\xbf\x7f\x7f")), 1, 3, 1, -1.5, 0x1.fep127)
	}
	wantError(t, "x.npy", npyFile("|V2", "(1, 1)", false, "\x80\x3f"), "npy: x.npy: holds raw bytes of two (V2), as NumPy saves bfloat16, want floats: ")
	raw := string(npyFile("|V2", "(1, 1)", false, "\x80\x3f"))
	archive := zipFile(t, "x_bf16.npy", raw, "y.npy", raw)
	wantMatrix(t, mustOpen(t, "a.npz:x_bf16", archive), 1, 1, 1)
	wantMatrix(t, mustOpen(t, "a.npz:y:bfloat16", archive), 1, 1, 1)
	if _, err := mustOpen(t, "a.npz:z", archive).Features(); err == nil || err.Error() != `npz: a.npz: has no array "z"; it holds x_bf16 (bfloat16 (1, 1)), y (raw bytes of two (V2), as NumPy saves bfloat16 (1, 1)): name one of them, as a.npz:x_bf16` {
		t.Errorf("error %v", err)
	}
	if _, err := mustOpen(t, "a.npz", zipFile(t, "y.npy", raw, "z.npy", raw)).Features(); err == nil || !strings.HasSuffix(err.Error(), "; if y is bfloat16, give a.npz:y:bfloat16") {
		t.Errorf("error %v", err)
	}
}

func TestNPZ(t *testing.T) {
	f := mustOpen(t, "x.npz", numpy(t, "plain.npz"))
	wantMatrix(t, f, 2, 3, 0, -1.5, 65504, 0x1p-24, 0.333251953125, 1)
	wantInts(t, f, 0, 1, 5, 120)
	wantMatrix(t, mustOpen(t, "x.npz:s", numpy(t, "compressed.npz")), 2, 3, 0, -1.5, 65504, 0x1p-24, 0.333251953125, 1)
}

// Of several arrays the usual names decide, and else the user is asked. They do not decide
// among matrices of floats that could be the features as well.
func TestChoose(t *testing.T) {
	x, y := string(npyFile("<f4", "(1, 2)", false, "\x00\x00\x80?\x00\x00\x00@")), string(npyFile("<i2", "(1,)", false, "\x07\x00"))
	z, boxes := string(npyFile("<f4", "(2, 1)", false, "\x00\x00\x80?\x00\x00\x00@")), string(npyFile("<i2", "(1, 2)", false, "\x07\x00\x07\x00"))
	archive := zipFile(t, "centres.npy", z, "boxes.npy", boxes, "Embeddings.npy*", x, "ids.npy", y, "targets.npy", y, "readme.txt", "text")
	wantMatrix(t, mustOpen(t, "x.npz", archive), 1, 2, 1, 2)
	wantInts(t, mustOpen(t, "x.npz", archive), 7)
	wantInts(t, mustOpen(t, "x.npz:ids", archive), 7)

	f := mustOpen(t, "x.npz", zipFile(t, "a.npy", x, "b.npy", x))
	if _, err := f.Features(); err == nil || err.Error() != "npz: x.npz: has several arrays that can be rows of features, a (float32 (1, 2)), b (float32 (1, 2)): name one, as x.npz:a or x.npz:b" {
		t.Errorf("error %v", err)
	}
	f = mustOpen(t, "x.npz", zipFile(t, "centres.npy", z, "logits.npy", x, "features.npy", x))
	if _, err := f.Features(); err == nil || err.Error() != "npz: x.npz: has several arrays that can be rows of features, logits (float32 (1, 2)), features (float32 (1, 2)): name one, as x.npz:logits or x.npz:features" {
		t.Errorf("error %v", err)
	}
	f = mustOpen(t, "x.npz", zipFile(t, "arr_0.npy", x, "arr_1.npy", x))
	if _, err := f.Features(); err == nil || !strings.Contains(err.Error(), "name one, as x.npz:arr_0 or x.npz:arr_1") {
		t.Errorf("error %v", err)
	}
	wantMatrix(t, mustOpen(t, "x.npz:arr_1", zipFile(t, "arr_0.npy", z, "arr_1.npy", x)), 1, 2, 1, 2)

	f = mustOpen(t, "x.npz", zipFile(t, "a.npy", x, "b.npy", x))
	if _, err := f.Labels(); err == nil || err.Error() != "npz: x.npz: has no array that can be labels; it holds a (float32 (1, 2)), b (float32 (1, 2))" {
		t.Errorf("error %v", err)
	}
}

// A partition has a usual name, or is the only array of one integer a row that is not
// called as labels are.
func TestChoosePartition(t *testing.T) {
	y, p := string(npyFile("<i2", "(1,)", false, "\x07\x00")), string(npyFile("<i2", "(1,)", false, "\x02\x00"))
	for _, members := range [][]string{{"labels.npy", y, "split.npy", p}, {"labels.npy", y, "mine.npy", p}, {"arr_1.npy", y, "arr_2.npy", p, "more.npy", y}} {
		f := mustOpen(t, "x.npz", zipFile(t, members...))
		a, err := f.Partition()
		if err != nil {
			t.Fatal(err)
		}
		if parts, _, err := a.Labels(); err != nil || len(parts) != 1 || parts[0] != 2 {
			t.Errorf("%v, error %v", parts, err)
		}
	}
	f := mustOpen(t, "x.npz", zipFile(t, "labels.npy", y, "targets.npy", y))
	if _, err := f.Partition(); err == nil || !strings.Contains(err.Error(), "has no array that can be a partition; it holds labels (int16 (1,))") {
		t.Errorf("error %v", err)
	}
}

func TestNPZRefusals(t *testing.T) {
	x := string(npyFile("<f4", "(1, 2)", false, "\x00\x00\x80?\x00\x00\x00@"))
	wantError(t, "x.npz", zipFile(t, "readme.txt", "text"), "npz: x.npz: is a zip archive without arrays: save them with numpy.savez")
	wantError(t, "x.npz", zipFile(t, "x.npy", x, "x.npy", x), "npz: x.npz: has two members x.npy: save them under different names")
	damaged := zipFile(t, "x.npy", x)
	damaged[bytes.Index(damaged, []byte("\x80?"))] ^= 1
	wantError(t, "x.npz", damaged, "npz: x.npz: the array x is damaged (zip: checksum error): copy or save it again")

	var claims bytes.Buffer
	z := zip.NewWriter(&claims)
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "s.npy", Method: zip.Deflate, UncompressedSize64: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	z.Close()
	wantError(t, "x.npz", claims.Bytes(), "npz: x.npz: claims 1099511627776 bytes in the member s.npy, which the archive cannot hold")

	// Twelve megabytes of zeros are twelve kilobytes.
	bomb := zipFile(t, "x.npy*", string(npyFile("<f4", "(3000, 1000)", false, strings.Repeat("\x00", 12e6))))
	wantError(t, "x.npz", bomb, "npz: x.npz: the array x has the shape (3000, 1000), which takes 24000000 bytes of memory, and a file of ")
}

func TestNPYLengths(t *testing.T) {
	everyLength(t, "x.npy", numpy(t, "floats_le_f2.npy"))
	everyLength(t, "x.npy", numpy(t, "strings.npy"))
	everyLength(t, "x.npz", numpy(t, "plain.npz"))
	everyLength(t, "x.npz", zipFile(t, "x.npy*", string(numpy(t, "floats_fortran.npy")), "y.npy*", string(numpy(t, "bools.npy"))))
}

func FuzzNPY(f *testing.F) {
	fuzzReader(f, "x_bf16.npy", numpy(f, "floats_be_f8.npy"), numpy(f, "strings.npy"), numpy(f, "objects.npy"), npyFile("|V2", "(1, 1)", true, "\x80\x3f"))
}

func FuzzNPZ(f *testing.F) {
	fuzzReader(f, "x.npz", numpy(f, "plain.npz"), numpy(f, "compressed.npz"))
}
