package arrays

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Tensor is an array that is to be written to a safetensors file. [NewTensor] makes one
// of a slice and [RowsTensor] one of rows. What is not in memory has a Write of its own.
type Tensor struct {
	Name  string // unique in its file, and not __metadata__
	Type  string // NumPy's name, as [Array] has it: float32, bfloat16, int64, bool, …
	Shape []int  // sizes from 0; none of a scalar

	// Write writes the elements in C order, the least significant byte first: as many
	// bytes as type and shape ask for. It may be called in parts of any size.
	Write func(w io.Writer) error
}

// An Element is a type of elements that the format has and Go too.
type Element interface {
	float32 | float64 | int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | bool
}

// NewTensor is the tensor of data in C order. It keeps data, and encodes them in parts
// while the file is written.
func NewTensor[T Element](name string, shape []int, data []T) Tensor {
	return Tensor{Name: name, Type: typeName[T](), Shape: shape, Write: func(w io.Writer) error { return writeElements(w, data) }}
}

// RowsTensor is the tensor of rows×cols elements, given row by row: rows of a matrix with
// a stride, or of one that is computed on the way. A row is used until the next is asked
// for.
func RowsTensor[T Element](name string, rows, cols int, row func(i int) []T) Tensor {
	return Tensor{Name: name, Type: typeName[T](), Shape: []int{rows, cols}, Write: func(w io.Writer) error {
		for i := range rows {
			r := row(i)
			if len(r) != cols {
				return fmt.Errorf("row %d has %d elements, want %d", i, len(r), cols)
			}
			if err := writeElements(w, r); err != nil {
				return err
			}
		}
		return nil
	}}
}

func typeName[T Element]() string { return fmt.Sprintf("%T", *new(T)) }

// writeElements encodes data in parts.
func writeElements[T Element](w io.Writer, data []T) error {
	const most = chunk / 8
	var buf []byte
	for part := range slices.Chunk(data, most) {
		var err error
		if buf, err = binary.Append(buf[:0], binary.LittleEndian, part); err != nil {
			return err
		}
		if _, err = w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

// safetensorsOrder has the types in the order in which the reference implementation
// writes their tensors: wide elements first, so that each begins at a multiple of its
// size.
var safetensorsOrder = []string{"U64", "I64", "F64", "F32", "U32", "I32", "BF16", "F16", "U16", "I16", "I8", "U8", "BOOL"}

// WriteSafetensors writes a file of tensors, with metadata that are strings. Tensors are
// ordered by type, wide elements first, and then by name, and the keys of the metadata by
// name, so that the bytes depend on the contents alone; up to the order of the metadata
// they are those of the reference implementation. The elements begin at a multiple of 8
// bytes. Beside the caller's data less than a megabyte is in memory.
//
// What cannot be written (an unknown type, a name that occurs twice, a Write of another
// length than the shape's) is an error without the name of a file, which the caller adds.
// Of a name, a type or a shape it comes before anything is written; the caller removes
// what is incomplete.
func WriteSafetensors(w io.Writer, tensors []Tensor, metadata map[string]string) error {
	header, ordered, err := safetensorsHeader(tensors, metadata)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	if _, err := w.Write(header); err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}

	for _, t := range ordered {
		bytes, _, err := t.bytes()
		if err != nil {
			return fmt.Errorf("safetensors: %w", err)
		}
		out := &bounded{w: w, left: bytes}
		if err := t.Write(out); err != nil {
			return fmt.Errorf("safetensors: the tensor %q: %w", t.Name, err)
		}
		if out.left > 0 {
			return fmt.Errorf("safetensors: the tensor %q of %s and the shape %s is %d bytes short", t.Name, t.Type, shapeText(t.Shape), out.left)
		}
	}
	return nil
}

// A bounded writer refuses bytes beyond those of a tensor.
type bounded struct {
	w    io.Writer
	left int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(len(p)) > b.left {
		return 0, fmt.Errorf("has %d bytes more than its shape", int64(len(p))-b.left)
	}
	n, err := b.w.Write(p)
	b.left -= int64(n)
	return n, err
}

// safetensorsHeader returns the length and the header, padded with spaces to a multiple
// of 8 bytes, and the tensors in their order.
func safetensorsHeader(tensors []Tensor, metadata map[string]string) ([]byte, []Tensor, error) {
	ordered, err := orderTensors(tensors)
	if err != nil {
		return nil, nil, err
	}

	entries, at := []string{}, int64(0)
	if len(metadata) > 0 {
		pairs := []string{}
		for _, key := range slices.Sorted(maps.Keys(metadata)) {
			if !utf8.ValidString(key) || !utf8.ValidString(metadata[key]) {
				return nil, nil, fmt.Errorf("the metadata %q are no UTF-8: %q", key, metadata[key])
			}
			pairs = append(pairs, jsonText(key)+":"+jsonText(metadata[key]))
		}
		entries = append(entries, `"__metadata__":{`+strings.Join(pairs, ",")+"}")
	}
	for _, t := range ordered {
		bytes, dtype, err := t.bytes()
		if err != nil {
			return nil, nil, err
		}
		if bytes > math.MaxInt64-at {
			return nil, nil, fmt.Errorf("the tensors have more than %d bytes", int64(math.MaxInt64))
		}
		shape := strings.ReplaceAll(fmt.Sprint(t.Shape), " ", ",")
		entries = append(entries, fmt.Sprintf(`%s:{"dtype":"%s","shape":%s,"data_offsets":[%d,%d]}`, jsonText(t.Name), dtype, shape, at, at+bytes))
		at += bytes
	}

	text := "{" + strings.Join(entries, ",") + "}"
	text += strings.Repeat(" ", (8-len(text)%8)%8)
	if len(text) > maxSafetensorsHeader {
		return nil, nil, fmt.Errorf("names and metadata take %d bytes, and a header has at most %d", len(text), maxSafetensorsHeader)
	}
	return append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...), ordered, nil
}

