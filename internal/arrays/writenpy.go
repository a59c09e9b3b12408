package arrays

import (
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf8"

	"gpwbench/internal/npy"
)

var npyWriter = Writer{Format: "npy", Extensions: []string{".npy"}, Keeps: "one array of any type but bfloat16", write: writeNPY}

// writeNPY writes one array as numpy.save does.
func writeNPY(w io.Writer, s *Source) (notes []string, err error) {
	a, notes, err := s.one("npy")
	if err != nil {
		return nil, err
	}
	r, more, err := s.raw(a)
	if err != nil {
		return nil, err
	}
	return append(notes, more...), npy.WriteRaw(w, r)
}

// raw is an array as NumPy has it. bfloat16 is widened, because NumPy has no such type
// and would read bytes without a meaning.
func (s *Source) raw(a *Array) (r npy.Raw, notes []string, err error) {
	name := s.nameOf(a)
	if a.dtype.kind == text {
		words, err := a.strings()
		if err != nil {
			return r, nil, a.file.wrap(a, err)
		}
		units := 1
		for _, word := range words {
			units = max(units, utf8.RuneCountInString(word))
		}
		return npy.Raw{Name: name, Units: units, Shape: []int{len(words)}, Write: func(w io.Writer) error { return writeWords(w, words, units) }}, nil, nil
	}

	t, notes, err := s.tensor(a)
	if err != nil {
		return r, nil, err
	}
	if a.dtype.kind == brain && t.Type == a.dtype.name {
		t = a.asFloat32(name)
		notes = append(notes, fmt.Sprintf("%s becomes float32, with the same numbers: NumPy has no bfloat16", name))
	}
	return npy.Raw{Name: name, Kind: t.Type, Shape: t.Shape, Write: t.Write}, notes, nil
}

// writeWords writes strings as NumPy's code points, which zeros fill.
func writeWords(w io.Writer, words []string, units int) error {
	var b []byte
	for _, word := range words {
		b = b[:0]
		for _, r := range word {
			b = binary.LittleEndian.AppendUint32(b, uint32(r))
		}
		for len(b) < 4*units {
			b = append(b, 0, 0, 0, 0)
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}
