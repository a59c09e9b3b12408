package arrays

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gpwbench/internal/npy"
)

// readNPY lists the array of a .npy file.
func readNPY(f *File) error {
	h, err := npy.ReadHeader(io.NewSectionReader(f.r, 0, f.size), f.size, f.isBrain(f.Path))
	if err != nil {
		return err
	}
	a := fromHeader("", h, f.section(int64(h.Length), f.size-int64(h.Length)))
	a.lies.at = int64(h.Length)
	f.Arrays = []*Array{a}
	return nil
}

// isBrain says whether the raw bytes of two of an array of that name are bfloat16. They
// may be anything, so the user or the name has to say it.
func (f *File) isBrain(name string) bool {
	name = strings.ToLower(name)
	return f.bfloat16 || strings.Contains(name, "bf16") || strings.Contains(name, "bfloat16")
}

// rawAdvice says how an array of raw bytes of two is read, if the file has one.
func (f *File) rawAdvice() string {
	for _, a := range f.Arrays {
		if a.Name != "" && a.Type == npy.RawTwo {
			return fmt.Sprintf("; if %s is bfloat16, give %s:%s:bfloat16", a.Name, f.Path, a.Name)
		}
	}
	return ""
}

// fromHeader is the array of a header, whose elements open gives.
func fromHeader(name string, h *npy.Header, open func(skip int64) (io.ReadCloser, error)) *Array {
	a := &Array{Name: name, Shape: h.Shape, Type: h.Kind, open: open, refuseFloats: h.RefuseFloats, refuseInts: h.RefuseInts}
	a.stored = max(count(h.Shape), 0)
	for _, d := range []dtype{float16, bfloat16, float32s, float64s, int8s, int16s, int32s, int64s, uint8s, uint16s, uint32s, uint64s, bools} {
		if d.name == h.Kind {
			a.dtype = d
		}
	}
	a.dtype.big = h.Big
	if h.Fortran && len(h.Shape) == 2 {
		a.strides = []int{1, h.Shape[0]}
	}
	if h.Units > 0 {
		a.dtype = strs
		a.dtype.size, a.dtype.big = h.Size, h.Big
		a.strings = func() ([]string, error) { return fixedStrings(a, h) }
	}
	return a
}

// fixedStrings reads strings of one width, which zeros fill.
func fixedStrings(a *Array, h *npy.Header) ([]string, error) {
	return elements(a, func(dst []string, src []byte) error {
		order := a.dtype.order()
		var b []byte
		for i := range dst {
			b = b[:0]
			for k := range h.Units {
				if h.Bytes {
					b = append(b, src[i*h.Size+k])
				} else {
					b = utf8.AppendRune(b, rune(min(order.Uint32(src[i*h.Size+4*k:]), utf8.MaxRune+1)))
				}
			}
			s := strings.TrimRight(string(b), "\x00")
			if !utf8.ValidString(s) {
				return errors.New("has a string that is no UTF-8: save it as unicode, with arr.astype(str)")
			}
			dst[i] = s
		}
		return nil
	})
}
