package arrays

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// A matValue is what one cell holds: a number, a string, or something else.
type matValue struct {
	text   string
	number float64
	kind   kind // text, floating, or opaque
}

// cellMemory is the memory of a matValue.
const cellMemory = 40

// addCells lists a cell array, or the fields of several structures, each as an array
// of strings or of numbers: annotations.class has one for each structure. Values that are
// neither are of an array that cannot be read.
func (f *File) addCells(m *matReader, h matArray) error {
	names := []string{h.name}
	if h.class == mxSTRUCT {
		var err error
		if names, err = m.fieldNames(h.name); err != nil {
			return err
		}
	}

	if len(names) == 0 {
		return nil
	}
	columns := make([][]matValue, len(names))
	for range count(h.dims) {
		for k := range columns {
			v, err := m.value()
			if err != nil {
				return err
			}
			if m.limit -= cellMemory + int64(len(v.text)); m.limit < 0 {
				return fmt.Errorf("is called %q and has more cells than a file of %d bytes is given memory for", h.name, f.size)
			}
			columns[k] = append(columns[k], v)
		}
	}
	for k, name := range names {
		f.Arrays = append(f.Arrays, fromCells(name, h.dims, columns[k]))
	}
	return nil
}

// addFields lists the fields of one structure, each as a variable would be: data.features
// of a matrix in the structure data. Structures in it have fields too.
func (f *File) addFields(m *matReader, h matArray, open func() (io.ReadCloser, error)) error {
	names, err := m.fieldNames(h.name)
	if err != nil {
		return err
	}
	for _, name := range names {
		n, err := m.cell()
		if err != nil {
			return err
		}
		if n == 0 {
			f.Arrays = append(f.Arrays, fromCells(name, []int{1, 1}, make([]matValue, 1)))
			continue
		}

		rest := m.left - n
		m.left = n
		inner, err := m.header()
		if err != nil {
			return err
		}
		inner.name = name
		if err := f.addArray(m, inner, open); err != nil {
			return err
		}
		if err := m.skip(n); err != nil {
			return err
		}
		m.left = rest
	}
	return nil
}

// cell reads what precedes the array in a cell, and returns the bytes of the array.
func (m *matReader) cell() (int64, error) {
	kind, n, err := m.tag()
	if err != nil {
		return 0, err
	}
	if kind != miMATRIX || m.small > 0 || int64(n) > m.left {
		return 0, fmt.Errorf("has a cell of type %d and %d bytes with %d left: it is damaged", kind, n, m.left)
	}
	return int64(n), nil
}

// skip reads what is left of a cell of n bytes.
func (m *matReader) skip(n int64) error {
	if m.left < 0 {
		return fmt.Errorf("has a cell of %d bytes whose content is longer: it is damaged", n)
	}
	copied, err := io.CopyN(io.Discard, m.from, m.left)
	m.at += copied
	if err == io.EOF {
		err = errMatShort
	}
	return err
}

// fieldNames reads the names of the fields of a structure.
func (m *matReader) fieldNames(of string) ([]string, error) {
	_, length, err := m.element(4)
	if err != nil {
		return nil, err
	}
	_, all, err := m.element(maxMatName)
	if err != nil {
		return nil, err
	}
	n := 0
	if len(length) == 4 {
		n = int(m.order.Uint32(length))
	}
	if n < 1 || len(all)%n != 0 {
		return nil, fmt.Errorf("is called %q and has %d bytes of names of its fields, want a multiple of %d: it is damaged", of, len(all), n)
	}
	var names []string
	for ; len(all) > 0; all = all[n:] {
		if m.limit -= int64(len(of) + n); m.limit < 0 {
			return nil, fmt.Errorf("has a name of %d bytes and too many fields for it: it is damaged", len(of))
		}
		name, _, _ := strings.Cut(string(all[:n]), "\x00")
		names = append(names, of+"."+name)
	}
	return names, nil
}

