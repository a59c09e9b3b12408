package kept

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"gpwbench/benchmarks/retrieval"
)

// format is the first field of every file.
const format = "gpwbench evaluation"

// An Identity says of which evaluation results are. Results of two that are equal may be
// put together.
type Identity struct {
	Format    string  `json:"format"`
	Version   int     `json:"version"`
	Queries   Side    `json:"queries"`
	Gallery   *Side   `json:"gallery,omitempty"` // nil where the queries search each other
	Sample    *Sample `json:"sample,omitempty"`  // nil where all queries are ranked
	BlockSize int     `json:"block_size"`
	Blocks    int     `json:"blocks"`
}

// A Side is a set of vectors with the class of each.
type Side struct {
	Rows   int    `json:"rows"`
	Cols   int    `json:"cols"`
	SHA256 string `json:"sha256"` // of the vectors
	Labels string `json:"labels"` // SHA-256 of the classes
}

// A Sample is drawn from the queries.
type Sample struct {
	Queries int    `json:"queries"`
	Seed    uint64 `json:"seed"`
}

// IdentityOf returns the identity of an evaluation, for which it reads all vectors. g is
// nil where the queries search each other, and sample where all of them are ranked.
func IdentityOf(q retrieval.Vectors, ql []int, g *retrieval.Vectors, gl []int, sample *Sample) Identity {
	n := q.Rows
	if sample != nil {
		n = min(n, sample.Queries)
	}
	id := Identity{Format: format, Version: 1, Queries: sideOf(q, ql), Sample: sample}
	if g != nil {
		gallery := sideOf(*g, gl)
		id.Gallery = &gallery
	}
	id.BlockSize, id.Blocks = retrieval.Blocks(n, q.Cols)
	return id
}

func sideOf(v retrieval.Vectors, labels []int) Side {
	values, classes := sha256.New(), sha256.New()
	v.WriteValues(values)
	var b []byte
	for i, label := range labels {
		b = binary.LittleEndian.AppendUint64(b, uint64(label))
		if len(b) == 1<<16 || i == len(labels)-1 {
			classes.Write(b)
			b = b[:0]
		}
	}
	return Side{v.Rows, v.Cols, hex.EncodeToString(values.Sum(nil)), hex.EncodeToString(classes.Sum(nil))}
}

func (id Identity) line() []byte {
	line, _ := json.Marshal(id) // of strings and integers: cannot fail
	return append(line, '\n')
}

// difference says in what another identity differs, or nothing if it does not.
func (id Identity) difference(was Identity) string {
	if was.Version != id.Version {
		return fmt.Sprintf("a file of version %d, and this program writes version %d", was.Version, id.Version)
	}
	if d := id.Queries.difference("queries", was.Queries); d != "" {
		return d
	}
	switch {
	case id.Gallery != nil && was.Gallery == nil:
		return "there was no gallery"
	case id.Gallery == nil && was.Gallery != nil:
		return "there was a gallery"
	case id.Gallery != nil:
		if d := id.Gallery.difference("gallery", *was.Gallery); d != "" {
			return d
		}
	}

	ranked := func(s *Sample) string {
		if s == nil {
			return "all queries"
		}
		return fmt.Sprintf("a sample of %d queries with the seed %d", s.Queries, s.Seed)
	}
	switch is, before := ranked(id.Sample), ranked(was.Sample); {
	case is != before:
		return fmt.Sprintf("it ranked %s, and this one ranks %s", before, is)
	case id.BlockSize != was.BlockSize || id.Blocks != was.Blocks:
		return fmt.Sprintf("there were %d blocks of %d queries, and now %d of %d", was.Blocks, was.BlockSize, id.Blocks, id.BlockSize)
	}
	return ""
}

func (s Side) difference(what string, was Side) string {
	switch {
	case s.Rows != was.Rows || s.Cols != was.Cols:
		return fmt.Sprintf("the %s were %d×%d, and are %d×%d", what, was.Rows, was.Cols, s.Rows, s.Cols)
	case s.SHA256 != was.SHA256:
		return fmt.Sprintf("the %s had other values", what)
	case s.Labels != was.Labels:
		return fmt.Sprintf("the %s had other labels", what)
	}
	return ""
}
