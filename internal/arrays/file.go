package arrays

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"gpwbench/internal/input"
)

// A File is an open file of arrays.
type File struct {
	Path     string            // without the name of an array
	Format   string            // npy, npz, safetensors, text, fvecs, mat, torch, parquet
	Arrays   []*Array          // in the order of the file
	Metadata map[string]string // what the format keeps beside the arrays

	r        io.ReaderAt
	close    func() error
	size     int64
	selector string // the array that the path names, or ""
	bfloat16 bool   // the user says that raw bytes of two are bfloat16
	table    *textTable
	limit    int64 // bytes of memory that the elements of one array may take
}

// Memory that compressed arrays may take. Features after a ReLU shrink to a tenth, sorted
// labels to a thousandth and are small.
const (
	expandedTimes = 32
	expandedLeast = 16 << 20
)

// Extensions of the formats, which a path with the name of an array has before the colon.
var extensions = []string{
	".npy", ".npz", ".safetensors", ".csv", ".tsv", ".txt", ".fvecs", ".bvecs", ".ivecs", ".mat", ".pt", ".pth", ".parquet",
}

// Split divides PATH:NAME into the path of the file and the name of an array in it.
// Without a name, and where a file of the whole path exists, name is "".
func Split(path string) (file, name string) {
	if _, err := os.Lstat(path); err == nil {
		return path, ""
	}
	for at := 0; at < len(path); at++ {
		if path[at] != ':' {
			continue
		}
		before := path[:at]
		if slices.Contains(extensions, strings.ToLower(filepath.Ext(before))) {
			return before, path[at+1:]
		}
		if info, err := os.Stat(before); err == nil && info.Mode().IsRegular() {
			return before, path[at+1:]
		}
	}
	return path, ""
}

