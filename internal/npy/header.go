package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

const (
	magic = "\x93NUMPY"
	// maxHeader bounds the header, in bytes. That of a plain array takes about a hundred;
	// only records with very many fields need more than maxHeader.
	maxHeader = 1 << 16
)

// A header is what precedes the elements of an array.
type header struct {
	dtype
	fortran bool // the first index varies fastest
	shape   []int
	count   int // elements
	length  int // bytes of the header itself
}

// readHeader reads the header of an array of size bytes, including the header. For a type
// that this package does not read it returns before the checks of shape and size.
func readHeader(r io.Reader, size int64) (header, error) {
	var pre [12]byte
	if err := fill(r, pre[:8]); err != nil {
		return header{}, err
	}
	if string(pre[:6]) != magic {
		return header{}, errors.New(foreign(pre[:8]))
	}

	version, before, length := pre[6], 12, 0
	switch version {
	case 1:
		before = 10
		if err := fill(r, pre[8:10]); err != nil {
			return header{}, err
		}
		length = int(binary.LittleEndian.Uint16(pre[8:]))
	case 2, 3:
		if err := fill(r, pre[8:12]); err != nil {
			return header{}, err
		}
		length = int(min(binary.LittleEndian.Uint32(pre[8:]), math.MaxInt32))
	default:
		return header{}, fmt.Errorf("is of .npy version %d, known are 1 to 3: save it again with numpy.save", version)
	}

	if length > maxHeader {
		return header{}, fmt.Errorf("has a header of %d bytes, more than a plain array needs: save one array of numbers with numpy.save", length)
	}
	text := make([]byte, length)
	if err := fill(r, text); err != nil {
		return header{}, err
	}

	h, err := parseHeader(string(text))
	if err != nil {
		return header{}, fmt.Errorf("has a broken header (%w): save it again with numpy.save", err)
	}
	h.length = before + length
	if h.class == other {
		return h, nil
	}

	return h, h.measure(size)
}

// measure sets count and compares the shape with the size of the file.
func (h *header) measure(size int64) error {
	have := size - int64(h.length)
	n := 1
	for _, d := range h.shape {
		if d != 0 && n > math.MaxInt/h.size/d {
			return fmt.Errorf("claims the shape %s, which no file holds: save it again with numpy.save", shapeText(h.shape))
		}
		n *= d
	}

	h.count = n

	switch want := int64(n * h.size); {
	case have < want:
		return fmt.Errorf("is cut short: %d of %d bytes of the %s array of shape %s: copy or save it again", have, want, h.name, shapeText(h.shape))
	case have > want:
		return fmt.Errorf("has %d bytes after its array of shape %s: save one array per file", have-want, shapeText(h.shape))
	}

	if h.fortran && len(h.shape) > 2 {
		return fmt.Errorf("is a Fortran-order array of %d dimensions: save np.ascontiguousarray(arr)", len(h.shape))
	}
	return nil
}

// fill is io.ReadFull with an error that says what to do.
func fill(r io.Reader, b []byte) error {
	_, err := io.ReadFull(r, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("ends before its array begins: copy or save it again")
	}
	return err
}

// foreign describes a file that does not begin as .npy.
func foreign(start []byte) string {
	switch s := string(start); {
	case strings.HasPrefix(s, "PK\x03\x04"):
		return "is a zip archive (.npz or a PyTorch file), not .npy: save the array in it with numpy.save"
	case strings.HasPrefix(s, "\x89HDF"):
		return "is an HDF5 file, not .npy: save the data set with numpy.save"
	}
	return "is not an .npy file: save the array with numpy.save"
}

// parseHeader reads the Python dictionary of the header, such as {'descr': '<f4',
// 'fortran_order': False, 'shape': (3, 4), }.
func parseHeader(text string) (header, error) {
	var h header
	p := &literal{rest: text}
	seen := map[string]bool{}
	if !p.take("{") {
		return h, errors.New("no dictionary")
	}

	for !p.take("}") {
		key, err := p.str()
		if err != nil {
			return h, err
		}
		if seen[key] || !p.take(":") {
			return h, fmt.Errorf("at key %q", key)
		}

		seen[key] = true

		switch key {
		case "descr":
			if strings.HasPrefix(p.peek(), "[") {
				// Records are refused, so their fields need not be parsed.
				return header{dtype: dtype{name: records}}, nil
			}
			descr, err := p.str()
			if err != nil {
				return h, err
			}

			h.dtype = parseDtype(descr)
		case "fortran_order":
			h.fortran = p.take("True")
			if !h.fortran && !p.take("False") {
				return h, errors.New("fortran_order is neither True nor False")
			}
		case "shape":
			if h.shape, err = p.shape(); err != nil {
				return h, err
			}
		default:
			return h, fmt.Errorf("unknown key %q", key)
		}

		if !p.take(",") && p.peek() != "" && p.peek()[0] != '}' {
			return h, fmt.Errorf("after key %q", key)
		}
	}

	if p.peek() != "" {
		return h, errors.New("text after the dictionary")
	}
	if len(seen) != 3 {
		return h, errors.New("not all of descr, fortran_order and shape")
	}
	return h, nil
}

// A literal is the rest of a Python literal that is still to be read.
type literal struct{ rest string }

func (p *literal) peek() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	return p.rest
}

func (p *literal) take(token string) bool {
	rest, ok := strings.CutPrefix(p.peek(), token)
	p.rest = rest
	return ok
}

func (p *literal) str() (string, error) {
	if s := p.peek(); s != "" && (s[0] == '\'' || s[0] == '"') {
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			p.rest = s[end+2:]
			return s[1 : end+1], nil
		}
	}
	return "", errors.New("a quoted word is missing")
}

// shape reads a tuple of sizes: (), (3,), (3, 4). Python 2 wrote (3L, 4L).
func (p *literal) shape() ([]int, error) {
	if !p.take("(") {
		return nil, errors.New("shape is not a tuple")
	}

	shape := []int{}
	for !p.take(")") {
		s := p.peek()
		digits := len(s) - len(strings.TrimLeft(s, "-0123456789"))
		d, err := strconv.ParseInt(s[:digits], 10, 64)
		if err != nil || d < 0 || d > math.MaxInt {
			return nil, fmt.Errorf("shape has the size %q", s[:digits])
		}

		shape = append(shape, int(d))
		p.rest = s[digits:]
		p.take("L")
		if !p.take(",") && !strings.HasPrefix(p.peek(), ")") {
			return nil, errors.New("shape is not a tuple of sizes")
		}
	}

	return shape, nil
}

// shapeText writes a shape as Python does.
func shapeText(shape []int) string {
	if len(shape) == 1 {
		return fmt.Sprintf("(%d,)", shape[0])
	}
	sizes := make([]string, len(shape))
	for i, d := range shape {
		sizes[i] = strconv.Itoa(d)
	}
	return "(" + strings.Join(sizes, ", ") + ")"
}
