package arrays

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// made reads a file that testdata/make.py wrote with CPython's pickler.
func made(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTorch(t *testing.T) {
	for _, name := range []string{"zip.pt", "protocol4.pt", "big.pt", "legacy.pth"} {
		content := made(t, name)
		f := mustOpen(t, name, content)
		wantMatrix(t, mustOpen(t, name+":features", content), 3, 2, 1, -2, 3, 4, 5, 6)
		wantMatrix(t, mustOpen(t, name+":columns", content), 2, 3, -2, 4, 6, 3, 5, 7)
		wantMatrix(t, mustOpen(t, name+":columns.T", content), 3, 2, -2, 3, 4, 5, 6, 7)
		wantMatrix(t, mustOpen(t, name+":model.weight", content), 2, 4, 0.5, 1, -2, 3, 4, 5, 6, 7)
		wantMatrix(t, f, 3, 2, 1, -2, 3, 4, 5, 6)
		wantInts(t, f, 7, -1, 7)
		wantInts(t, mustOpen(t, name+":ids", content), 3, -70000, 300)
		wantStrings(t, mustOpen(t, name+":names", content), "cat", "dog é", "cat")
		if want := map[string]string{"epoch": "12", "lr": "0.1", "best": "true"}; !maps.Equal(f.Metadata, want) || f.Format != "torch" {
			t.Errorf("%s: metadata %v of %s, want %v", name, f.Metadata, f.Format, want)
		}
		var got []string
		for _, a := range f.Arrays {
			got = append(got, fmt.Sprint(a.Name, a.Shape, a.Type))
		}
		if want := []string{"model.weight[2 4]float32", "features[3 2]float32", "columns[2 3]float32", "labels[3]int64", "names[3]strings", "ids[3]int64"}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	wantMatrix(t, mustOpen(t, "x.pt", made(t, "tensor.pt")), 2, 2, 1.5, 3, -2, 4)
	wantMatrix(t, mustOpen(t, "x.bin", made(t, "state.pth")), 1, 2, 0.5, 1)
}

// One tensor of each type of storage, of 1 and 127, 1 and 0, or the bits of bfloat16.
func TestTorchTypes(t *testing.T) {
	content := made(t, "types.pt")
	for k, name := range []string{"float32", "float64", "float16", "int64", "int32", "int16", "int8", "uint8", "bool", "bfloat16"} {
		f := mustOpen(t, fmt.Sprint("x.pt:", k), content)
		want := []float64{1, 127}
		switch name {
		case "bool":
			want[1] = 0
		case "bfloat16":
			want[1] = -2
		}
		wantMatrix(t, f, 1, 2, want...)
		if got := f.Arrays[k].Type; got != name {
			t.Errorf("tensor %d is %s, want %s", k, got, name)
		}
	}
}

// Nothing in a file is run; what it asks for is named.
func TestTorchRunsNothing(t *testing.T) {
	const refused = ", and nothing in a file is run: only tensors, numbers, strings, lists and dicts are read; save a dict of tensors or NumPy arrays (of a module its state_dict())"
	wantError(t, "x.pt", made(t, "code.pt"), "torch: x.pt: asks for posix.system"+refused)
	wantError(t, "x.pth", made(t, "code.pth"), "torch: x.pth: asks for posix.system"+refused)
	wantError(t, "x.pt", made(t, "numpy.pt"), `torch: x.pt: has a pickle whose instruction "R" at byte `)
	if _, err := os.Stat("testdata/executed"); err == nil {
		t.Error("the command was executed")
	}
}

// NumPy arrays that torch.save of PyTorch 2.15 wrote with NumPy 2.4 (make_numpy.py), whose
// names NumPy 2 changed.
func TestTorchNumPy(t *testing.T) {
	for _, name := range []string{"arrays.pt", "arrays_legacy.pth", "arrays4.pt"} {
		content := made(t, name)
		wantMatrix(t, mustOpen(t, name+":features", content), 2, 3, 0.5, -1, 2, 3, 4, 255)
		wantMatrix(t, mustOpen(t, name+":columns", content), 2, 3, 0.5, -1, 2, 3, 4, 255)
		wantMatrix(t, mustOpen(t, name+":big", content), 2, 3, 0.5, -1, 2, 3, 4, 255)
		wantMatrix(t, mustOpen(t, name+":half", content), 2, 3, 0.5, -1, 2, 3, 4, 255)
		wantMatrix(t, mustOpen(t, name+":tensor", content), 1, 2, 1, 2)
		wantInts(t, mustOpen(t, name+":labels", content), 3, -70000)
		for of, want := range map[string]string{"words": "NumPy's U3", "objects": "NumPy's O8"} {
			f := mustOpen(t, name+":"+of, content)
			a, err := f.Labels()
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err = a.Labels(); err == nil || !strings.Contains(err.Error(), "holds "+want+" of the shape (2,), want integers or strings") {
				t.Errorf("%s of %s: %v", of, name, err)
			}
		}
	}
}

// pickled is a file of torch.save with this pickle and a storage 0 of eight bytes.
func pickled(t testing.TB, pickle string) []byte {
	return zipFile(t, "a/data.pkl*", pickle, "a/data/0", "\x00\x00\x80\x3f\x00\x00\x00\xc0")
}

// tensorOf is the pickle of a float32 tensor with these arguments, in the text of
// protocol 0 where that is shorter.
func tensorOf(elements int, offset, shape, strides string) string {
	return "\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu" +
		fmt.Sprintf("I%d\ntQ%s(%st(%st\x89NtR.", elements, offset, shape, strides)
}

func TestTorchViews(t *testing.T) {
	wantMatrix(t, mustOpen(t, "x.pt", pickled(t, tensorOf(2, "I0\n", "I1\nI2\n", "I2\nI1\n"))), 1, 2, 1, -2)
	for _, c := range []struct{ name, pickle, want string }{
		{"expanded", tensorOf(2, "I0\n", "I1000000\nI1000000\n", "I0\nI0\n"), `has the tensor "", which claims the shape (1000000, 1000000), and its storage has 2 elements`},
		{"behind the end", tensorOf(2, "I1\n", "I1\nI2\n", "I2\nI1\n"), `has the tensor "", which has elements up to 2, and its storage has 2`},
		{"before the start", tensorOf(2, "I-1\n", "I1\nI1\n", "I1\nI1\n"), `has the tensor "", which has elements up to -1, and its storage has 2`},
		{"negative stride", tensorOf(2, "I1\n", "I2\nI1\n", "I-1\nI1\n"), `has the tensor "", which has the stride -1, beyond its storage`},
		{"huge stride", tensorOf(2, "I0\n", "I2\nI1\n", "I9223372036854775807\nI1\n"), `has the tensor "", which has `},
		{"negative size", tensorOf(2, "I0\n", "I-2\nI1\n", "I1\nI1\n"), `has the tensor "", which claims the shape (-2, 1)`},
		{"other count", tensorOf(1, "I0\n", "I1\nI1\n", "I1\nI1\n"), "has 8 bytes in the member a/data/0, want 1 of float32"},
		{"strides missing", tensorOf(2, "I0\n", "I1\nI2\n", "I1\n"), `has a pickle whose instruction "R" at byte `},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, "x.pt", pickled(t, c.pickle), "torch: x.pt: "+c.want) })
	}
}

