package arrays

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxSafetensorsHeader is the bound of the reference implementation.
const maxSafetensorsHeader = 100_000_000

var safetensorsTypes = map[string]dtype{
	"F64": float64s, "F32": float32s, "F16": float16, "BF16": bfloat16, "I64": int64s, "I32": int32s, "I16": int16s, "I8": int8s,
	"U64": uint64s, "U32": uint32s, "U16": uint16s, "U8": uint8s, "BOOL": bools,
}

// readSafetensors lists the tensors of a file: eight bytes of the length of a header in
// JSON, the header, and the elements. See github.com/huggingface/safetensors, "Format".
func readSafetensors(f *File) error {
	var length uint64
	if err := binary.Read(io.NewSectionReader(f.r, 0, f.size), binary.LittleEndian, &length); err != nil {
		return errors.New("ends before its header: copy or save it again")
	}
	if length > uint64(f.size)-8 || length > maxSafetensorsHeader {
		return fmt.Errorf("claims a header of %d bytes in a file of %d: it is cut short, or no safetensors", length, f.size)
	}
	text := make([]byte, length)
	if _, err := f.r.ReadAt(text, 8); err != nil && err != io.EOF {
		return err
	}

	d := json.NewDecoder(bytes.NewReader(text))
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return errors.New("has no header in JSON: save it again with safetensors")
	}
	start, covered, seen := 8+int64(length), int64(0), map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return fmt.Errorf("has a broken header at byte %d (%w): save it again", 8+d.InputOffset(), err)
		}
		name, _ := token.(string)
		if seen[name] {
			return fmt.Errorf("has two tensors %q: save them under different names", name)
		}
		seen[name] = true
		bytes, err := f.addTensor(d, name, start)
		if err != nil {
			return err
		}
		covered += bytes
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("has a broken header at byte %d (%w): save it again", 8+d.InputOffset(), err)
	}
	// The format asks that every byte is of one tensor.
	if have := f.size - start; covered != have {
		return fmt.Errorf("has %d bytes of tensors, and its header accounts for %d: it is cut short or damaged", have, covered)
	}
	return nil
}

// addTensor reads the entry of a tensor, or the metadata, and returns its bytes.
func (f *File) addTensor(d *json.Decoder, name string, start int64) (bytes int64, err error) {
	if name == "__metadata__" {
		if err := d.Decode(&f.Metadata); err != nil {
			return 0, fmt.Errorf("has metadata that are no strings (%w): save it again", err)
		}
		return 0, nil
	}

	var e struct {
		Dtype   string    `json:"dtype"`
		Shape   []int     `json:"shape"`
		Offsets *[2]int64 `json:"data_offsets"`
	}
	if err := d.Decode(&e); err != nil || e.Offsets == nil || e.Shape == nil {
		return 0, fmt.Errorf("has a broken entry of the tensor %q in its header: want dtype, shape and data_offsets", name)
	}
	begin, end := e.Offsets[0], e.Offsets[1]
	if begin < 0 || end < begin || end > f.size-start {
		return 0, fmt.Errorf("has the tensor %q at bytes %d to %d of %d: the file is cut short or damaged", name, begin, end, f.size-start)
	}

	a := &Array{Name: name, Shape: e.Shape, Type: e.Dtype, open: f.section(start+begin, end-begin), lies: place{at: start + begin}}
	t, known := safetensorsTypes[e.Dtype]
	n := count(e.Shape)
	if n < 0 || known && (int64(n) > (end-begin)/int64(t.size) || int64(n*t.size) != end-begin) {
		return 0, fmt.Errorf("has the tensor %q of %s and the shape %s in %d bytes: the file is damaged", name, e.Dtype, shapeText(e.Shape), end-begin)
	}
	if known {
		a.dtype, a.Type, a.stored = t, t.name, n
	}
	f.Arrays = append(f.Arrays, a)
	return end - begin, nil
}
