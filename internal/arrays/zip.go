package arrays

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"gpwbench/internal/npy"
)

// deflateRatio bounds the expansion of one compressed byte: 258 bytes out of two bits.
const deflateRatio = 1032

// readZip lists the arrays of a zip archive: of NumPy, or of PyTorch.
func readZip(f *File) error {
	z, err := zip.NewReader(f.r, f.size)
	if err != nil {
		return fmt.Errorf("is a damaged zip archive (%w): copy or save it again", err)
	}
	f.limit = max(expandedLeast, expandedTimes*f.size)

	// Members may overlap, so the bound is on their sum.
	budget := uint64(f.size) * deflateRatio
	for _, m := range z.File {
		if m.UncompressedSize64 > budget || m.UncompressedSize64/deflateRatio > m.CompressedSize64 {
			return fmt.Errorf("claims %d bytes in the member %s, which the archive cannot hold: save it again", m.UncompressedSize64, m.Name)
		}
		budget -= m.UncompressedSize64
	}
	for _, m := range z.File {
		if m.Name == "data.pkl" || strings.HasSuffix(m.Name, "/data.pkl") {
			return f.listTorch(z, m)
		}
	}
	return f.listNPZ(z)
}

// listNPZ lists the arrays of a NumPy archive. Members that are no arrays are left out.
func (f *File) listNPZ(z *zip.Reader) error {
	f.Format = "npz"
	seen := map[string]bool{}
	for _, m := range z.File {
		name, ok := strings.CutSuffix(m.Name, ".npy")
		if !ok {
			continue
		}
		if seen[name] {
			return fmt.Errorf("has two members %s: save them under different names", m.Name)
		}
		seen[name] = true

		rc, err := m.Open()
		if err != nil {
			return fmt.Errorf("member %s: %w: save it again", m.Name, err)
		}
		h, err := npy.ReadHeader(unpacker{rc}, int64(m.UncompressedSize64), f.isBrain(f.Path+name))
		rc.Close()
		if err != nil {
			return fmt.Errorf("member %s: %w", m.Name, err)
		}
		a := fromHeader(name, h, member(m, int64(h.Length)))
		a.lies = f.placeOf(m, int64(h.Length))
		f.Arrays = append(f.Arrays, a)
	}
	if len(f.Arrays) == 0 {
		return errors.New("is a zip archive without arrays: save them with numpy.savez")
	}
	return nil
}

// placeOf is where the bytes of a stored member lie behind its first.
func (f *File) placeOf(m *zip.File, before int64) place {
	from, err := m.DataOffset()
	size := int64(m.UncompressedSize64)
	if err != nil || m.Method != zip.Store || m.CompressedSize64 != m.UncompressedSize64 || from > f.size-size {
		return place{}
	}
	return place{at: from + before, checked: &checksum{from, from + size, m.CRC32}}
}

// member opens a member of an archive behind its first bytes. A stored one is skipped
// through too, because its checksum is of the whole.
func member(m *zip.File, before int64) func(skip int64) (io.ReadCloser, error) {
	return func(skip int64) (io.ReadCloser, error) {
		rc, err := m.Open()
		if err != nil {
			return nil, fmt.Errorf("is damaged (%w): copy or save it again", err)
		}
		u := unpacker{rc}
		if _, err := io.CopyN(io.Discard, u, before+skip); err != nil {
			rc.Close()
			return nil, fmt.Errorf("ends before its elements: %w", err)
		}
		return u, nil
	}
}

// An unpacker adds advice to the error of a damaged member.
type unpacker struct{ io.ReadCloser }

func (u unpacker) Read(b []byte) (int, error) {
	n, err := u.ReadCloser.Read(b)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("is damaged (%w): copy or save it again", err)
	}
	return n, err
}
