package arrays

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

var vecsWriter = Writer{Format: "fvecs", Extensions: []string{".fvecs", ".bvecs", ".ivecs"}, Keeps: "one matrix of float32, or of uint8 as .bvecs and int32 as .ivecs", write: writeVecs}

// writeVecs writes one matrix in the format of the TEXMEX sets: each row behind its
// number of columns, of float32, or by the extension of uint8 or int32.
func writeVecs(w io.Writer, s *Source) (notes []string, err error) {
	a, notes, err := s.one("fvecs")
	if err != nil {
		return nil, err
	}
	rows, cols := 0, 1
	switch len(a.Shape) {
	case 1:
		rows = a.Shape[0]
	case 2:
		rows, cols = a.Shape[0], a.Shape[1]
	default:
		return nil, fmt.Errorf("fvecs holds a matrix, and %s has the shape %s", s.nameOf(a), shapeText(a.Shape))
	}
	if rows == 0 || cols == 0 || cols > math.MaxInt32 {
		return nil, fmt.Errorf("fvecs holds rows of 1 column at least, and %s has the shape %s", s.nameOf(a), shapeText(a.Shape))
	}

	var t Tensor
	size := 4
	switch ext := s.extension(); {
	case ext == ".bvecs":
		if t, err = a.Copied(""); err == nil && t.Type != "uint8" {
			err = fmt.Errorf(".bvecs holds uint8, and %s are %s: write .fvecs", s.nameOf(a), a.Type)
		}
		size = 1
	case ext == ".ivecs":
		t, err = a.asInt32(s.nameOf(a))
	case a.dtype.kind == text || len(a.Shape) != 2:
		err = fmt.Errorf("fvecs holds rows of floats, and %s are %s of the shape %s: write labels as .ivecs or .npy", s.nameOf(a), a.Type, shapeText(a.Shape))
	default:
		t = a.asFloat32("")
		if !a.dtype.narrow() {
			notes = append(notes, fmt.Sprintf("%s of the type %s are rounded to float32, the type of fvecs", s.nameOf(a), a.Type))
		} else if a.dtype.name != float32s.name {
			notes = append(notes, fmt.Sprintf("%s of the type %s become float32, with the same numbers", s.nameOf(a), a.Type))
		}
	}
	if err != nil {
		return nil, err
	}
	return notes, t.Write(&vecsRows{w: w, cols: cols, row: cols * size})
}

// asInt32 is a tensor of integers that fit.
func (a *Array) asInt32(name string) (Tensor, error) {
	if !a.dtype.integer() {
		return Tensor{}, fmt.Errorf(".ivecs holds integers, and %s are %s: write .fvecs", name, a.Type)
	}
	return Tensor{Type: "int32", Shape: a.Shape, Write: func(w io.Writer) error {
		var ints []int
		var err error
		if a.integers != nil {
			ints, err = a.integers()
		} else {
			ints, err = elements(a, func(dst []int, src []byte) error { return decodeInts(dst, src, a.dtype, false) })
		}
		if err != nil {
			return a.file.wrap(a, err)
		}
		narrow := make([]int32, len(ints))
		for i, v := range ints {
			if narrow[i] = int32(v); int(narrow[i]) != v {
				return a.file.wrap(a, fmt.Errorf("has element %d of %d, beyond int32: write .npy", i, v))
			}
		}
		return writeElements(w, narrow)
	}}, nil
}

// A vecsRows puts the number of columns before each row of the bytes that pass.
type vecsRows struct {
	w         io.Writer
	cols, row int
	at        int // in the row
}

func (v *vecsRows) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		if v.at == 0 {
			if err := binary.Write(v.w, binary.LittleEndian, int32(v.cols)); err != nil {
				return n, err
			}
		}
		part := b[:min(len(b), v.row-v.at)]
		k, err := v.w.Write(part)
		n += k
		if err != nil {
			return n, err
		}
		v.at = (v.at + k) % v.row
		b = b[len(part):]
	}
	return n, nil
}
