package arrays

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Data types of the elements of a MATLAB file, as "MAT-File Format" (MathWorks) numbers
// them.
const (
	miINT8, miUINT8, miINT16, miUINT16, miINT32, miUINT32 = 1, 2, 3, 4, 5, 6
	miSINGLE, miDOUBLE, miINT64, miUINT64                 = 7, 9, 12, 13
	miMATRIX, miCOMPRESSED, miUTF8, miUTF16               = 14, 15, 16, 17
)

// Classes of arrays.
const mxCELL, mxSTRUCT, mxOBJECT, mxCHAR, mxSPARSE, mxDOUBLE, mxUINT64, mxOPAQUE = 1, 2, 3, 4, 5, 6, 15, 17

// matTypes are the types of numbers as they lie in the file.
var matTypes = map[uint32]dtype{
	miINT8: int8s, miUINT8: uint8s, miINT16: int16s, miUINT16: uint16s, miINT32: int32s, miUINT32: uint32s,
	miSINGLE: float32s, miDOUBLE: float64s, miINT64: int64s, miUINT64: uint64s,
}

// matClasses are the types of numbers as MATLAB has them, from mxDOUBLE.
var matClasses = []dtype{float64s, float32s, int8s, uint8s, int16s, uint16s, int32s, uint32s, int64s, uint64s}

// Bounds of what describes an array.
const (
	maxMatName = 1 << 16
	maxMatDims = 32
	matHeader  = 128

	maxMatDepth = 8 // of structures in structures
)

// readMat lists the variables of a MATLAB file of version 5, which versions 6 and 7 write
// too, 7 compressed.
func readMat(f *File) error {
	head := make([]byte, min(f.size, matHeader))
	if _, err := f.r.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	var order binary.ByteOrder
	switch {
	case len(head) < matHeader:
		return fmt.Errorf("ends in its header of %d bytes: copy or save it again", matHeader)
	case string(head[126:]) == "IM":
		order = binary.LittleEndian
	case string(head[126:]) == "MI":
		order = binary.BigEndian
	default:
		return errors.New("is no MATLAB file of version 5: save it with save(file, '-v7')")
	}
	if v := order.Uint16(head[124:]); v == 0x0200 {
		return errors.New(hdf5Advice)
	} else if v != 0x0100 {
		return fmt.Errorf("is a MATLAB file of version %#04x, want 0x0100: save it with save(file, '-v7')", v)
	}
	f.limit = max(expandedLeast, expandedTimes*f.size)

	for at := int64(matHeader); at < f.size; {
		next, err := f.readVariable(at, order)
		if err != nil {
			return fmt.Errorf("has a variable at byte %d that %w", at, err)
		}
		at = next
	}
	return nil
}

const hdf5Advice = "is an HDF5 file (MATLAB writes one with '-v7.3'), which is not read: in Python, " +
	"np.savez('x.npz', **{k: v[()] for k, v in h5py.File('x.h5').items()}); in MATLAB, save(file, '-v7')"

// readVariable lists the variable whose element begins at a byte, and returns where the
// next one begins.
func (f *File) readVariable(at int64, order binary.ByteOrder) (next int64, err error) {
	m := &matReader{from: io.NewSectionReader(f.r, at, f.size-at), order: order, limit: f.limit}
	kind, n, err := m.tag()
	if err != nil {
		return 0, err
	}
	begin := at + m.at
	if m.small > 0 {
		return begin, nil // no variable
	}
	if int64(n) > f.size-begin {
		return 0, fmt.Errorf("claims %d bytes, and %d are left: the file is cut short", n, f.size-begin)
	}
	next = begin + int64(n)

	open := func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(f.r, begin, int64(n))), nil }
	switch kind {
	case miMATRIX:
		next = min(begin+(int64(n)+7)/8*8, f.size)
	case miCOMPRESSED:
		begin := begin
		open = func() (io.ReadCloser, error) {
			z, err := zlib.NewReader(io.NewSectionReader(f.r, begin, int64(n)))
			if err != nil {
				return nil, fmt.Errorf("is damaged (%w): copy or save it again", err)
			}
			return unpacker{z}, nil
		}
	default:
		return next, nil // no variable
	}

	r, err := open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	// Cells are read a few bytes at a time.
	m = &matReader{from: bufio.NewReader(r), order: order, limit: f.limit, left: int64(n)}
	if kind == miCOMPRESSED {
		inner, size, err := m.tag()
		if err != nil {
			return 0, err
		}
		if inner != miMATRIX || int64(size) > int64(n)*deflateRatio {
			return 0, fmt.Errorf("claims %d bytes of type %d in %d compressed ones: it is damaged", size, inner, n)
		}
		m.left = int64(size)
	}
	return next, f.addVariable(m, open)
}

