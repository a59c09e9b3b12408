package arrays

import (
	"fmt"
	"io"
	"math"
	"slices"
)

// Copied is the array as a tensor that is written: its elements, in C order and with the
// least significant byte first, whatever the file has. They are passed in parts where
// they lie in the file in C order, and read at once otherwise. Strings have no tensor.
func (a *Array) Copied(name string) (Tensor, error) {
	t := Tensor{Name: name, Type: a.dtype.name, Shape: a.Shape}
	switch {
	case a.open != nil && a.dtype.kind != opaque && a.dtype.kind != text:
		t.Write = func(w io.Writer) error { return a.file.wrap(a, a.copyBytes(w)) }
	case a.dtype.integer() && a.integers != nil && a.floats64 == nil:
		t.Type, t.Write = "int64", func(w io.Writer) error {
			ints, err := a.integers()
			if err != nil {
				return a.file.wrap(a, err)
			}
			return writeElements(w, int64s64(ints))
		}
	case len(a.Shape) == 2 && a.floats64 != nil && a.dtype.narrow():
		t.Type, t.Write = "float32", func(w io.Writer) error {
			_, _, data, err := a.Float32s()
			if err != nil {
				return err
			}
			return writeElements(w, data)
		}
	case len(a.Shape) == 2 && a.floats64 != nil:
		t.Type, t.Write = "float64", func(w io.Writer) error {
			_, _, data, err := a.Float64s()
			if err != nil {
				return err
			}
			return writeElements(w, data)
		}
	default:
		return Tensor{}, a.file.wrap(a, fmt.Errorf("holds %s of the shape %s, which is not converted", a.Type, shapeText(a.Shape)))
	}
	return t, nil
}

func int64s64(ints []int) []int64 {
	out := make([]int64, len(ints))
	for i, v := range ints {
		out[i] = int64(v)
	}
	return out
}

// copyBytes writes the elements of an array that lies in the file.
func (a *Array) copyBytes(w io.Writer) error {
	n := count(a.Shape)
	if n < 0 || n > a.stored && n > 0 {
		return fmt.Errorf("has the shape %s, more than the %d elements that the file holds for it: save a contiguous copy", shapeText(a.Shape), a.stored)
	}
	if n == 0 {
		return nil
	}
	if a.strides == nil || isContiguous(a.Shape, a.strides) {
		return stream(a, n, func(_ int, src []byte) error {
			if a.dtype.big {
				swapBytes(src, a.dtype.size)
			}
			_, err := w.Write(src)
			return err
		})
	}

	switch a.dtype.size {
	case 1:
		return copyGathered[uint8](a, w)
	case 2:
		return copyGathered[uint16](a, w)
	case 4:
		return copyGathered[uint32](a, w)
	}
	return copyGathered[uint64](a, w)
}

// copyGathered writes elements that do not lie in C order.
func copyGathered[T uint8 | uint16 | uint32 | uint64](a *Array, w io.Writer) error {
	all, err := elements(a, func(dst []T, src []byte) error {
		for i := range dst {
			dst[i] = T(unsignedAt(src[i*a.dtype.size:], a.dtype))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writeElements(w, all)
}

func swapBytes(b []byte, size int) {
	for ; len(b) >= size; b = b[size:] {
		slices.Reverse(b[:size])
	}
}

// eachRow passes the rows of a matrix as float64, which holds every number of them
// exactly. A row is valid until the next.
func (a *Array) eachRow(row func(i int, values []float64) error) error {
	if err := a.checkMatrix(); err != nil {
		return a.file.wrap(a, err)
	}
	rows, cols := a.Shape[0], a.Shape[1]
	if a.open == nil || a.strides != nil && !isContiguous(a.Shape, a.strides) {
		_, _, data, err := a.Float64s()
		if err != nil {
			return err
		}
		for i := range rows {
			if err := row(i, data[i*cols:(i+1)*cols]); err != nil {
				return err
			}
		}
		return nil
	}

	n, values := 0, make([]float64, 0, cols)
	part := make([]float64, chunk/a.dtype.size)
	err := stream(a, rows*cols, func(_ int, src []byte) error {
		dst := part[:len(src)/a.dtype.size]
		if err := decodeFloats(dst, src, a.dtype); err != nil {
			return err
		}
		for len(dst) > 0 {
			take := min(cols-len(values), len(dst))
			values, dst = append(values, dst[:take]...), dst[take:]
			if len(values) < cols {
				continue
			}
			if err := row(n, values); err != nil {
				return err
			}
			n, values = n+1, values[:0]
		}
		return nil
	})
	return a.file.wrap(a, err)
}

// asFloat32 is a matrix or vector of floats as a tensor of float32. It refuses what
// float32 cannot represent at all, and rounds the rest.
func (a *Array) asFloat32(name string) Tensor {
	return Tensor{Name: name, Type: "float32", Shape: a.Shape, Write: func(w io.Writer) error {
		if a.open == nil || a.strides != nil && !isContiguous(a.Shape, a.strides) {
			_, _, data, err := a.Float32s()
			if err != nil {
				return err
			}
			return writeElements(w, data)
		}
		part := make([]float64, chunk/a.dtype.size)
		narrow := make([]float32, len(part))
		return a.file.wrap(a, stream(a, count(a.Shape), func(at int, src []byte) error {
			dst := part[:len(src)/a.dtype.size]
			if err := decodeFloats(dst, src, a.dtype); err != nil {
				return err
			}
			for i, v := range dst {
				if narrow[i] = float32(v); math.IsInf(float64(narrow[i]), 0) && !math.IsInf(v, 0) {
					return fmt.Errorf("has element %d of %v, beyond float32: choose a format that keeps float64", at+i, v)
				}
			}
			return writeElements(w, narrow[:len(dst)])
		}))
	}}
}