func TestPickleRefusals(t *testing.T) {
	deep := "\x80\x02" + strings.Repeat("]", 40) + strings.Repeat("a", 39) + "."
	laughs := "\x80\x02(]q\x00" // a list of ten lists of ten lists of …, without nine levels of text
	for k := range 12 {
		laughs += "](" + strings.Repeat(fmt.Sprintf("h%c", k), 10) + "e" + fmt.Sprintf("q%c", k+1)
	}
	for _, c := range []struct{ name, pickle, want string }{
		{"empty", "", "ends early: the file is cut short or damaged"},
		{"stop", ".", `has a pickle whose instruction "." at byte 0 has no value to work on`},
		{"mark", "(K\x01.", `has a pickle whose instruction "." at byte 3 leaves 0 values and 1 marks`},
		{"protocol", "\x80\x09N.", `has a pickle whose instruction "\x80" at byte 0 is of protocol 9, known are 0 to 5`},
		{"memo", "h\x05.", `has a pickle whose instruction "h" at byte 0 refers to value 5, which there is not`},
		{"text", "X\xff\xff\xff\xff", `has a pickle whose instruction "X" at byte 0 claims 4294967295 bytes`},
		{"opcode", "i__main__\nA\n.", `has a pickle whose instruction "i" at byte 0 is none that data of tensors need`},
		{"call", "NN\x85R.", `has a pickle whose instruction "R" at byte 3 calls what is no global`},
		{"attributes", "K\x01}b.", `has a pickle whose instruction "b" at byte 3 sets attributes of what is no dict`},
		{"module", "\x8c\x06module\x85Q.", `has a pickle whose instruction "Q" at byte 9 refers to something that is no storage`},
		{"many lists", strings.Repeat("]0", maxContainers+1), `has a pickle whose instruction "]" at byte 524288 makes more than 4194304 values or 262144 containers`},
		{"deep", deep, "nests deeper than 32, or holds more than 65536 arrays"},
		{"laughs", laughs + "t.", "nests deeper than 32, or holds more than 65536 arrays"},
		{"recursive", "\x80\x02]q\x00h\x00a.", "nests deeper than 32"},
		{"no tensors", "\x80\x02K\x01.", "holds no arrays"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantError(t, "x.pt", pickled(t, c.pickle), "torch: x.pt: "+c.want)
		})
	}
	wantError(t, "x.pt", zipFile(t, "a/data.pkl", tensorOf(2, "I0\n", "I1\nI2\n", "I2\nI1\n")), "torch: x.pt: lacks the member a/data/0, which a tensor refers to")
	wantError(t, "x.pt", []byte("\x80\x02}q\x00."), "torch: x.pt: is a pickle that torch.save did not write")
	wantError(t, "x.pt", []byte("text"), "torch: x.pt: is no file of torch.save")
}