// addVariable lists the variable that m is at. open begins where m began.
func (f *File) addVariable(m *matReader, open func() (io.ReadCloser, error)) error {
	h, err := m.header()
	if err != nil || h.name == "" { // without a name it belongs to an object
		return err
	}
	return f.addArray(m, h, open)
}

// addArray lists the array of which m has read the header h. open begins where m began.
func (f *File) addArray(m *matReader, h matArray, open func() (io.ReadCloser, error)) error {
	a := &Array{Name: h.name, Shape: h.dims, whole: true, columnMajor: true}

	switch {
	case h.class == mxSTRUCT && count(h.dims) == 1 && strings.Count(h.name, ".") < maxMatDepth:
		return f.addFields(m, h, open)
	case h.class == mxSTRUCT || h.class == mxCELL:
		return f.addCells(m, h)
	case h.class == mxCHAR:
		rows, err := m.chars(h.dims)
		if err != nil {
			return err
		}
		a.Shape, a.dtype, a.Type = []int{len(rows)}, strs, strs.name
		a.strings = func() ([]string, error) { return rows, nil }
	case h.class < mxDOUBLE || h.class > mxUINT64 || h.complex:
		a.Type = matPhrase(h)
	default:
		if err := m.numbers(a, h); err != nil {
			return err
		}
		begin, n := m.at-int64(m.small), int64(a.stored)*int64(a.dtype.size)
		a.open = func(skip int64) (io.ReadCloser, error) {
			r, err := open()
			if err != nil {
				return nil, err
			}
			if _, err := io.CopyN(io.Discard, r, begin+skip); err != nil {
				r.Close()
				return nil, fmt.Errorf("ends before its elements (%w): save it again", err)
			}
			return &partReader{r, n - skip}, nil
		}
	}
	f.Arrays = append(f.Arrays, a)
	return nil
}

// numbers reads the tag of the elements of a numeric array, and leaves m behind it.
func (m *matReader) numbers(a *Array, h matArray) error {
	kind, n, err := m.tag()
	if err != nil {
		return err
	}
	t, ok := matTypes[kind]
	a.stored = count(h.dims)
	if !ok || a.stored < 0 || int64(n) != int64(a.stored)*int64(t.size) {
		return fmt.Errorf("is called %q and has %d bytes of type %d for the shape %s: it is damaged", h.name, n, kind, shapeText(h.dims))
	}
	if m.small == 0 && int64(n) > m.left {
		return fmt.Errorf("is called %q and claims %d bytes, and %d are left: it is damaged", h.name, n, m.left)
	}

	a.dtype, a.Type = t, matClasses[h.class-mxDOUBLE].name
	if h.logical {
		a.dtype, a.Type = t, bools.name
	}
	a.dtype.big = m.order == binary.BigEndian
	stride := 1
	for _, d := range h.dims {
		a.strides = append(a.strides, stride)
		stride *= d
	}
	return nil
}

