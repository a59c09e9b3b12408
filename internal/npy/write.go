package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// WriteFloat32 writes data, in C order, as a float32 array: the bytes of numpy.save. It
// panics if the shape does not have len(data) elements.
func WriteFloat32(w io.Writer, shape []int, data []float32) error { return write(w, shape, data) }

// WriteFloat64 is [WriteFloat32] for float64.
func WriteFloat64(w io.Writer, shape []int, data []float64) error { return write(w, shape, data) }

// WriteInt64 is [WriteFloat32] for int64.
func WriteInt64(w io.Writer, shape []int, data []int64) error { return write(w, shape, data) }

// WriteInt32 is [WriteFloat32] for int32.
func WriteInt32(w io.Writer, shape []int, data []int32) error { return write(w, shape, data) }

func write[T float32 | float64 | int32 | int64](w io.Writer, shape []int, data []T) error {
	n := 1
	for _, d := range shape {
		n *= d
	}

	if n != len(data) {
		panic(fmt.Sprintf("npy: %d elements for the shape %s", len(data), shapeText(shape)))
	}

	var descr string
	var encode func(b []byte, v T) []byte
	switch any(data).(type) {
	case []float32:
		descr = "<f4"
		encode = func(b []byte, v T) []byte {
			return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
		}
	case []float64:
		descr = "<f8"
		encode = func(b []byte, v T) []byte {
			return binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(v)))
		}
	case []int32:
		descr = "<i4"
		encode = func(b []byte, v T) []byte { return binary.LittleEndian.AppendUint32(b, uint32(int32(v))) }
	case []int64:
		descr = "<i8"
		encode = func(b []byte, v T) []byte { return binary.LittleEndian.AppendUint64(b, uint64(v)) }
	}

	buf := appendHeader(make([]byte, 0, chunk), descr, shape)
	for _, v := range data {
		if len(buf)+8 > cap(buf) {
			if _, err := w.Write(buf); err != nil {
				return fmt.Errorf("npy: %w", err)
			}
			buf = buf[:0]
		}
		buf = encode(buf, v)
	}

	if _, err := w.Write(buf); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

// Rows are the rows of a float32 matrix that need not be in memory: a function that
// passes them to add, in order. They may be asked for once.
type Rows func(add func(row []float32) error) error

// WriteRows writes a rows×cols float32 array as [WriteFloat32] does, row after row. Rows
// of another number or length are an error.
func WriteRows(w io.Writer, rows, cols int, of Rows) error {
	if _, err := w.Write(appendHeader(nil, "<f4", []int{rows, cols})); err != nil {
		return fmt.Errorf("npy: %w", err)
	}

	n, buf := 0, make([]byte, 0, chunk)
	err := of(func(row []float32) error {
		if n++; n > rows || len(row) != cols {
			return fmt.Errorf("npy: row %d of %d columns for the shape %s", n-1, len(row), shapeText([]int{rows, cols}))
		}
		for _, v := range row {
			if len(buf)+4 > cap(buf) {
				if _, err := w.Write(buf); err != nil {
					return fmt.Errorf("npy: %w", err)
				}
				buf = buf[:0]
			}
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n != rows {
		return fmt.Errorf("npy: %d rows for the shape %s", n, shapeText([]int{rows, cols}))
	}
	if _, err := w.Write(buf); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

// appendHeader appends a header of version 1 with the padding of numpy.save. It leaves
// space for the first size to grow to 21 digits. Spaces and a newline follow, so that the
// elements begin at a multiple of 64 bytes.
func appendHeader(b []byte, descr string, shape []int) []byte {
	dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shapeText(shape))
	if len(shape) > 0 {
		dict += strings.Repeat(" ", 21-len(fmt.Sprint(shape[0])))
	}

	const before = len(magic) + 2 + 2 // version and length
	length := (before+len(dict)+1)/64*64 + 64 - before
	b = append(b, magic+"\x01\x00"...)
	b = binary.LittleEndian.AppendUint16(b, uint16(length))
	b = append(b, dict...)
	b = append(b, strings.Repeat(" ", length-len(dict)-1)...)
	return append(b, '\n')
}