func TestTorchLengths(t *testing.T) {
	everyLength(t, "x.pt", made(t, "tensor.pt"))
	legacy := made(t, "legacy.pth")
	for n := range legacy {
		if err := readAll(t, "x.pth", legacy[:n]); err == nil {
			t.Errorf("%d of %d bytes were read", n, len(legacy))
		}
	}
	wantError(t, "x.pth", append(bytes.Clone(legacy), 0), "torch: x.pth: has 1 bytes behind its storages")
}

func FuzzTorch(f *testing.F) {
	fuzzReader(f, "x.pt", made(f, "zip.pt"), made(f, "code.pt"))
}

func FuzzTorchLegacy(f *testing.F) {
	fuzzReader(f, "x.pth", made(f, "legacy.pth"), made(f, "code.pth"))
}

// FuzzPickle reads whatever instructions.
func FuzzPickle(f *testing.F) {
	f.Add([]byte(tensorOf(2, "I0\n", "I1\nI2\n", "I2\nI1\n")))
	f.Add([]byte("\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01x\x94]\x94(K\x01M\x02\x03J\xff\xff\xff\xffe\x8c\x01y\x94\x8a\x01\xfe\x88\x89G?\xf8\x00\x00\x00\x00\x00\x00\x87u."))
	f.Fuzz(func(t *testing.T, pickle []byte) {
		readAll(t, "x.pt", pickled(t, string(pickle)))
	})
}
