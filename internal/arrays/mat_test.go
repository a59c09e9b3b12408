package arrays

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A matWriter lays out elements of MATLAB's version 5.
type matWriter struct{ order binary.ByteOrder }

var littleMat, bigMat = matWriter{binary.LittleEndian}, matWriter{binary.BigEndian}

func (w matWriter) file(elements ...string) []byte {
	version, mark := "\x00\x01", "IM"
	if w.order == binary.BigEndian {
		version, mark = "\x01\x00", "MI"
	}
	const description = "MATLAB 5.0 MAT-file, Platform: GLNXA64"
	return []byte(description + strings.Repeat(" ", 116-len(description)) + strings.Repeat("\x00", 8) + version + mark + strings.Join(elements, ""))
}

func (w matWriter) u32(v ...uint32) string {
	b := make([]byte, 4*len(v))
	for k, v := range v {
		w.order.PutUint32(b[4*k:], v)
	}
	return string(b)
}

// element is a type, a number of bytes, and the bytes, filled to a multiple of eight.
func (w matWriter) element(kind uint32, content string) string {
	return w.u32(kind, uint32(len(content))) + content + strings.Repeat("\x00", (8-len(content)%8)%8)
}

// short is an element of at most four bytes, in eight.
func (w matWriter) short(kind uint32, content string) string {
	return w.u32(uint32(len(content))<<16|kind) + content + strings.Repeat("\x00", 4-len(content))
}

// matrix is a variable: flags and class, dimensions, name, and what the class asks for.
func (w matWriter) matrix(class uint32, name string, dims []uint32, content ...string) string {
	return w.element(miMATRIX, w.element(miUINT32, w.u32(class, 0))+w.element(miINT32, w.u32(dims...))+w.element(miINT8, name)+strings.Join(content, ""))
}

