package arrays

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// An Array is one array of a file. Its elements are read when they are asked for.
type Array struct {
	Name  string // "" in formats that hold one array without a name
	Shape []int
	Type  string // NumPy's name of the type in the file, "strings", or a phrase

	file  *File
	dtype dtype

	// Elements that lie in the file as bytes: strides in elements (nil for C order), from
	// element offset of a storage of stored elements.
	strides        []int
	offset, stored int
	open           func(skip int64) (io.ReadCloser, error) // the bytes after the first skip
	lies           place

	// Elements that do not: columns of tables, lists and cells.
	floats32 func() ([]float32, error)
	floats64 func() ([]float64, error)
	integers func() ([]int, error)
	strings  func() ([]string, error)
	gappy    func() ([]string, error) // strings of which some may be empty, of a table

	isLabels bool // of a table, whose columns say which they are
	inTable  bool // a column of a table, at place
	joined   bool // of single columns side by side, beside arrays of their own

	scratch bool // floats32 may be larger than memory, see Floats

	place        int
	whole        bool // floats serve as labels where they are integers, as in MATLAB
	columnMajor  bool // of MATLAB, where a column is often a sample
	transposed   bool // on request or by the number of labels
	refuseFloats func() error
	refuseInts   func() error
}

// count returns the number of elements; -1 if it is beyond int.
func count(shape []int) int {
	n := 1
	for _, d := range shape {
		if d < 0 || d != 0 && n > math.MaxInt/d {
			return -1
		}
		n *= d
	}
	return n
}

// T returns the transposed matrix, or the array itself if it is no matrix. It copies
// nothing.
func (a *Array) T() *Array {
	if len(a.Shape) != 2 {
		return a
	}
	t := *a
	if a.open == nil {
		t.Shape = []int{a.Shape[1], a.Shape[0]}
		t.floats32 = func() ([]float32, error) { return turned(a, a.floats32) }
		t.floats64 = func() ([]float64, error) { return turned(a, a.floats64) }
		return &t
	}
	strides := a.strides
	if strides == nil {
		strides = []int{a.Shape[1], 1}
	}
	t.transposed = true
	t.Shape, t.strides = []int{a.Shape[1], a.Shape[0]}, []int{strides[1], strides[0]}
	return &t
}

// turned is a matrix with its columns as rows.
func turned[T any](a *Array, read func() ([]T, error)) ([]T, error) {
	data, err := read()
	if err != nil {
		return nil, err
	}
	rows, cols := a.Shape[0], a.Shape[1]
	out := make([]T, len(data))
	for k, v := range data {
		out[k%cols*rows+k/cols] = v
	}
	return out, nil
}

// Float32s reads a rows×cols matrix, row after row. float64 is rounded, and becomes an
// infinity out of the range of float32. Integers are taken where float32 represents
// every one of them.
func (a *Array) Float32s() (rows, cols int, data []float32, err error) {
	if err = a.checkMatrix(); err == nil {
		data, err = floats(a, a.floats32)
	}
	if err != nil {
		return 0, 0, nil, a.file.wrap(a, err)
	}
	return a.Shape[0], a.Shape[1], data, nil
}

// Features is [Array.Float32s] of a matrix that may be larger than memory: it lies where
// [Floats] has it, until the process ends. A table, a file of MATLAB and a view with
// strides are read into memory.
func (a *Array) Features() (rows, cols int, data []float32, err error) {
	large := *a
	large.scratch = true
	return large.Float32s()
}

// Float64s is [Array.Float32s] without loss of digits.
func (a *Array) Float64s() (rows, cols int, data []float64, err error) {
	if err = a.checkMatrix(); err == nil {
		data, err = floats(a, a.floats64)
	}
	if err != nil {
		return 0, 0, nil, a.file.wrap(a, err)
	}
	return a.Shape[0], a.Shape[1], data, nil
}

// Rows reads a rows×cols matrix without rounding it: in narrow if float32 holds every
// element of its type, and else in wide.
func (a *Array) Rows() (rows, cols int, narrow []float32, wide []float64, err error) {
	if a.dtype.narrow() {
		rows, cols, narrow, err = a.Float32s()
	} else {
		rows, cols, wide, err = a.Float64s()
	}
	return rows, cols, narrow, wide, err
}

// Labels reads n integers, or n strings, of shape (n,) or (n, 1), and (1, n) of MATLAB.
func (a *Array) Labels() (ints []int, names []string, err error) {
	switch {
	case a.strings != nil && a.dtype.kind == text:
		if err = a.checkVector(); err == nil {
			names, err = a.strings()
		}
	case a.dtype.integer(), a.whole && a.dtype.kind == floating:
		if err = a.checkVector(); err != nil {
			break
		}
		if a.integers != nil {
			ints, err = a.integers()
			break
		}
		ints, err = elements(a, func(dst []int, src []byte) error { return decodeInts(dst, src, a.dtype, a.whole) })
	default:
		err = a.intsRefused()
	}
	return ints, names, a.file.wrap(a, err)
}

