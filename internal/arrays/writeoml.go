package arrays

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
)

var omlWriter = Writer{Format: "oml", Extensions: []string{".oml.csv"}, Keeps: "a list of images with label, path and part, for OpenMetricLearning", write: writeOML}

// An OMLRow is a row of the table that OpenMetricLearning reads.
type OMLRow struct {
	Label    int
	Path     string
	Part     int
	Category string // the name of the class; "" of all rows for none
}

// WriteOML writes the table of OpenMetricLearning: label, path, split (train or
// validation), and is_query and is_gallery of validation rows. A category stands behind
// where categories are asked for.
func WriteOML(w io.Writer, rows iter.Seq[OMLRow], categories bool) error {
	out := csv.NewWriter(bufio.NewWriterSize(w, 1<<16))
	header := []string{"label", "path", "split", "is_query", "is_gallery"}
	if categories {
		header = append(header, "category")
	}
	out.Write(header) // an error stays until Flush
	word := func(b bool) string {
		if b {
			return "True"
		}
		return "False"
	}
	for r := range rows {
		line := []string{strconv.Itoa(r.Label), r.Path, "train", "", ""}
		if r.Part != TrainPart {
			line = append(line[:2], "validation", word(r.Part != GalleryPart), word(r.Part != QueryPart))
		}
		if categories {
			line = append(line, r.Category)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// writeOML writes the list of a source with paths and parts.
func writeOML(w io.Writer, s *Source) (notes []string, err error) {
	if s.Y == nil {
		return nil, errors.New("oml lists labels, and there are none: name the array of labels, as FILE:NAME")
	}
	labels, names, err := numbered(s.Y)
	if err != nil {
		return nil, err
	}
	if err := s.findPaths(len(labels)); err != nil {
		return nil, err
	}
	if names != nil {
		notes = append(notes, "labels are numbered in order of first appearance, as oml wants integers; category has the words")
	}
	if s.X != nil {
		notes = append(notes, s.nameOf(s.X)+" are left out: oml lists images")
	}
	return notes, WriteOML(w, func(yield func(OMLRow) bool) {
		for i, l := range labels {
			r := OMLRow{Label: l, Path: s.Paths[i], Part: s.Parts[i]}
			if names != nil {
				r.Category = names[l]
			}
			if !yield(r) {
				return
			}
		}
	}, names != nil)
}

// pathColumns are the names of arrays that hold paths, and partColumns of those that hold
// parts.
var (
	pathColumns = []string{"path", "paths", "filepath", "file", "filename", "file_name", "image", "image_path", "img"}
	partColumns = []string{"split", "partition", "part", "evaluation_status"}
)

// findPaths finds paths and parts among the arrays where the caller gave none.
func (s *Source) findPaths(n int) error {
	for _, a := range s.Arrays {
		name := strings.ToLower(lastPart(a.Name))
		switch {
		case a == s.X || a == s.Y:
		case s.Paths == nil && a.dtype.kind == text && slices.Contains(pathColumns, name):
			_, words, err := a.Labels()
			if err != nil {
				return err
			}
			s.Paths = words
		case s.Parts == nil && slices.Contains(partColumns, name):
			parts, err := a.Parts()
			if err != nil {
				return err
			}
			s.Parts = parts
		}
	}

	switch {
	case s.Paths == nil:
		return fmt.Errorf("oml lists the path of every image, and there is no column called %s", strings.Join(pathColumns, ", "))
	case s.Parts == nil:
		return errors.New("oml lists the split of every image: give a partition of the rows, or a column called split")
	case len(s.Paths) != n || len(s.Parts) != n:
		return fmt.Errorf("there are %d labels, %d paths and a partition of %d rows: they must agree", n, len(s.Paths), len(s.Parts))
	}
	return nil
}