// Open opens a file and reads what describes its arrays. The path may name one of them;
// see [Split]. Behind the name, .T transposes a matrix; the name bfloat16, alone or after
// another colon, says that NumPy's raw bytes of two (V2) are bfloat16, as does bf16 or
// bfloat16 in the name of the file or the array.
//
// The error of a missing file satisfies errors.Is(err, fs.ErrNotExist).
func Open(path string) (*File, error) {
	path, selector := Split(path)
	r, size, err := input.Open(path)
	if kind := new(input.KindError); errors.As(err, &kind) {
		return nil, fmt.Errorf("%s: %w: give a file of arrays", byExtension(path), err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", byExtension(path), err)
	}

	f, err := openReader(path, selector, r, size)
	if err != nil {
		r.Close()
		return nil, err
	}
	f.close = r.Close
	return f, nil
}

// openReader lists the arrays of size bytes.
func openReader(path, selector string, r io.ReaderAt, size int64) (*File, error) {
	f := &File{Path: path, selector: selector, Format: byExtension(path), r: r, size: size}
	if rest, ok := strings.CutSuffix(selector, "bfloat16"); ok && (rest == "" || strings.HasSuffix(rest, ":")) {
		f.bfloat16, f.selector = true, strings.TrimSuffix(rest, ":")
	}
	return f, f.wrap(nil, f.list())
}

// Close closes the file. Its arrays cannot be read any more.
func (f *File) Close() error { return f.close() }

// list recognises the format and reads what describes the arrays.
func (f *File) list() error {
	f.limit = max(8*f.size, 1<<16)
	start := make([]byte, min(f.size, 640))
	if _, err := f.r.ReadAt(start, 0); err != nil && err != io.EOF {
		return err
	}

	format, err := recognise(start, f.Format, f.size)
	if err != nil {
		return err
	}
	f.Format = format
	read, ok := readers[f.Format]
	if !ok {
		return fmt.Errorf("is none of the formats that are read: %s", strings.Join(known, ", "))
	}
	if err := read(f); err != nil {
		return err
	}
	if len(f.Arrays) == 0 {
		return errors.New("holds no arrays")
	}
	for _, a := range f.Arrays {
		a.file = f
	}
	return nil
}

var known = []string{".npy", ".npz", ".safetensors", ".csv", ".tsv", ".txt", ".fvecs", ".bvecs", ".ivecs", ".mat", ".pt", ".pth", ".parquet"}

// readers list the arrays of a file, by format.
var readers map[string]func(f *File) error

func init() {
	readers = map[string]func(f *File) error{
		"npy":         readNPY,
		"npz":         readZip,
		"safetensors": readSafetensors,
		"text":        readText,
		"fvecs":       readVecs,
		"mat":         readMat,
		"torch":       readTorch,
		"parquet":     readParquet,
	}
}

// byExtension is the format that a name promises, and "arrays" if it is none.
func byExtension(path string) string {
	ext := strings.ToLower(filepath.Ext(path))
	switch ext {
	case ".csv", ".tsv", ".txt":
		return "text"
	case ".fvecs", ".bvecs", ".ivecs":
		return "fvecs"
	case ".pt", ".pth":
		return "torch"
	}
	if slices.Contains(extensions, ext) {
		return ext[1:]
	}
	return "arrays"
}

// recognise returns the format of a file that begins with start. What the content does
// not tell, the name does.
func recognise(start []byte, named string, size int64) (string, error) {
	begins := func(s string) bool { return bytes.HasPrefix(start, []byte(s)) }
	switch {
	case begins("\x93NUMPY"):
		return "npy", nil
	case begins("PK\x03\x04"), begins("PK\x05\x06"):
		if named == "torch" {
			return named, nil
		}
		return "npz", nil
	case begins("PAR1"), begins("PARE"):
		return "parquet", nil
	case begins(torchMagic):
		return "torch", nil
	case begins("MATLAB 5.0 MAT-file"):
		return "mat", nil
	case begins("\x89HDF\r\n\x1a\n"), len(start) >= 520 && string(start[512:520]) == "\x89HDF\r\n\x1a\n":
		return "", errors.New(hdf5Advice)
	case begins("\x1f\x8b"):
		return "", errors.New("is compressed by gzip: gunzip it")
	case len(start) > 8 && start[8] == '{' && binary.LittleEndian.Uint64(start) <= uint64(size-8):
		return "safetensors", nil
	case named == "npy" || named == "npz" || named == "safetensors" || named == "fvecs":
		return named, nil
	case size == 0:
		return "", errors.New("is empty")
	case isText(start) && (named == "text" || named == "arrays"):
		return "text", nil
	}
	return named, nil
}

// isText says whether the start of a file is text: valid UTF-8, up to a code point that
// is cut, without control characters.
func isText(start []byte) bool {
	for len(start) > 0 {
		r, n := utf8.DecodeRune(start)
		if r == utf8.RuneError && n == 1 && utf8.FullRune(start) || r < ' ' && !strings.ContainsRune("\t\r\n", r) {
			return false
		}
		start = start[n:]
	}
	return true
}

// wrap adds format, file and array to an error.
func (f *File) wrap(a *Array, err error) error {
	switch {
	case err == nil:
		return nil
	case a == nil || a.Name == "":
		return fmt.Errorf("%s: %s: %w", f.Format, f.Path, err)
	}
	return fmt.Errorf("%s: %s: the array %s %w", f.Format, f.Path, a.Name, err)
}

// allow refuses elements that take more memory than the file may claim.
func (f *File) allow(bytes int64, shape string) error {
	if bytes > f.limit {
		return fmt.Errorf("has the shape %s, which takes %d bytes of memory, and a file of %d bytes is given %d: save it uncompressed", shape, bytes, f.size, f.limit)
	}
	return nil
}

// section opens length bytes of the file at offset.
func (f *File) section(offset, length int64) func(skip int64) (io.ReadCloser, error) {
	return func(skip int64) (io.ReadCloser, error) {
		skip = min(skip, length)
		return io.NopCloser(io.NewSectionReader(f.r, offset+skip, length-skip)), nil
	}
}
