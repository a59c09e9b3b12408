package arrays

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A thriftWalker goes through a structure of Thrift's compact protocol without keeping
// it. The library that reads Parquet allocates what a list claims to hold, so no list may
// claim more than the bytes that are left can describe.
type thriftWalker struct {
	b        []byte
	at       int
	elements int                // of lists that are left
	ints     map[[2]int16]int64 // by the field's number and, if it is in a structure, its number there
}

var errThriftShort = errors.New("a structure of its metadata ends early: the file is cut short or damaged")

// thriftElement is the number of bytes of metadata that an element of a list needs. The
// smallest that describes a column takes more.
const thriftElement = 8

func walkThrift(b []byte) (*thriftWalker, error) {
	w := &thriftWalker{b: b, elements: 64 + len(b)/thriftElement, ints: map[[2]int16]int64{}}
	return w, w.structure(0, 0)
}

func (w *thriftWalker) byte() (byte, error) {
	if w.at >= len(w.b) {
		return 0, errThriftShort
	}
	w.at++
	return w.b[w.at-1], nil
}

func (w *thriftWalker) uvarint() (uint64, error) {
	v, n := binary.Uvarint(w.b[w.at:])
	if n <= 0 {
		return 0, errThriftShort
	}
	w.at += n
	return v, nil
}

func (w *thriftWalker) zigzag() (int64, error) {
	v, err := w.uvarint()
	return int64(v>>1) ^ -int64(v&1), err
}

func (w *thriftWalker) skip(n uint64) error {
	if n > uint64(len(w.b)-w.at) {
		return errThriftShort
	}
	w.at += int(n)
	return nil
}

// structure walks the fields of a structure that is field outer of the first one.
func (w *thriftWalker) structure(depth int, outer int16) error {
	if depth > maxDepth {
		return fmt.Errorf("its metadata nest deeper than %d", maxDepth)
	}
	field := int16(0)
	for {
		head, err := w.byte()
		if err != nil || head == 0 {
			return err
		}
		if delta := int16(head >> 4); delta > 0 {
			field += delta
		} else {
			v, err := w.zigzag()
			if err != nil {
				return err
			}
			field = int16(v)
		}
		key := [2]int16{outer, field}
		if depth == 0 {
			key = [2]int16{field, 0}
		}
		if err := w.value(head&0xf, depth, key); err != nil {
			return err
		}
	}
}

// value walks a value of a type; booleans in a structure are in the type.
func (w *thriftWalker) value(kind byte, depth int, key [2]int16) error {
	switch kind {
	case 1, 2:
		if depth <= 1 {
			w.ints[key] = int64(2 - kind)
		}
		return nil
	case 3:
		return w.skip(1)
	case 4, 5, 6:
		v, err := w.zigzag()
		if depth <= 1 {
			w.ints[key] = v
		}
		return err
	case 7:
		return w.skip(8)
	case 8:
		n, err := w.uvarint()
		if err != nil {
			return err
		}
		return w.skip(n)
	case 9, 10:
		return w.list(depth)
	case 12:
		return w.structure(depth+1, key[0])
	}
	return fmt.Errorf("its metadata have a value of type %d, which Parquet has not", kind)
}

func (w *thriftWalker) list(depth int) error {
	head, err := w.byte()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = w.uvarint(); err != nil {
			return err
		}
	}
	if n > uint64(w.elements) {
		return fmt.Errorf("its metadata claim a list of %d elements in %d bytes", n, len(w.b))
	}
	w.elements -= int(n)
	for range n {
		kind := head & 0xf
		if kind == 1 || kind == 2 { // a byte each in a list
			kind = 3
		}
		if err := w.value(kind, max(depth, 2), [2]int16{}); err != nil {
			return err
		}
	}
	return nil
}
