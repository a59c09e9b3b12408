package arrays

import (
	"encoding/binary"
	"fmt"
	"maps"
	"testing"
)

// safetensors is a file of this header and these elements.
func safetensors(header, elements string) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), elements...)
}

// The elements are written out by hand, each type with values that show its byte order,
// sign and exponent.
func TestSafetensors(t *testing.T) {
	for _, c := range []struct {
		dtype, name, elements string
		want                  [2]float64
	}{
		{"F64", "float64", "\x00\x00\x00\x00\x00\x00\xf8\x3f\x00\x00\x00\x00\x00\x00\x00\xc0", [2]float64{1.5, -2}},
		{"F32", "float32", "\x00\x00\xc0\x3f\x00\x00\x00\xc0", [2]float64{1.5, -2}},
		{"F16", "float16", "\x00\x3e\x00\xc0", [2]float64{1.5, -2}},
		{"BF16", "bfloat16", "\xc0\x3f\x00\xc0", [2]float64{1.5, -2}},
		{"I64", "int64", "\x02\x01\x00\x00\x00\x00\x00\x00\xfe\xff\xff\xff\xff\xff\xff\xff", [2]float64{258, -2}},
		{"I32", "int32", "\x02\x01\x00\x00\xfe\xff\xff\xff", [2]float64{258, -2}},
		{"I16", "int16", "\x02\x01\xfe\xff", [2]float64{258, -2}},
		{"I8", "int8", "\x7f\xfe", [2]float64{127, -2}},
		{"U64", "uint64", "\x02\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x00\x00\x00\x00", [2]float64{258, 1 << 31}},
		{"U32", "uint32", "\x02\x01\x00\x00\x00\x00\x00\x80", [2]float64{258, 1 << 31}},
		{"U16", "uint16", "\x02\x01\x00\x80", [2]float64{258, 1 << 15}},
		{"U8", "uint8", "\x02\xff", [2]float64{2, 255}},
		{"BOOL", "bool", "\x01\x00", [2]float64{1, 0}},
	} {
		header := fmt.Sprintf(`{"x":{"dtype":"%s","shape":[1,2],"data_offsets":[0,%d]}}`, c.dtype, len(c.elements))
		f := mustOpen(t, "x.safetensors", safetensors(header, c.elements))
		wantMatrix(t, f, 1, 2, c.want[:]...)
		if f.Arrays[0].Type != c.name || f.Format != "safetensors" {
			t.Errorf("%s: %s of %s", c.dtype, f.Arrays[0].Type, f.Format)
		}
	}
}

const twoTensors = `{"__metadata__":{"model":"resnet50"},"targets":{"dtype":"I16","shape":[2],"data_offsets":[0,4]},` +
	`"head.features":{"dtype":"F16","shape":[2,1],"data_offsets":[4,8]}}  `

func TestSafetensorsOfTwo(t *testing.T) {
	content := safetensors(twoTensors, "\x07\x00\xff\xff\x00\x3e\x00\xc0")
	f := mustOpen(t, "whatever", content)
	wantMatrix(t, f, 2, 1, 1.5, -2)
	wantInts(t, f, 7, -1)
	if want := map[string]string{"model": "resnet50"}; !maps.Equal(f.Metadata, want) {
		t.Errorf("metadata %v, want %v", f.Metadata, want)
	}
	everyLength(t, "x.safetensors", content)
}

func TestSafetensorsRefusals(t *testing.T) {
	entry := func(dtype, shape, offsets string) string {
		return `{"x":{"dtype":"` + dtype + `","shape":` + shape + `,"data_offsets":` + offsets + `}}`
	}
	for _, c := range []struct{ header, elements, want string }{
		{entry("F32", "[2]", "[0,4]"), "1234", `has the tensor "x" of F32 and the shape (2,) in 4 bytes`},
		{entry("F32", "[1]", "[0,8]"), "1234", `has the tensor "x" at bytes 0 to 8 of 4`},
		{entry("F32", "[1]", "[4,0]"), "1234", `has the tensor "x" at bytes 4 to 0 of 4`},
		{entry("F32", "[4611686018427387904,4]", "[0,4]"), "1234", `has the tensor "x" of F32 and the shape (4611686018427387904, 4)`},
		{entry("F32", "[-1]", "[0,4]"), "1234", `has the tensor "x" of F32 and the shape (-1,)`},
		{entry("F32", "[1]", "[0,4]"), "12345", "has 5 bytes of tensors, and its header accounts for 4"},
		{entry("F8_E4M3", "[2,2]", "[0,4]"), "1234", "the array x holds F8_E4M3 of the shape (2, 2), want rows of floats"},
		{`{"x":{"dtype":"F32","shape":[0]}}`, "", `has a broken entry of the tensor "x"`},
		{`{"x":1,"x":2}`, "", `has a broken entry of the tensor "x"`},
		{`{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"x":{}}`, "", `has two tensors "x"`},
		{`{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`, "", "has a broken header at byte "},
		{`{"__metadata__":{"a":1}}`, "", "has metadata that are no strings"},
		{`[]`, "", "has no header in JSON"},
	} {
		wantError(t, "x.safetensors", safetensors(c.header, c.elements), "safetensors: x.safetensors: "+c.want)
	}
	wantError(t, "x.safetensors", []byte("\xff\xff\xff\xff\xff\xff\xff\xff{}"), "safetensors: x.safetensors: claims a header of 18446744073709551615 bytes in a file of 10")
}

func FuzzSafetensors(f *testing.F) {
	fuzzReader(f, "x.safetensors", safetensors(twoTensors, "\x07\x00\xff\xff\x00\x3e\x00\xc0"))
}