func packed(t testing.TB, w matWriter, element string) string {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write([]byte(element)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return w.u32(miCOMPRESSED, uint32(b.Len())) + b.String()
}

// float64 of 1, −2, …: the bytes as IEEE 754 has them.
const (
	littleDoubles = "\x00\x00\x00\x00\x00\x00\xf0\x3f" + "\x00\x00\x00\x00\x00\x00\x00\xc0" + "\x00\x00\x00\x00\x00\x00\x08\x40" + // 1, −2, 3
		"\x00\x00\x00\x00\x00\x00\x10\x40" + "\x00\x00\x00\x00\x00\x00\xe0\x3f" + "\x00\x00\x00\x00\x00\x00\x00\x00" // 4, ½, 0
	bigSingles = "\x3f\x80\x00\x00" + "\xc0\x00\x00\x00" + "\x40\x40\x00\x00" + "\x40\x80\x00\x00" + "\x3f\x00\x00\x00" + "\x00\x00\x00\x00"
)

// Columns lie one after the other. The layout of zero-shot work has a sample in each
// column, which the number of labels tells.
func TestMat(t *testing.T) {
	w := littleMat
	features := w.matrix(mxDOUBLE, "features", []uint32{2, 3}, w.element(miDOUBLE, littleDoubles))
	for name, labels := range map[string]string{
		"double as bytes": w.matrix(mxDOUBLE, "labels", []uint32{3, 1}, w.short(miUINT8, "\x01\x02\x01")),
		"double":          w.matrix(mxDOUBLE, "labels", []uint32{1, 3}, w.element(miDOUBLE, littleDoubles[:8]+littleDoubles[8*5:]+littleDoubles[:8])),
		"int16":           w.matrix(10, "labels", []uint32{3, 1}, w.element(miINT16, "\x01\x00\xff\xff\x01\x00")),
	} {
		for _, content := range [][]byte{w.file(features, labels), w.file(packed(t, w, features), packed(t, w, labels))} {
			path := filepath.Join(t.TempDir(), "res101.mat")
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
			p, err := OpenPair(path, path)
			if err != nil {
				t.Fatal(err)
			}
			rows, cols, x, err := p.X.Float64s()
			if err != nil || rows != 3 || cols != 2 || !slices.Equal(x, []float64{1, -2, 3, 4, 0.5, 0}) {
				t.Errorf("%s: %d×%d %v, error %v", name, rows, cols, x, err)
			}
			want := map[string][]int{"double as bytes": {1, 2, 1}, "double": {1, 0, 1}, "int16": {1, -1, 1}}[name]
			if y, _, err := p.Y.Labels(); err != nil || !slices.Equal(y, want) {
				t.Errorf("%s: labels %v, error %v", name, y, err)
			}
			p.Close()

			a, f, err := OpenRows(path)
			if err != nil || a.Shape[0] != 3 {
				t.Errorf("%s: rows alone have the shape %v, error %v", name, a.Shape, err)
			}
			f.Close()
			wantMatrix(t, mustOpen(t, path, content), 2, 3, 1, 3, 0.5, -2, 4, 0)
		}
	}
}

func TestMatBigEndian(t *testing.T) {
	w := bigMat
	f := mustOpen(t, "x.mat", w.file(w.matrix(7, "x", []uint32{3, 2}, w.element(miSINGLE, bigSingles))))
	wantMatrix(t, f, 3, 2, 1, 4, -2, 0.5, 3, 0)
	if got := f.Arrays[0].Type; got != "float32" {
		t.Errorf("type %s", got)
	}
	f = mustOpen(t, "x.mat:x.T", w.file(packed(t, w, w.matrix(11, "x", []uint32{2, 2}, w.element(miUINT16, "\x00\x01\x00\x02\x01\x00\x00\x04")))))
	wantMatrix(t, f, 2, 2, 1, 2, 256, 4)
}

// A square matrix may have its samples in rows or in columns.
func TestMatSquare(t *testing.T) {
	w := littleMat
	content := w.file(w.matrix(mxDOUBLE, "features", []uint32{2, 2}, w.element(miDOUBLE, littleDoubles[:32])), w.matrix(mxDOUBLE, "labels", []uint32{2, 1}, w.short(miUINT8, "\x01\x02")))
	path := filepath.Join(t.TempDir(), "x.mat")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenPair(path, path); err == nil || !strings.Contains(err.Error(), "the array features has 2 rows and as many columns, and a sample may be in either: give "+path+":features, or ") {
		t.Errorf("error %v", err)
	}
	for name, want := range map[string][]float64{":features": {1, 3, -2, 4}, ":features.T": {1, -2, 3, 4}} {
		p, err := OpenPair(path+name, path)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, x, err := p.X.Float64s(); err != nil || !slices.Equal(x, want) {
			t.Errorf("%s: %v, error %v", name, x, err)
		}
		p.Close()
	}
}

// Fields of structures, cells and characters become columns.
func TestMatCells(t *testing.T) {
	for _, w := range []matWriter{littleMat, bigMat} {
		half := "\x00\x00\x00\x00\x00\x00\xf8\x3f" // 1.5
		if w == bigMat {
			half = "\x3f\xf8\x00\x00\x00\x00\x00\x00"
		}
		char := func(s string) string {
			b := make([]byte, 0, 2*len(s))
			for _, r := range s {
				b = w.order.(binary.AppendByteOrder).AppendUint16(b, uint16(r))
			}
			return w.matrix(mxCHAR, "", []uint32{1, uint32(len(b) / 2)}, w.element(miUINT16, string(b)))
		}
		number := func(v byte) string { return w.matrix(9, "", []uint32{1, 1}, w.short(miUINT8, string(v))) }
		fields := "class\x00fname\x00box\x00\x00\x00"
		content := w.file(
			packed(t, w, w.matrix(mxSTRUCT, "annotations", []uint32{1, 2}, w.short(miINT32, w.u32(6)), w.element(miINT8, fields),
				number(14), char("00001.jpg"), w.matrix(mxDOUBLE, "", []uint32{1, 2}, w.short(miUINT8, "\x01\x02")),
				number(3), char("é"), w.element(miMATRIX, ""))),
			w.matrix(mxCELL, "names", []uint32{3, 1}, char("Audi A4"), char(""), w.matrix(mxCHAR, "", []uint32{1, 2}, w.short(miUTF8, "é"))),
			w.matrix(mxCHAR, "lines", []uint32{2, 3}, w.element(miUINT8, "acb ce")),
			w.matrix(mxCELL, "scores", []uint32{2, 1}, w.matrix(mxDOUBLE, "", []uint32{1, 1}, w.element(miDOUBLE, half)), number(2)),
		)

		for name, want := range map[string][]string{
			"annotations.fname": {"00001.jpg", "é"}, "names": {"Audi A4", "", "é"}, "lines": {"abc", "c e"},
		} {
			wantStrings(t, mustOpen(t, "x.mat:"+name, content), want...)
		}
		wantInts(t, mustOpen(t, "x.mat:annotations.class", content), 14, 3)
		wantMatrix(t, mustOpen(t, "x.mat:scores", content), 2, 1, 1.5, 2)
		f := mustOpen(t, "x.mat", content)
		if _, _, err := f.lookup("scores").Labels(); err == nil || err.Error() != "mat: x.mat: the array scores holds 1.5, want integers: number the classes from 0" {
			t.Errorf("error %v", err)
		}
		if _, _, err := f.lookup("annotations.box").Labels(); err == nil || !strings.Contains(err.Error(), "the array annotations.box holds cells that are neither numbers nor strings") {
			t.Errorf("error %v", err)
		}
	}
}

// The fields of one structure are matrices, lists of strings and structures of their own.
func TestMatStructure(t *testing.T) {
	for _, w := range []matWriter{littleMat, bigMat} {
		structure := func(name, fields string, values ...string) string {
			return w.matrix(mxSTRUCT, name, []uint32{1, 1}, w.short(miINT32, w.u32(9)), w.element(miINT8, fields), strings.Join(values, ""))
		}
		x := w.matrix(mxDOUBLE, "", []uint32{2, 2}, w.element(miUINT8, "\x01\x02\x03\x04"))
		y := w.matrix(mxDOUBLE, "", []uint32{2, 1}, w.short(miUINT8, "\x07\x05"))
		file := w.matrix(mxCHAR, "", []uint32{1, 1}, w.short(miUTF8, "a"))
		inner := structure("", "features\x00labels\x00\x00\x00", x, y)
		whole := structure("data", "train\x00\x00\x00\x00files\x00\x00\x00\x00none\x00\x00\x00\x00\x00", inner, w.matrix(mxCELL, "", []uint32{2, 1}, file, file), w.element(miMATRIX, ""))
		for _, content := range [][]byte{w.file(whole), w.file(packed(t, w, whole))} {
			wantMatrix(t, mustOpen(t, "x.mat:data.train.features", content), 2, 2, 1, 3, 2, 4)
			wantInts(t, mustOpen(t, "x.mat:data.train.labels", content), 7, 5)
			wantStrings(t, mustOpen(t, "x.mat:data.files", content), "a", "a")
			if f := mustOpen(t, "x.mat", content); f.lookup("data.none") == nil || len(f.Arrays) != 4 {
				t.Errorf("%d arrays", len(f.Arrays))
			}
		}
		everyLength(t, "x.mat", w.file(structure("data", "features\x00labels\x00\x00\x00", x, y)))
	}

	// Neither depth nor long names take memory that the file does not have.
	w := littleMat
	deep := w.matrix(mxDOUBLE, "", []uint32{1, 1}, w.short(miUINT8, "\x01"))
	for range 100 {
		deep = w.matrix(mxSTRUCT, "s", []uint32{1, 1}, w.short(miINT32, w.u32(2)), w.element(miINT8, "a\x00"), deep)
	}
	if f := mustOpen(t, "x.mat", w.file(deep)); len(f.Arrays) != 1 || f.Arrays[0].Name != "s"+strings.Repeat(".a", maxMatDepth+1) {
		t.Errorf("%d arrays, the first is %s", len(f.Arrays), f.Arrays[0].Name)
	}
	long := w.matrix(mxSTRUCT, strings.Repeat("s", maxMatName), []uint32{1, 1}, w.short(miINT32, w.u32(2)), w.element(miINT8, strings.Repeat("a\x00", maxMatName/2)))
	wantError(t, "x.mat", w.file(long), "mat: x.mat: has a variable at byte 128 that has a name of 65536 bytes and too many fields for it")
}

func TestMatRefusals(t *testing.T) {
	w := littleMat
	good := w.matrix(mxDOUBLE, "x", []uint32{1, 2}, w.element(miDOUBLE, littleDoubles[:16]))
	everyLength(t, "x.mat", w.file(good))
	everyLength(t, "x.mat", w.file(packed(t, w, good)))
	everyLength(t, "x.mat", w.file(w.matrix(mxCELL, "x", []uint32{1, 1}, w.matrix(mxCHAR, "", []uint32{1, 1}, w.short(miUTF8, "a")))))

	damaged := w.file(packed(t, w, good))
	damaged[len(damaged)-1] ^= 1
	zeros := packed(t, w, w.matrix(mxDOUBLE, "x", []uint32{3000, 1000}, w.element(miDOUBLE, strings.Repeat("\x00", 24e6))))
	cells := packed(t, w, w.matrix(mxCELL, "x", []uint32{1 << 15, 16}, strings.Repeat(w.element(miMATRIX, ""), 16<<15)))
	for _, c := range []struct {
		content []byte
		want    string
	}{
		{damaged, "the array x is damaged (zlib: invalid checksum): copy or save it again"},
		{w.file(zeros), "the array x has the shape (3000, 1000), which takes 24000000 bytes of memory, and a file of "},
		{w.file(cells), `has a variable at byte 128 that is called "x" and has more cells than a file of `},
		{w.file(w.matrix(mxDOUBLE, "x", []uint32{1, 3}, w.element(miDOUBLE, littleDoubles[:16]))), `has a variable at byte 128 that is called "x" and has 16 bytes of type 9 for the shape (1, 3)`},
		{w.file(w.matrix(mxDOUBLE, "x", []uint32{1 << 31, 3}, w.element(miDOUBLE, littleDoubles[:16]))), `has a variable at byte 128 that is called "x" and has the shape (-2147483648, 3)`},
		{w.file(w.matrix(mxSPARSE, "x", []uint32{1, 2})), "the array x holds a sparse matrix (save full(x)) of the shape (1, 2)"},
		{w.file(w.matrix(0x806, "x", []uint32{1, 2})), "the array x holds complex numbers of the shape (1, 2)"},
		{w.file(w.matrix(16, "x", []uint32{1, 2})), "the array x holds an object (save numbers, or cellstr(x) of strings)"},
		{w.file(w.element(miMATRIX, w.element(miUINT32, w.u32(17, 0))+w.element(miINT8, "t"))), "the array t holds an object"},
		{w.file(w.element(miMATRIX, w.element(miUINT32, w.u32(6)))), "has a variable at byte 128 that has 4 bytes of flags, want 8"},
		{w.file(w.u32(miCOMPRESSED, 4) + "abcd"), "has a variable at byte 128 that is damaged (zlib: "},
		{append(make([]byte, 126), "IM"...), "is a MATLAB file of version 0x0000, want 0x0100"},
		{make([]byte, 128), "is no MATLAB file of version 5: save it with save(file, '-v7')"},
		{[]byte("MATLAB 7.3" + strings.Repeat(" ", 114) + "\x00\x02IM"), "is an HDF5 file (MATLAB writes one with '-v7.3'), which is not read"},
	} {
		wantError(t, "x.mat", c.content, "mat: x.mat: "+c.want)
	}
	wantError(t, "x.h5", []byte("\x89HDF\r\n\x1a\n"), "arrays: x.h5: is an HDF5 file")
	wantError(t, "x.mat", append(make([]byte, 512), "\x89HDF\r\n\x1a\n"...), "mat: x.mat: is an HDF5 file")
}

// The development kit of Cars, as MATLAB wrote it. The counts are those of the data set's
// page: 8,144 and 8,041 images of 196 classes.
func TestMatOfCars(t *testing.T) {
	dir := os.Getenv("GPW_DATA")
	if dir == "" {
		t.Skip("GPW_DATA is not set")
	}
	open := func(name, array string) *Array {
		f, err := Open(filepath.Join(dir, "cars_annotations", name) + ":" + array)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		a, err := f.Labels()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}

	classes, _, err := open("cars_train_annos.mat", "annotations.class").Labels()
	if err != nil || len(classes) != 8144 || slices.Min(classes) != 1 || slices.Max(classes) != 196 {
		t.Errorf("%d classes, error %v", len(classes), err)
	}
	_, files, err := open("cars_train_annos.mat", "annotations.fname").Labels()
	if err != nil || len(files) != 8144 || files[0] != "00001.jpg" || files[8143] != "08144.jpg" {
		t.Errorf("%d files, error %v", len(files), err)
	}
	boxes, _, err := open("cars_test_annos.mat", "annotations.bbox_x1").Labels()
	if err != nil || len(boxes) != 8041 {
		t.Errorf("%d boxes, error %v", len(boxes), err)
	}
	_, names, err := open("cars_meta.mat", "class_names").Labels()
	if err != nil || len(names) != 196 || names[0] != "AM General Hummer SUV 2000" || names[195] != "smart fortwo Convertible 2012" {
		t.Errorf("%d names, error %v", len(names), err)
	}

	// train.txt was written from the same annotations by another program: file and class.
	f, err := Open(filepath.Join(dir, "cars_annotations", "train.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := f.Labels()
	if err != nil {
		t.Fatal(err)
	}
	listed, _, err := a.Labels()
	if err != nil || !slices.Equal(listed, classes) {
		t.Errorf("the list has %d classes, which differ; error %v", len(listed), err)
	}
}

func FuzzMat(f *testing.F) {
	w := littleMat
	x := w.matrix(mxDOUBLE, "x", []uint32{1, 2}, w.element(miDOUBLE, littleDoubles[:16]))
	name := w.matrix(mxCHAR, "", []uint32{1, 1}, w.short(miUTF8, "a"))
	fuzzReader(f, "x.mat", w.file(x), w.file(packed(f, w, x)), w.file(w.matrix(mxCELL, "x", []uint32{1, 1}, name)),
		w.file(w.matrix(mxSTRUCT, "s", []uint32{1, 1}, w.short(miINT32, w.u32(2)), w.element(miINT8, "a\x00b\x00"), name, x)))
}