// value reads the array in a cell. One that is neither a number nor a string is skipped.
func (m *matReader) value() (v matValue, err error) {
	n, err := m.cell()
	if err != nil || n == 0 {
		return v, err
	}

	end := m.left - n
	inner := &matReader{from: m.from, order: m.order, left: n, limit: m.limit}
	h, err := inner.header()
	switch {
	case err != nil:
	case h.class == mxCHAR && len(h.dims) == 2 && h.dims[0] <= 1:
		var rows []string
		if rows, err = inner.chars(h.dims); err == nil {
			v.kind, v.text = text, strings.Join(rows, "")
		}
	case h.class >= mxDOUBLE && h.class <= mxUINT64 && !h.complex && count(h.dims) == 1:
		v.kind = floating
		v.number, err = inner.scalar(h)
	}
	if err != nil {
		return v, err
	}

	err = inner.skip(n)
	m.at += inner.at
	m.left = end
	return v, err
}

func (m *matReader) scalar(h matArray) (float64, error) {
	kind, b, err := m.element(8)
	if err != nil {
		return 0, err
	}
	t, ok := matTypes[kind]
	if !ok || t.size != len(b) {
		return 0, fmt.Errorf("has a number of %d bytes and type %d: it is damaged", len(b), kind)
	}
	t.big = m.order == binary.BigEndian
	var v [1]float64
	err = decodeFloats(v[:], b, t)
	return v[0], err
}

// chars reads the elements of a character array as strings, one a row.
func (m *matReader) chars(dims []int) ([]string, error) {
	kind, b, err := m.element(uint32(min(m.left, m.limit/8, 1<<31)))
	if err != nil || len(dims) != 2 || dims[0] == 0 {
		return nil, err
	}
	units, rows := make([]uint16, 0, len(b)), dims[0]
	switch kind {
	case miUTF8:
		if rows == 1 {
			return []string{strings.ToValidUTF8(string(b), "�")}, nil
		}
		fallthrough
	case miUINT8, miINT8:
		for _, c := range b {
			units = append(units, uint16(c))
		}
	case miUINT16, miUTF16:
		for ; len(b) >= 2; b = b[2:] {
			units = append(units, m.order.Uint16(b))
		}
	}
	if len(units) != count(dims) {
		return nil, fmt.Errorf("has %d characters of type %d for the shape %s: it is damaged", len(units), kind, shapeText(dims))
	}

	all := make([]string, rows)
	row := make([]uint16, dims[1])
	for i := range all {
		for j := range row {
			row[j] = units[j*rows+i]
		}
		all[i] = string(utf16.Decode(row))
		if rows > 1 {
			all[i] = strings.TrimRight(all[i], " ")
		}
	}
	return all, nil
}

// fromCells is an array of cells of one kind.
func fromCells(name string, dims []int, cells []matValue) *Array {
	a := &Array{Name: name, Shape: dims, Type: "cells of several kinds", whole: true, columnMajor: true}
	if len(cells) == 0 {
		return a
	}
	for _, c := range cells {
		if c.kind != cells[0].kind {
			return a
		}
	}

	switch cells[0].kind {
	case text:
		a.dtype, a.Type = strs, strs.name
		a.strings = func() ([]string, error) {
			all := make([]string, len(cells))
			for i, c := range cells {
				all[i] = c.text
			}
			return all, nil
		}
	case floating:
		a.dtype, a.Type = float64s, float64s.name
		a.integers = func() ([]int, error) {
			numbers, ints := make([]float64, len(cells)), make([]int, len(cells))
			for i, c := range cells {
				numbers[i] = c.number
			}
			return ints, wholeInts(ints, numbers)
		}
		a.floats64 = func() ([]float64, error) { return cellNumbers[float64](a, cells), nil }
		a.floats32 = func() ([]float32, error) { return cellNumbers[float32](a, cells), nil }
	default:
		a.Type = "cells that are neither numbers nor strings"
	}
	return a
}

// cellNumbers are the cells of a matrix, row after row.
func cellNumbers[T float32 | float64](a *Array, cells []matValue) []T {
	rows, cols := a.Shape[0], a.Shape[1]
	out := make([]T, len(cells))
	for k, c := range cells {
		out[k%rows*cols+k/rows] = T(c.number)
	}
	return out
}