// orderTensors checks the names and sorts a copy.
func orderTensors(tensors []Tensor) ([]Tensor, error) {
	ranks, seen := map[string]int{}, map[string]bool{}
	for _, t := range tensors {
		_, dtype, err := t.bytes()
		switch {
		case err != nil:
			return nil, err
		case t.Name == "__metadata__" || !utf8.ValidString(t.Name):
			return nil, fmt.Errorf("a tensor cannot be called %q: give it another name", t.Name)
		case seen[t.Name]:
			return nil, fmt.Errorf("two tensors are called %q: give them different names", t.Name)
		}
		seen[t.Name], ranks[t.Name] = true, slices.Index(safetensorsOrder, dtype)
	}

	ordered := slices.Clone(tensors)
	slices.SortFunc(ordered, func(a, b Tensor) int {
		return cmp.Or(cmp.Compare(ranks[a.Name], ranks[b.Name]), cmp.Compare(a.Name, b.Name))
	})
	return ordered, nil
}

// bytes is the length of the elements, and dtype the format's name of their type.
func (t *Tensor) bytes() (bytes int64, dtype string, err error) {
	for _, name := range safetensorsOrder {
		if safetensorsTypes[name].name == t.Type {
			dtype = name
		}
	}
	if dtype == "" {
		return 0, "", fmt.Errorf("the tensor %q has the type %q, which the format does not have: want float16, float32, float64, bfloat16, bool or integers of 8 to 64 bits", t.Name, t.Type)
	}

	n := uint64(safetensorsTypes[dtype].size)
	for _, d := range t.Shape {
		over, product := bits.Mul64(n, uint64(max(d, 0)))
		if d < 0 || over > 0 || product > math.MaxInt64 {
			return 0, "", fmt.Errorf("the tensor %q cannot have the shape %s", t.Name, shapeText(t.Shape))
		}
		n = product
	}
	return int64(n), dtype, nil
}

// jsonText is a string in JSON, with no more escapes than it needs.
func jsonText(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a string can always be encoded
	}
	return strings.TrimSuffix(b.String(), "\n")
}
