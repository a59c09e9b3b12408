package arrays

import (
	"io"

	"gpwbench/internal/npy"
)

var npzWriter = Writer{Format: "npz", Extensions: []string{".npz"}, Keeps: "all arrays of any type but bfloat16", write: writeNPZ}

// writeNPZ writes all arrays as numpy.savez does.
func writeNPZ(w io.Writer, s *Source) (notes []string, err error) {
	var members []npy.Raw
	for _, a := range s.Arrays {
		r, more, err := s.raw(a)
		if err != nil {
			return nil, err
		}
		members, notes = append(members, r), append(notes, more...)
	}
	return notes, npy.WriteRawNPZ(w, members)
}
