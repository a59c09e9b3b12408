package experiments

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/internal/npy"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train/config"
	"gpwbench/train/headfile"
)

// partFiles are the files of parts of a run, in the order of the parts.
func partFiles(id string, parts ...string) []string {
	var names []string
	for _, part := range parts {
		switch part {
		case spec.KeepHead:
			names = append(names, results.HeadFile(id))
		case spec.KeepEmbeddings:
			names = append(names, results.EmbeddingsFile(id))
		case spec.KeepNeighbours:
			names = append(names, results.NeighboursFile(id))
		}
	}
	return names
}

// filesOf are all that a job keeps beside its record. Parts are written when they are
// asked for, from the head and the features.
func (s *loadedDataset) filesOf(ctx context.Context, j job, m measured) (map[string]results.Content, error) {
	files, err := j.files(s.queries(m.scores), m.snapshots, m.moments)
	if err != nil {
		return nil, err
	}
	for _, part := range j.Parts {
		switch part {
		case spec.KeepHead:
			files[results.HeadFile(j.record.ID)] = func(w io.Writer) error { return m.head.Write(w, headMetadata(m.record)) }
		case spec.KeepEmbeddings:
			files[results.EmbeddingsFile(j.record.ID)] = func(w io.Writer) error { return s.testEmbeddings(m.head).WriteNPZ(w) }
		case spec.KeepNeighbours:
			if files[results.NeighboursFile(j.record.ID)], err = s.neighbours(ctx, m.head); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// headMetadata says in the file of a head what run it is of.
func headMetadata(r results.Record) map[string]string {
	return map[string]string{
		"run": r.ID, "dataset": r.Dataset.Name, "dataset_sha256": r.Dataset.Checksum, "row": r.Label, "kind": r.Kind,
		"seed": strconv.FormatUint(r.Seed, 10), "steps": strconv.Itoa(r.Steps),
	}
}

// Embeddings are those of some rows of a data set. They need not be in memory.
type Embeddings struct {
	Rows      []int    // of the data set, from 0, in its order
	Dim       int      // dimensions of an embedding
	Labels    []int    // the class of each row
	Names     []string // of the classes, where the data set has names; otherwise nil
	Partition []int    // 1 for a query and 2 for the gallery; nil where they are not told apart

	// Each passes the embeddings of the rows to add, in order. They are not normalised.
	Each func(add func(row []float32) error) error
}

// testEmbeddings are those of the test rows, in the order of the data set.
func (s *loadedDataset) testEmbeddings(h *headfile.Head) *Embeddings {
	e := s.embeddingsOf(s.testRows(), h)
	if !s.split.GalleryIsQuery {
		for _, row := range e.Rows {
			part := 2
			if _, query := slices.BinarySearch(s.split.Query, row); query {
				part = 1
			}
			e.Partition = append(e.Partition, part)
		}
	}
	return e
}

// embeddingsOf are the embeddings of rows of the data set.
func (s *loadedDataset) embeddingsOf(rows []int, h *headfile.Head) *Embeddings {
	e := &Embeddings{Rows: rows, Dim: h.Dim(), Names: s.data.Names}
	for _, row := range rows {
		e.Labels = append(e.Labels, s.data.Labels[row])
	}
	e.Each = func(add func(row []float32) error) error {
		for part := range slices.Chunk(rows, embeddedRows) {
			x := matrix.New(len(part), s.data.X.Cols)
			for i, row := range part {
				copy(x.Row(i), s.data.X.Row(row))
			}
			if err := h.Embed(x, add); err != nil {
				return fmt.Errorf("%s: %w", s.spec.Name, err)
			}
		}
		return nil
	}
	return e
}

// embeddedRows is the number of rows that are copied at a time.
const embeddedRows = 512

// WriteNPZ writes an archive of NumPy with the arrays embeddings (float32, rows×Dim),
// labels and rows (int64) and, where queries search a gallery, partition (int64).
func (e *Embeddings) WriteNPZ(w io.Writer) error {
	n := len(e.Rows)
	members := []npy.Member{
		{Name: "embeddings", Shape: []int{n, e.Dim}, Data: npy.Rows(e.Each)},
		{Name: "labels", Shape: []int{n}, Data: wide(e.Labels)},
		{Name: "rows", Shape: []int{n}, Data: wide(e.Rows)},
	}
	if e.Partition != nil {
		members = append(members, npy.Member{Name: "partition", Shape: []int{n}, Data: wide(e.Partition)})
	}
	return npy.WriteNPZ(w, members)
}

func wide(ints []int) []int64 {
	out := make([]int64, len(ints))
	for k, v := range ints {
		out[k] = int64(v)
	}
	return out
}

// partBytes is what a part of a run takes on the disk, in bytes, up to some hundred of a
// header. Where a dimension is chosen on held-out classes it is the most that it may be.
func (s *loadedDataset) partBytes(c PlannedRun, part string) float64 {
	d, features := s.spec, s.data.X.Cols
	dim, weights, fitted := features, 0, 0
	preprocess := d.Preprocess
	trained := c.Row != nil || c.Baseline != nil && c.Baseline.Name == spec.Untrained
	switch {
	case trained && d.Head.Trains():
		head := d.Head
		if c.Row == nil {
			head = head.Start()
		}
		if head.Dim > 0 {
			dim = head.Dim
		}
		weights = headWeights(head.Name, features, dim, hiddenUnits(head, dim))
	case c.Baseline != nil && c.Baseline.Name == spec.Raw:
		preprocess = nil
	case c.Baseline != nil && (c.Baseline.Name == spec.PCA || c.Baseline.Name == spec.Whitening):
		if c.Baseline.Name == spec.PCA {
			dim = s.pcaDim(c.Baseline)
			if _, chosen := c.Protocol.(protocol.Validated); chosen {
				dim = s.maxPCADim()
			}
		}
		weights, fitted = dim*features, 1
	}
	if part == spec.KeepNeighbours {
		return s.neighboursBytes()
	}
	if part == spec.KeepEmbeddings {
		return float64(len(s.testRows())) * (4*float64(dim) + 3*8)
	}
	for _, step := range preprocess {
		if headfile.IsFitted(step) {
			fitted++
		}
	}
	return headfile.Bytes(features, weights, fitted)
}

// priceText says what the parts that are kept take: "head 64 KiB, embeddings 1.2 MiB a
// run; 25 MiB for 20 runs". Where runs differ it is the largest.
func priceText(s *loadedDataset, runs []PlannedRun) string {
	total, largest, n := 0.0, map[string]float64{}, 0
	for _, c := range runs {
		for _, part := range c.Parts {
			bytes := s.partBytes(c, part)
			total += bytes
			largest[part] = max(largest[part], bytes)
		}
		if len(c.Parts) > 0 {
			n++
		}
	}

	var parts []string
	for _, part := range []string{spec.KeepHead, spec.KeepEmbeddings, spec.KeepNeighbours} {
		if largest[part] > 0 {
			parts = append(parts, part+" "+size(largest[part]))
		}
	}
	return fmt.Sprintf("%s a run at most; %s for %s", strings.Join(parts, ", "), size(total), counted(n, "run", "runs"))
}

// headWeights is the number of weights of a head.
func headWeights(name string, features, dim, hidden int) int {
	n := hidden * (features + dim) // of U and V
	if name != config.MLP {
		n += dim * features
	}
	return n
}
