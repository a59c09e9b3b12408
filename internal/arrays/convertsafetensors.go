package arrays

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
)

var safetensorsWriter = Writer{Format: "safetensors", Extensions: []string{".safetensors"}, Keeps: "all arrays of numbers, and metadata", write: convertSafetensors}

// convertSafetensors writes all arrays and the metadata. The format has no strings: they
// are numbered, and their names are metadata.
func convertSafetensors(w io.Writer, s *Source) (notes []string, err error) {
	metadata := maps.Clone(s.Metadata)
	var tensors []Tensor
	for _, a := range s.Arrays {
		name := s.nameOf(a)
		if a.dtype.kind != text {
			t, more, err := s.tensor(a)
			if err != nil {
				return nil, err
			}
			tensors, notes = append(tensors, t), append(notes, more...)
			continue
		}

		labels, names, err := numbered(a)
		if err != nil {
			return nil, err
		}
		list, err := json.Marshal(names)
		if err != nil {
			return nil, err
		}
		if metadata == nil {
			metadata = map[string]string{}
		}
		metadata[name+"_names"] = string(list)
		tensors = append(tensors, NewTensor(name, a.Shape, int64s64(labels)))
		notes = append(notes, fmt.Sprintf("%s are numbered in order of first appearance: safetensors has no strings; the metadata %s_names list them", name, name))
	}
	return notes, WriteSafetensors(w, tensors, metadata)
}
