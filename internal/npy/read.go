package npy

import (
	"errors"
	"fmt"
	"io"
	"os"

	"gpwbench/internal/input"
)

// chunk is the number of bytes that are read and converted at a time. It is a multiple of
// every element size.
const chunk = 1 << 18

// ReadFloats reads a rows×cols array of float16, float32 or float64 as float32, row after
// row. The conversion streams, so only the result is in memory. A float64 out of the
// range of float32 becomes an infinity.
//
// A 1-D array, integers and everything else are refused with an error that names the
// file. The error of a missing file satisfies errors.Is(err, fs.ErrNotExist).
func ReadFloats(path string) (rows, cols int, data []float32, err error) {
	err = withFile(path, func(f *os.File, size int64) error {
		rows, cols, data, err = readFloats[float32](f, size)
		return err
	})
	return rows, cols, data, err
}

// ReadFloat64s is [ReadFloats] without loss of digits, for small arrays.
func ReadFloat64s(path string) (rows, cols int, data []float64, err error) {
	err = withFile(path, func(f *os.File, size int64) error {
		rows, cols, data, err = readFloats[float64](f, size)
		return err
	})
	return rows, cols, data, err
}

// ReadRows is [ReadFloats], but keeps a float64 array: it returns its elements in wide,
// and those of other types in narrow.
func ReadRows(path string) (rows, cols int, narrow []float32, wide []float64, err error) {
	err = withFile(path, func(f *os.File, size int64) error {
		h, err := readFloatsHeader(f, size)
		if err != nil {
			return err
		}

		rows, cols = h.shape[0], h.shape[1]
		if h.size == 8 {
			wide, err = floats[float64](f, h)
		} else {
			narrow, err = floats[float32](f, h)
		}
		return err
	})
	return rows, cols, narrow, wide, err
}

// ReadInts reads an array of n integers or booleans, of shape (n,) or (n, 1). Floats are
// refused even where they are whole, because labels that went through float arithmetic
// should be checked.
func ReadInts(path string) (ints []int, err error) {
	err = withFile(path, func(f *os.File, size int64) error {
		ints, err = readInts(f, size)
		return err
	})
	return ints, err
}

func withFile(path string, read func(f *os.File, size int64) error) error {
	f, size, err := input.Open(path)
	if kind := new(input.KindError); errors.As(err, &kind) {
		return fmt.Errorf("npy: %w: give one written by numpy.save", err)
	}
	if err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	defer f.Close()
	if err := read(f, size); err != nil {
		return fmt.Errorf("npy: %s: %w", path, err)
	}

	return nil
}

func readFloats[T float32 | float64](r io.Reader, size int64) (rows, cols int, data []T, err error) {
	h, err := readFloatsHeader(r, size)
	if err != nil {
		return 0, 0, nil, err
	}
	data, err = floats[T](r, h)
	if err != nil {
		return 0, 0, nil, err
	}
	return h.shape[0], h.shape[1], data, nil
}

// readFloatsHeader reads the header of a matrix of floats.
func readFloatsHeader(r io.Reader, size int64) (header, error) {
	h, err := readHeader(r, size)
	if err != nil {
		return h, err
	}
	if h.class != float {
		return h, refuseFloats(h)
	}
	if len(h.shape) != 2 {
		return h, fmt.Errorf("has the shape %s, want (rows, columns): save with arr.reshape(rows, -1)", shapeText(h.shape))
	}

	return h, nil
}

func floats[T float32 | float64](r io.Reader, h header) ([]T, error) {
	return elements(r, h, func(dst []T, src []byte) error {
		decodeFloats(dst, src, h.size)
		return nil
	})
}

func readInts(r io.Reader, size int64) ([]int, error) {
	h, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	if h.class != signed && h.class != unsigned {
		return nil, refuseInts(h)
	}
	if len(h.shape) != 1 && (len(h.shape) != 2 || h.shape[1] != 1) {
		return nil, fmt.Errorf("has the shape %s, want (n,): save one integer per row (of one-hot rows: arr.argmax(axis=1))", shapeText(h.shape))
	}

	return elements(r, h, func(dst []int, src []byte) error { return decodeInts(dst, src, h.dtype) })
}

// elements reads all elements that follow h and returns them in C order. Their number has
// been checked against the file.
func elements[T any](r io.Reader, h header, decode func(dst []T, src []byte) error) ([]T, error) {
	out := make([]T, h.count)
	buf := make([]byte, min(h.count*h.size, chunk))

	byColumn := h.fortran && len(h.shape) == 2
	var column []T
	if byColumn {
		column = make([]T, len(buf)/h.size)
	}

	for at := 0; at < h.count; {
		n := min(len(buf)/h.size, h.count-at)
		src := buf[:n*h.size]
		if _, err := io.ReadFull(r, src); err != nil {
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				err = errors.New("became shorter while it was read: try again")
			}
			return nil, err
		}

		if h.big {
			swap(src, h.size)
		}

		dst := out[at : at+n]
		if byColumn {
			dst = column[:n]
		}

		if err := decode(dst, src); err != nil {
			return nil, err
		}

		if byColumn {
			rows, cols := h.shape[0], h.shape[1]
			i, j := at%rows, at/rows
			for _, v := range dst {
				out[i*cols+j] = v
				if i++; i == rows {
					i, j = 0, j+1
				}
			}
		}

		at += n
	}

	return out, nil
}
