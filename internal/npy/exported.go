package npy

import (
	"fmt"
	"io"
)

// A Header says what array a .npy file or a member of an archive holds, for a reader that
// decodes the elements itself.
type Header struct {
	Shape   []int
	Kind    string // NumPy's name: float16, int64, bool, …, or a phrase if there is no reader
	Size    int    // bytes of an element
	Units   int    // characters of a string (of 4 bytes each, or of 1 if Bytes), else 0
	Bytes   bool   // strings of bytes, not of code points
	Big     bool   // most significant byte first
	Fortran bool   // the first index varies fastest
	Length  int    // bytes before the elements

	class class
}

// BFloat16 is the Kind of arrays that [ReadHeader] is told to take as bfloat16.
const BFloat16 = "bfloat16"

// RawTwo is the Kind of arrays of raw bytes of two, which may be bfloat16.
const RawTwo = twoBytes

// ReadHeader reads the header of an array of size bytes, including the header, and
// compares its shape with the size. NumPy saves bfloat16 as raw bytes of two; with
// bfloat16 they are taken as such, because the file does not say what they mean. Types
// that have no fixed-size elements (objects) have Size 0, and their shape is not
// compared.
func ReadHeader(r io.Reader, size int64, bfloat16 bool) (*Header, error) {
	h, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}

	e := &Header{Shape: h.shape, Fortran: h.fortran, Length: h.length}
	switch {
	case h.name == texts:
		var unit int
		if e.Units, unit, err = parseText(h.descr); err != nil {
			return nil, err
		}
		e.Bytes, h.size = unit == 1, e.Units*unit
	case h.name == twoBytes && bfloat16:
		h.dtype = dtype{name: BFloat16, class: float, size: 2, big: h.big}
	}
	e.Kind, e.Size, e.Big, e.class = h.name, h.size, h.big, h.class

	if e.Size > 0 {
		err = h.measure(size)
	}
	return e, err
}

// parseText reads the descr of strings, such as "<U12" or "|S5": how many characters each
// has at most, and the bytes of a character.
func parseText(descr string) (units, bytes int, err error) {
	var kind byte
	for i := 0; i < len(descr); i++ {
		if c := descr[i]; c == 'U' || c == 'S' || c == 'a' {
			kind, descr = c, descr[i+1:]
			break
		}
	}
	if _, err := fmt.Sscanf(descr, "%d", &units); err != nil || units < 0 || units > maxText {
		return 0, 0, fmt.Errorf("has strings of type %q, want at most %d characters: save it again with numpy.save", descr, maxText)
	}
	if kind == 'U' {
		return units, 4, nil
	}
	return units, 1, nil
}

// maxText bounds the characters of a string.
const maxText = 1 << 16

// RefuseFloats is the error of an array that is no matrix of floats.
func (h *Header) RefuseFloats() error {
	return refuseFloats(header{dtype: dtype{name: h.Kind, class: h.class}, shape: h.Shape})
}

// RefuseInts is the error of an array that holds no integers.
func (h *Header) RefuseInts() error {
	return refuseInts(header{dtype: dtype{name: h.Kind, class: h.class}, shape: h.Shape})
}
