package npy

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// A Member is one named array of an .npz archive.
type Member struct {
	Name  string // the name without .npy
	Shape []int
	Data  any // []float32, []float64, []int32 or []int64, in C order, or Rows of a matrix
}

// WriteNPZ writes an archive that numpy.load opens. Members are stored in the given
// order, uncompressed and without the time of writing, so equal members give equal bytes.
// It panics if data are of another type or do not fill their shape.
func WriteNPZ(w io.Writer, members []Member) error {
	z := zip.NewWriter(w)
	// numpy.savez writes this time too, the earliest that a zip archive can express.
	first := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

	for _, m := range members {
		f, err := z.CreateHeader(&zip.FileHeader{Name: m.Name + ".npy", Method: zip.Store, Modified: first})
		if err != nil {
			return fmt.Errorf("npy: member %s: %w", m.Name, err)
		}

		switch data := m.Data.(type) {
		case []float32:
			err = write(f, m.Shape, data)
		case []float64:
			err = write(f, m.Shape, data)
		case []int32:
			err = write(f, m.Shape, data)
		case []int64:
			err = write(f, m.Shape, data)
		case Rows:
			err = WriteRows(f, m.Shape[0], m.Shape[1], data)
		default:
			panic(fmt.Sprintf("npy: member %s is a %T, want []float32, []float64, []int32, []int64 or Rows", m.Name, m.Data))
		}
		if err != nil {
			return err
		}
	}

	if err := z.Close(); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

// An Array is one array of an archive.
type Array struct {
	Shape []int
	Kind  string // NumPy's name of the element type in the file: float16, int64, bool, …

	floats []float64
	ints   []int
}

// Float64s returns the elements of a float array in C order, without a copy.
func (a *Array) Float64s() ([]float64, error) {
	if a.floats == nil {
		return nil, fmt.Errorf("npy: %w", refuseFloats(header{dtype: dtype{name: a.Kind}, shape: a.Shape}))
	}
	return a.floats, nil
}

// Ints returns the elements of an array of integers or booleans in C order, without a
// copy.
func (a *Array) Ints() ([]int, error) {
	if a.ints == nil {
		return nil, fmt.Errorf("npy: %w", refuseInts(header{dtype: dtype{name: a.Kind}, shape: a.Shape}))
	}
	return a.ints, nil
}

// ReadNPZ reads arrays of an archive, plain or compressed, by name: those that are named,
// or all without a name. Each must be of floats, integers or booleans.
func ReadNPZ(path string, names ...string) (arrays map[string]*Array, err error) {
	err = withFile(path, func(f *os.File, size int64) error {
		arrays, err = readNPZ(f, size, names...)
		return err
	})
	return arrays, err
}

// deflateRatio bounds the expansion of one compressed byte: 258 bytes out of two bits.
const deflateRatio = 1032

// mostExpanded bounds the memory of an archive's arrays, in bytes, because a compressed
// file of some megabytes may expand to all memory. A large archive
// may take eight bytes of memory for each of its own, as an array of single bytes does.
const mostExpanded = 1 << 30

func readNPZ(r io.ReaderAt, size int64, names ...string) (map[string]*Array, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errors.New("is not an .npz archive: save the arrays with numpy.savez")
	}

	arrays := map[string]*Array{}
	// Members may overlap, so the bound is on their sum.
	budget := uint64(size) * deflateRatio
	memory := max(mostExpanded, wide*size)
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			return nil, fmt.Errorf("has the member %s, which is no array: save the arrays with numpy.savez", f.Name)
		}
		if arrays[name] != nil {
			return nil, fmt.Errorf("has two members %s: save them under different names", f.Name)
		}

		if f.UncompressedSize64 > budget {
			return nil, fmt.Errorf("claims %d bytes in the member %s, which the archive cannot hold: save it again", f.UncompressedSize64, f.Name)
		}
		budget -= f.UncompressedSize64
		if len(names) > 0 && !slices.Contains(names, name) {
			continue
		}
		if arrays[name], err = readMember(f, &memory); err != nil {
			return nil, fmt.Errorf("member %s: %w", f.Name, err)
		}
	}

	return arrays, nil
}

// wide is the number of bytes of an element in memory, whatever it is in the file.
const wide = 8

// readMember reads one array and subtracts its memory from the memory that is left.
func readMember(f *zip.File, memory *int64) (*Array, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: save it again", err)
	}
	defer rc.Close()

	body := unpacker{rc}
	h, err := readHeader(body, int64(f.UncompressedSize64))
	if err != nil {
		return nil, err
	}

	if h.class == other {
		return nil, refuseFloats(h)
	}
	if int64(h.count) > *memory/wide {
		return nil, fmt.Errorf("holds the shape %s, which takes %d bytes of memory, and %d are left for this archive: save fewer or smaller arrays", shapeText(h.shape), int64(h.count)*wide, *memory)
	}

	*memory -= int64(h.count) * wide

	a := &Array{Shape: h.shape, Kind: h.name}
	if h.class == float {
		a.floats, err = elements(body, h, func(dst []float64, src []byte) error {
			decodeFloats(dst, src, h.size)
			return nil
		})
	} else {
		a.ints, err = elements(body, h, func(dst []int, src []byte) error { return decodeInts(dst, src, h.dtype) })
	}
	if err != nil {
		return nil, err
	}

	// Reading to the end compares the checksum.
	if _, err := io.Copy(io.Discard, body); err != nil {
		return nil, err
	}
	return a, nil
}

// An unpacker adds advice to the error of a truncated member.
type unpacker struct{ from io.Reader }

func (u unpacker) Read(b []byte) (int, error) {
	n, err := u.from.Read(b)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("is damaged (%w): copy or save it again", err)
	}
	return n, err
}
