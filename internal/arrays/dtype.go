package arrays

import (
	"encoding/binary"
	"fmt"
	"math"
)

// A kind says how the bytes of an element are read.
type kind int

const (
	opaque   kind = iota // not read: complex numbers, objects, float8
	floating             // IEEE 754 of 2, 4 or 8 bytes
	brain                // the upper half of a float32
	signed
	unsigned // integers without a sign, and booleans
	text
)

// A dtype is the type of the elements of an array.
type dtype struct {
	name string // NumPy's name
	kind kind
	size int  // bytes
	big  bool // most significant byte first
}

var (
	float16  = dtype{name: "float16", kind: floating, size: 2}
	bfloat16 = dtype{name: "bfloat16", kind: brain, size: 2}
	float32s = dtype{name: "float32", kind: floating, size: 4}
	float64s = dtype{name: "float64", kind: floating, size: 8}
	int8s    = dtype{name: "int8", kind: signed, size: 1}
	int16s   = dtype{name: "int16", kind: signed, size: 2}
	int32s   = dtype{name: "int32", kind: signed, size: 4}
	int64s   = dtype{name: "int64", kind: signed, size: 8}
	uint8s   = dtype{name: "uint8", kind: unsigned, size: 1}
	uint16s  = dtype{name: "uint16", kind: unsigned, size: 2}
	uint32s  = dtype{name: "uint32", kind: unsigned, size: 4}
	uint64s  = dtype{name: "uint64", kind: unsigned, size: 8}
	bools    = dtype{name: "bool", kind: unsigned, size: 1}
	strs     = dtype{name: "strings", kind: text}
)

func (d dtype) order() binary.ByteOrder {
	if d.big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// integer says whether the elements are integers or booleans.
func (d dtype) integer() bool { return d.kind == signed || d.kind == unsigned }

// narrow says whether float32 holds every element exactly.
func (d dtype) narrow() bool {
	switch d.kind {
	case floating, brain:
		return d.size <= 4
	}
	return d.size <= 2
}

// decodeFloats converts len(dst) elements. A float64 out of the range of float32 becomes
// an infinity. An integer that T cannot represent is refused.
func decodeFloats[T float32 | float64](dst []T, src []byte, d dtype) error {
	order := d.order()
	switch {
	case d.kind == brain:
		for i := range dst {
			dst[i] = T(math.Float32frombits(uint32(order.Uint16(src[2*i:])) << 16))
		}
	case d.kind == floating && d.size == 2:
		for i := range dst {
			dst[i] = T(half(order.Uint16(src[2*i:])))
		}
	case d.kind == floating && d.size == 4:
		for i := range dst {
			dst[i] = T(math.Float32frombits(order.Uint32(src[4*i:])))
		}
	case d.kind == floating:
		for i := range dst {
			dst[i] = T(math.Float64frombits(order.Uint64(src[8*i:])))
		}
	case d.kind == signed:
		for i := range dst {
			v := signedAt(src[d.size*i:], d)
			dst[i] = T(v)
			if int64(dst[i]) != v || v == math.MaxInt64 {
				return inexact(fmt.Sprint(v), dst)
			}
		}
	default:
		for i := range dst {
			v := unsignedAt(src[d.size*i:], d)
			dst[i] = T(v)
			if dst[i] >= 0x1p63 || uint64(dst[i]) != v {
				return inexact(fmt.Sprint(v), dst)
			}
		}
	}
	return nil
}

// inexact refuses an integer that is rounded as a float.
func inexact(v string, dst any) error {
	name := "float64"
	if _, ok := dst.([]float32); ok {
		name = "float32"
	}
	return fmt.Errorf("holds the integer %s, which %s cannot represent: save floats", v, name)
}

// decodeInts converts len(dst) integers, or with whole floats that are integers.
func decodeInts(dst []int, src []byte, d dtype, whole bool) error {
	if whole && d.kind == floating {
		wide := make([]float64, len(dst))
		if err := decodeFloats(wide, src, d); err != nil {
			return err
		}
		return wholeInts(dst, wide)
	}

	for i := range dst {
		if d.kind == signed {
			v := signedAt(src[d.size*i:], d)
			if dst[i] = int(v); int64(dst[i]) != v {
				return beyond(fmt.Sprint(v))
			}
			continue
		}
		v := unsignedAt(src[d.size*i:], d)
		if v > math.MaxInt {
			return beyond(fmt.Sprint(v))
		}
		dst[i] = int(v)
	}
	return nil
}

func wholeInts(dst []int, wide []float64) error {
	for i, v := range wide {
		if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
			return fmt.Errorf("holds %v, want integers: number the classes from 0", v)
		}
		dst[i] = int(v)
	}
	return nil
}

func beyond(v string) error {
	return fmt.Errorf("holds %s, which is beyond the largest label %d: number the classes from 0", v, math.MaxInt)
}

func unsignedAt(b []byte, d dtype) uint64 {
	switch order := d.order(); d.size {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(order.Uint16(b))
	case 4:
		return uint64(order.Uint32(b))
	default:
		return order.Uint64(b)
	}
}

func signedAt(b []byte, d dtype) int64 {
	shift := 64 - 8*d.size
	return int64(unsignedAt(b, d)<<shift) >> shift
}

// half returns the value of an IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of
// fraction.
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero or subnormal: a multiple of 2⁻²⁴
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 0x1f: // infinity or NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