// isMatrix says whether the array may be features: a matrix of floats, or one of integers
// that has more than a column.
func (a *Array) isMatrix() bool { return len(a.Shape) == 2 && a.checkMatrix() == nil }

// isVector says whether the array may be labels.
func (a *Array) isVector() bool {
	return a.checkVector() == nil && (a.dtype.kind == text || a.dtype.integer() || a.whole && a.dtype.kind == floating)
}

func (a *Array) checkMatrix() error {
	// A column of integers is labels, given in the place of features.
	column := len(a.Shape) != 2 || a.Shape[1] == 1 || a.columnMajor && a.Shape[0] == 1
	if a.dtype.kind == opaque || a.dtype.kind == text || a.dtype.integer() && column {
		return a.floatsRefused()
	}
	if len(a.Shape) != 2 {
		return fmt.Errorf("has the shape %s, want (rows, columns): save with arr.reshape(rows, -1)", shapeText(a.Shape))
	}
	return nil
}

func (a *Array) checkVector() error {
	s := a.Shape
	switch {
	case len(s) == 1, len(s) == 2 && s[1] == 1, len(s) == 2 && s[0] == 1 && a.columnMajor:
		return nil
	}
	if a.dtype.kind == floating || a.dtype.kind == brain {
		return a.intsRefused()
	}
	return fmt.Errorf("has the shape %s, want (n,): save one integer per row (of one-hot rows: arr.argmax(axis=1))", shapeText(s))
}

func (a *Array) floatsRefused() error {
	if a.refuseFloats != nil {
		return a.refuseFloats()
	}
	return fmt.Errorf("holds %s of the shape %s, want rows of floats: save them as float32", a.Type, shapeText(a.Shape))
}

func (a *Array) intsRefused() error {
	if a.refuseInts != nil {
		return a.refuseInts()
	}
	return fmt.Errorf("holds %s of the shape %s, want integers or strings, one a row: number the classes from 0", a.Type, shapeText(a.Shape))
}

func floats[T float32 | float64](a *Array, own func() ([]T, error)) ([]T, error) {
	if own != nil {
		return own()
	}
	return elements(a, func(dst []T, src []byte) error { return decodeFloats(dst, src, a.dtype) })
}

// chunk is the number of bytes that are read and converted at a time. It is a multiple of
// every element size.
const chunk = 1 << 18

// elements reads all elements of a in C order.
func elements[T any](a *Array, decode func(dst []T, src []byte) error) ([]T, error) {
	n := count(a.Shape)
	if n < 0 || n > a.stored && n > 0 {
		return nil, fmt.Errorf("has the shape %s, more than the %d elements that the file holds for it: save a contiguous copy", shapeText(a.Shape), a.stored)
	}
	if err := a.file.allow(int64(n)*8, shapeText(a.Shape)); err != nil || n == 0 {
		return []T{}, err
	}

	switch {
	case a.strides == nil || isContiguous(a.Shape, a.strides):
		out, err := newElements[T](a, n)
		if err != nil {
			return nil, err
		}
		if narrow, ok := any(out).([]float32); ok && a.dtype == float32s && nativeLittle {
			return out, directly(a, narrow)
		}
		return out, stream(a, n, func(at int, src []byte) error {
			return decode(out[at:at+len(src)/a.dtype.size], src)
		})
	case len(a.Shape) == 2 && a.strides[0] == 1 && a.strides[1] == a.Shape[0]:
		return byColumns(a, n, decode)
	}
	return gathered(a, n, decode)
}

// newElements makes room for n elements.
func newElements[T any](a *Array, n int) ([]T, error) {
	if a.scratch {
		if x, err := largeElements[T](n); x != nil || err != nil {
			return x, err
		}
	}
	return make([]T, n), nil
}

// largeElements are [Floats], or nil for other types.
func largeElements[T any](n int) ([]T, error) {
	if _, ok := any([]T(nil)).([]float32); !ok {
		return nil, nil
	}
	x, _, err := Floats(n)
	if err != nil {
		return nil, err
	}
	return any(x).([]T), nil
}

// byColumns reads a matrix that lies column after column.
func byColumns[T any](a *Array, n int, decode func(dst []T, src []byte) error) ([]T, error) {
	rows, cols := a.Shape[0], a.Shape[1]
	out, err := newElements[T](a, n)
	if err != nil {
		return nil, err
	}
	part := make([]T, min(n, chunk/a.dtype.size))
	return out, stream(a, n, func(at int, src []byte) error {
		dst := part[:len(src)/a.dtype.size]
		if err := decode(dst, src); err != nil {
			return err
		}

		i, j := at%rows, at/rows
		for _, v := range dst {
			out[i*cols+j] = v
			if i++; i == rows {
				i, j = 0, j+1
			}
		}
		return nil
	})
}

