package experiments

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/benchmarks/retrieval/report"
	"gpwbench/internal/f32"
	"gpwbench/results"
	"gpwbench/train/headfile"
)

// keptNeighbours is the number of neighbours of each query that a run keeps.
const keptNeighbours = 10

// neighbours writes the nearest rows of each test query in the form of gpw eval, with the
// places of rows in the data set. The embeddings of the test are in memory meanwhile, or
// in files of their own where they are large.
func (s *loadedDataset) neighbours(ctx context.Context, h *headfile.Head) (results.Content, error) {
	test := s.testEmbeddings(h)
	memory := new(featureMemory)
	defer memory.release()
	x, err := memory.matrix(len(test.Rows), test.Dim)
	if err != nil {
		return nil, err
	}
	at := 0
	err = test.Each(func(row []float32) error {
		copy(x.Row(at), row)
		at++
		return nil
	})
	if err != nil {
		return nil, err
	}

	side := func(rows []int) (l *report.Labelled, err error) {
		of := x
		if places := placesAmong(test.Rows, rows); places != nil {
			if of, err = memory.matrix(len(rows), test.Dim); err != nil {
				return nil, err
			}
			f32.Gather(of, x, places)
		}
		return &report.Labelled{Vectors: retrieval.Float32(of), Labels: pick(s.data.Labels, rows), Names: s.data.Names}, nil
	}
	query, err := side(s.split.Query)
	if err != nil {
		return nil, err
	}
	var gallery *report.Labelled
	among := s.split.Query
	if !s.split.GalleryIsQuery {
		if gallery, err = side(s.split.Gallery); err != nil {
			return nil, err
		}
		among = s.split.Gallery
	}
	all, err := report.Nearest(ctx, *query, gallery, keptNeighbours)
	if err != nil {
		return nil, err
	}
	all.Renumber(s.split.Query, among)

	var b bytes.Buffer
	if err := report.WriteNeighbours(&b, "csv", all); err != nil {
		return nil, err
	}
	return results.Bytes(b.Bytes()), nil
}

// neighboursBytes is the most that the file of neighbours may take.
func (s *loadedDataset) neighboursBytes() float64 {
	lines := len(s.split.Query) * min(keptNeighbours, len(s.split.Gallery))
	label := 0
	for _, l := range s.queryLabels {
		label = max(label, len(strconv.Itoa(l)))
	}
	for _, l := range s.galleryLabels {
		label = max(label, len(strconv.Itoa(l)))
	}
	row := len(strconv.Itoa(len(s.data.Labels)))
	line := 2*row + len("10") + len("-1.23456e-05") + label + len("false") + len(",,,,,\n")
	name := 0
	for _, n := range s.data.Names {
		name = max(name, len(fmt.Sprintf(",%q", n)))
	}
	return float64(lines * (line + name))
}
