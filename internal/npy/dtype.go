package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// A class is the kind of elements of an array.
type class int

const (
	other class = iota // NumPy reads it, this package does not
	float
	signed
	unsigned
)

// A dtype is one of NumPy's element types.
type dtype struct {
	name  string // NumPy's name, or a phrase for an error if the class is other
	descr string // as the file has it, of strings alone
	class class
	size  int // bytes
	big   bool
}

var dtypes = map[string]dtype{
	"f2": {name: "float16", class: float, size: 2},
	"f4": {name: "float32", class: float, size: 4},
	"f8": {name: "float64", class: float, size: 8},
	"i1": {name: "int8", class: signed, size: 1},
	"i2": {name: "int16", class: signed, size: 2},
	"i4": {name: "int32", class: signed, size: 4},
	"i8": {name: "int64", class: signed, size: 8},
	"u1": {name: "uint8", class: unsigned, size: 1},
	"u2": {name: "uint16", class: unsigned, size: 2},
	"u4": {name: "uint32", class: unsigned, size: 4},
	"u8": {name: "uint64", class: unsigned, size: 8},
	"b1": {name: "bool", class: unsigned, size: 1},
}

// parseDtype reads a descr such as "<f4": a byte order (<, >, = or | for none), a kind
// and a size.
func parseDtype(descr string) dtype {
	code := strings.TrimLeft(descr, "<>=|")
	if d, ok := dtypes[code]; ok {
		d.big = strings.HasPrefix(descr, ">")
		return d
	}

	switch {
	case strings.HasPrefix(code, "O"):
		return dtype{name: objects}
	case strings.HasPrefix(code, "U"), strings.HasPrefix(code, "S"), strings.HasPrefix(code, "a"):
		return dtype{name: texts, descr: code, big: strings.HasPrefix(descr, ">")}
	case strings.HasPrefix(code, "c"):
		return dtype{name: complexes}
	case strings.HasPrefix(code, "M"), strings.HasPrefix(code, "m"):
		return dtype{name: dates}
	case code == "V2":
		return dtype{name: twoBytes, big: strings.HasPrefix(descr, ">")}
	case code == "V1":
		return dtype{name: oneByte}
	}

	return dtype{name: fmt.Sprintf("elements of type %q", descr)}
}

// Names of element types that are refused. NumPy stores the types of other libraries as
// bytes without a meaning.
const (
	records   = "records (a structured dtype)"
	objects   = "Python objects"
	texts     = "strings"
	complexes = "complex numbers"
	dates     = "dates or times"
	twoBytes  = "raw bytes of two (V2), as NumPy saves bfloat16"
	oneByte   = "raw bytes (V1), as NumPy saves float8 and int4"
)

// swap turns big-endian elements of the given size into little-endian ones, in place.
func swap(b []byte, size int) {
	for ; len(b) >= size; b = b[size:] {
		for i, j := 0, size-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
	}
}

// decodeFloats converts len(dst) little-endian floats of size bytes each. A float64 out
// of the range of float32 becomes an infinity.
func decodeFloats[T float32 | float64](dst []T, src []byte, size int) {
	switch size {
	case 2:
		for i := range dst {
			dst[i] = T(half(binary.LittleEndian.Uint16(src[2*i:])))
		}
	case 4:
		for i := range dst {
			dst[i] = T(math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:])))
		}
	case 8:
		for i := range dst {
			dst[i] = T(math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:])))
		}
	}
}

// half returns the value of an IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of
// fraction.
func half(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent := uint32(h >> 10 & 0x1f)
	fraction := uint32(h & 0x3ff)
	switch exponent {
	case 0: // zero or subnormal: a multiple of 2⁻²⁴
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 0x1f: // infinity or NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// decodeInts converts len(dst) little-endian integers of type d. It fails at a value that
// does not fit an int.
func decodeInts(dst []int, src []byte, d dtype) error {
	for i := range dst {
		var u uint64
		for j := range d.size {
			u |= uint64(src[i*d.size+j]) << (8 * j)
		}

		if d.class == unsigned {
			if u > math.MaxInt {
				return fmt.Errorf("holds %d, which is beyond the largest label %d: number the classes from 0, as np.unique(arr, return_inverse=True)[1] does", u, math.MaxInt)
			}
			dst[i] = int(u)
			continue
		}

		shift := 64 - 8*d.size
		v := int64(u<<shift) >> shift // extends the sign
		if int64(int(v)) != v {
			return fmt.Errorf("holds %d, which is beyond the labels of this machine: number the classes from 0, as np.unique(arr, return_inverse=True)[1] does", v)
		}
		dst[i] = int(v)
	}
	return nil
}