// gathered reads a view of any strides: the span of the storage that it lies in, and
// from it the elements.
func gathered[T any](a *Array, n int, decode func(dst []T, src []byte) error) ([]T, error) {
	span := 1
	for k, d := range a.Shape {
		span += (d - 1) * a.strides[k]
	}
	if err := a.file.allow(int64(span)*8, shapeText(a.Shape)); err != nil {
		return nil, err
	}
	all := make([]T, span)
	err := stream(a, span, func(at int, src []byte) error {
		return decode(all[at:at+len(src)/a.dtype.size], src)
	})
	if err != nil {
		return nil, err
	}

	out, index := make([]T, 0, n), make([]int, len(a.Shape))
	for range n {
		at := 0
		for k, i := range index {
			at += i * a.strides[k]
		}
		out = append(out, all[at])
		for k := len(index) - 1; k >= 0; k-- {
			if index[k]++; index[k] < a.Shape[k] {
				break
			}
			index[k] = 0
		}
	}
	return out, nil
}

// stream passes n elements of the storage, from the offset of the array, in parts.
func stream(a *Array, n int, part func(at int, src []byte) error) error {
	size := a.dtype.size
	r, err := a.open(int64(a.offset) * int64(size))
	if err != nil {
		return err
	}
	defer r.Close()

	buf := make([]byte, min(n, chunk/size)*size)
	for at := 0; at < n; {
		src := buf[:min(len(buf), (n-at)*size)]
		if err := fill(r, src); err != nil {
			return err
		}
		if err := part(at, src); err != nil {
			return err
		}
		at += len(src) / size
	}

	return a.finish(r, n)
}

// streamInto reads elements of the storage, from the offset of the array, into out.
func streamInto(a *Array, out []byte) error {
	size := a.dtype.size
	r, err := a.open(int64(a.offset) * int64(size))
	if err != nil {
		return err
	}
	defer r.Close()
	for rest := out; len(rest) > 0; {
		part := rest[:min(len(rest), maxRead)]
		if err := fill(r, part); err != nil {
			return err
		}
		rest = rest[len(part):]
	}
	return a.finish(r, len(out)/size)
}

// maxRead bounds one read, in bytes.
const maxRead = 1 << 24

// fill is io.ReadFull with an error that says what to do.
func fill(r io.Reader, b []byte) error {
	_, err := io.ReadFull(r, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = errors.New("became shorter while it was read: try again")
	}
	return err
}

// finish is called behind the last of n elements. At the end of a compressed array its
// checksum is compared.
func (a *Array) finish(r io.Reader, n int) error {
	if a.offset+n != a.stored {
		return nil
	}
	if more, err := io.Copy(io.Discard, r); err != nil || more > 0 {
		return errors.Join(err, overlong(more))
	}
	return nil
}

func overlong(bytes int64) error {
	if bytes == 0 {
		return nil
	}
	return fmt.Errorf("has %d bytes after its elements: save it again", bytes)
}

// checkView compares shape and strides with the storage.
func (a *Array) checkView() error {
	n := count(a.Shape)
	if n < 0 || n > a.stored {
		return fmt.Errorf("claims the shape %s, and its storage has %d elements: save a contiguous copy", shapeText(a.Shape), a.stored)
	}
	if len(a.strides) != len(a.Shape) {
		return fmt.Errorf("has %d strides for the shape %s: save it again", len(a.strides), shapeText(a.Shape))
	}
	last := a.offset
	for k, d := range a.Shape {
		if s := a.strides[k]; d > 1 && (s < 0 || s > 0 && d-1 > math.MaxInt/s/2 || last > a.stored) {
			return fmt.Errorf("has the stride %d, beyond its storage: save it again", s)
		}
		if n > 0 {
			last += (d - 1) * a.strides[k]
		}
	}
	if a.offset < 0 || last < 0 || n > 0 && last >= a.stored {
		return fmt.Errorf("has elements up to %d, and its storage has %d: save it again", last, a.stored)
	}
	return nil
}

func isContiguous(shape, strides []int) bool {
	want := 1
	for k, d := range slices.Backward(shape) {
		if d != 1 && strides[k] != want {
			return false
		}
		want *= d
	}
	return true
}

// shapeText writes a shape as Python does.
func shapeText(shape []int) string {
	sizes := make([]string, len(shape))
	for i, d := range shape {
		sizes[i] = strconv.Itoa(d)
	}
	if len(sizes) == 1 {
		return "(" + sizes[0] + ",)"
	}
	return "(" + strings.Join(sizes, ", ") + ")"
}
