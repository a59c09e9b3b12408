package arrays

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// An ndarray is a NumPy array in a pickle. Its state comes after it.
type ndarray struct {
	dtype   *pyDtype
	shape   []int
	fortran bool
	data    string // the elements; "" of objects, which are a list
}

// A pyDtype is a numpy.dtype. Its byte order comes after it.
type pyDtype struct {
	code string // of numpy.dtype: f4, U12, …
	big  bool
}

// pickledTypes are the element types by the code of numpy.dtype.
var pickledTypes = map[string]dtype{
	"f2": float16, "f4": float32s, "f8": float64s, "i1": int8s, "i2": int16s, "i4": int32s, "i8": int64s,
	"u1": uint8s, "u2": uint16s, "u4": uint32s, "u8": uint64s, "b1": bools,
}

// numpyGlobal says whether the pickle of a NumPy array needs a global. NumPy 2 has other
// names for the same.
func numpyGlobal(g pyGlobal) bool {
	switch g.String() {
	case "numpy.ndarray", "numpy.dtype", "_codecs.encode",
		"numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
		"numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar":
		return true
	}
	return false
}

// applyNumPy makes an empty array, a type, or the bytes that a pickle of protocol 2 has
// as text.
func applyNumPy(g pyGlobal, args []any) (any, error) {
	switch g.name {
	case "_reconstruct":
		if len(args) == 3 && args[0] == (pyGlobal{"numpy", "ndarray"}) {
			return &ndarray{}, nil
		}
	case "dtype":
		if len(args) > 0 {
			if code, ok := args[0].(string); ok {
				return &pyDtype{code: code}, nil
			}
		}
	case "scalar":
		return pyOther{}, nil
	case "encode":
		if len(args) == 2 && args[1] == "latin1" {
			if text, ok := args[0].(string); ok {
				return latin1(text)
			}
		}
	}
	return nil, fmt.Errorf("calls %s with other arguments than an array of NumPy has", g)
}

// latin1 is the bytes whose code points a text has.
func latin1(text string) (string, error) {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		if r > 0xff { // also of what is no UTF-8
			return "", fmt.Errorf("has the code point %U in bytes", r)
		}
		b.WriteByte(byte(r))
	}
	return b.String(), nil
}

// buildNumPy sets the state of an array or of a type.
func buildNumPy(object, state any) error {
	s, ok := state.(*pyTuple)
	switch object := object.(type) {
	case *pyDtype: // version, byte order, subarray, names, fields, size, alignment, flags
		if !ok || len(s.items) < 8 {
			return errors.New("sets another state than a type of NumPy has")
		}
		order, _ := s.items[1].(string)
		if object.big = order == ">"; s.items[2] != nil || s.items[3] != nil {
			object.code = "records"
		}
		return nil
	case *ndarray: // version, shape, type, Fortran order, bytes or a list
		if !ok || len(s.items) != 5 {
			break
		}
		shape, ok1 := intsOf(s.items[1])
		d, ok2 := s.items[2].(*pyDtype)
		fortran, ok3 := s.items[3].(bool)
		if ok1 && ok2 && ok3 {
			object.dtype, object.shape, object.fortran = d, shape, fortran
			object.data, _ = s.items[4].(string)
			return nil
		}
	}
	return errors.New("sets attributes of what is no dict, or others than an array of NumPy has")
}

// addNumPy lists an array of a pickle. One of a type that is not read is listed without
// elements, so that the others can be read.
func (t *torchFile) addNumPy(name string, v *ndarray) error {
	if v.dtype == nil {
		return fmt.Errorf("has the NumPy array %q without its elements: it is damaged", name)
	}
	a := &Array{Name: name, Shape: v.shape, Type: "NumPy's " + v.dtype.code}
	t.f.Arrays = append(t.f.Arrays, a)
	d, known := pickledTypes[v.dtype.code]
	if !known {
		return nil
	}

	n := count(v.shape)
	if n < 0 || len(v.data)%d.size != 0 || n != len(v.data)/d.size {
		return fmt.Errorf("has the NumPy array %q of %s and the shape %s in %d bytes: the file is damaged", name, d.name, shapeText(v.shape), len(v.data))
	}
	a.Type, a.dtype, a.stored = d.name, d, n
	a.dtype.big = v.dtype.big
	if v.fortran && len(v.shape) == 2 {
		a.strides = []int{1, v.shape[0]}
	} else if v.fortran && len(v.shape) > 2 {
		a.Type, a.dtype = "NumPy's "+v.dtype.code+" by columns", dtype{}
		return nil
	}
	a.open = func(skip int64) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(v.data[min(skip, int64(len(v.data))):])), nil
	}
	return nil
}
