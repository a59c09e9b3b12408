package npy

import (
	"archive/zip"
	"fmt"
	"io"
	"time"
)

// A Raw is an array whose elements the caller writes.
type Raw struct {
	Name  string // of the member of an archive, without .npy
	Kind  string // NumPy's name, as [Header] has it: float16, bool, …; "" of strings
	Units int    // characters of a string, 1 at least
	Shape []int

	// Write writes the elements in C order, the least significant byte first, strings as
	// code points of four bytes that zeros fill.
	Write func(w io.Writer) error
}

// WriteRaw writes an array as numpy.save does. A Kind that NumPy does not have is
// refused.
func WriteRaw(w io.Writer, r Raw) error {
	descr := r.descr()
	if descr == "" {
		return fmt.Errorf("npy: no array of %s can be written", r.Kind)
	}
	if _, err := w.Write(appendHeader(nil, descr, r.Shape)); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return r.Write(w)
}

// descr is the type as a header has it, or "".
func (r Raw) descr() string {
	if r.Kind == "" {
		return fmt.Sprintf("<U%d", max(1, r.Units))
	}
	for code, d := range dtypes {
		if d.name == r.Kind && d.size == 1 {
			return "|" + code
		} else if d.name == r.Kind {
			return "<" + code
		}
	}
	return ""
}

// WriteRawNPZ writes an archive that numpy.load opens, member after member. Like
// [WriteNPZ] it stores them uncompressed and without the time of writing.
func WriteRawNPZ(w io.Writer, members []Raw) error {
	z := zip.NewWriter(w)
	first := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, m := range members {
		f, err := z.CreateHeader(&zip.FileHeader{Name: m.Name + ".npy", Method: zip.Store, Modified: first})
		if err != nil {
			return fmt.Errorf("npy: member %s: %w", m.Name, err)
		}
		if err := WriteRaw(f, m); err != nil {
			return fmt.Errorf("member %s: %w", m.Name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}