func matPhrase(h matArray) string {
	switch {
	case h.complex:
		return "complex numbers"
	case h.class == mxSPARSE:
		return "a sparse matrix (save full(x))"
	}
	return "an object (save numbers, or cellstr(x) of strings)"
}

// A partReader gives the next bytes of an element, and then reads to the end, where the
// checksum is.
type partReader struct {
	io.ReadCloser
	left int64
}

func (p *partReader) Read(b []byte) (int, error) {
	if p.left == 0 {
		if _, err := io.Copy(io.Discard, p.ReadCloser); err != nil {
			return 0, err
		}
		return 0, io.EOF
	}
	n, err := p.ReadCloser.Read(b[:min(int64(len(b)), p.left)])
	p.left -= int64(n)
	return n, err
}

// A matReader reads elements one after the other.
type matReader struct {
	from  io.Reader
	order binary.ByteOrder
	at    int64 // bytes read
	left  int64 // bytes of the variable that are left
	limit int64 // bytes of memory that are left
	small int   // bytes that the tag read last has in itself

	inTag [4]byte // those bytes
}

// A matArray is what precedes the elements of an array.
type matArray struct {
	class            byte
	complex, logical bool
	dims             []int
	name             string
}

var errMatShort = errors.New("ends early: the file is cut short or damaged")

func (m *matReader) fill(b []byte) error {
	n, err := io.ReadFull(m.from, b)
	m.at += int64(n)
	m.left -= int64(n)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errMatShort
	}
	return err
}

// tag reads the type of an element and its bytes. Up to four bytes may follow in the tag.
func (m *matReader) tag() (kind, n uint32, err error) {
	var b [8]byte
	if err := m.fill(b[:]); err != nil {
		return 0, 0, err
	}
	first := m.order.Uint32(b[:])
	m.small = 0
	if first>>16 == 0 {
		return first, m.order.Uint32(b[4:]), nil
	}
	m.small = 4
	copy(m.inTag[:], b[4:])
	if n = first >> 16; n > 4 {
		return 0, 0, fmt.Errorf("has a short element of %d bytes, want 4 at most: it is damaged", n)
	}
	return first & 0xffff, n, nil
}

// element reads an element of at most so many bytes, with the zeros that fill it.
func (m *matReader) element(most uint32) (kind uint32, content []byte, err error) {
	kind, n, err := m.tag()
	if err != nil {
		return 0, nil, err
	}
	if m.small > 0 {
		return kind, slices.Clone(m.inTag[:n]), nil
	}
	if n > most || int64(n) > m.left {
		return 0, nil, fmt.Errorf("has an element of %d bytes, want %d at most: it is damaged", n, min(int64(most), m.left))
	}
	content = make([]byte, (n+7)/8*8)
	return kind, content[:n], m.fill(content)
}

// header reads what precedes the elements of an array.
func (m *matReader) header() (h matArray, err error) {
	_, flags, err := m.element(8)
	if err != nil {
		return h, err
	}
	if len(flags) != 8 {
		return h, fmt.Errorf("has %d bytes of flags, want 8: it is damaged", len(flags))
	}
	word := m.order.Uint32(flags)
	h.class, h.logical, h.complex = byte(word), word&0x200 != 0, word&0x800 != 0
	if h.class == mxOPAQUE {
		_, name, err := m.element(maxMatName)
		h.name = string(name)
		return h, err
	}

	_, dims, err := m.element(4 * maxMatDims)
	if err != nil {
		return h, err
	}
	for ; len(dims) >= 4; dims = dims[4:] {
		h.dims = append(h.dims, int(int32(m.order.Uint32(dims))))
	}
	_, name, err := m.element(maxMatName)
	h.name = string(bytes.TrimRight(name, "\x00"))
	if count(h.dims) < 0 || len(h.dims) < 2 {
		return h, fmt.Errorf("is called %q and has the shape %s: it is damaged", h.name, shapeText(h.dims))
	}
	return h, err
}
