// Package headfile holds all that leads from raw features to embeddings, the fitted steps
// of a preprocessing and the weights of a head, and its file.
//
// [Head.Write] writes a safetensors file. [Head.Arrays] are its arrays, for other
// formats:
//
//	preprocess.K.NAME  float64, 1×features: step K from 0: the means of center, the
//	                   deviations of scale; 1×0 for sqrt and l2
//	W, U, V            float32, the weights; those that a head lacks are not there
//	identity           float64, 1×0, of a head without any of these: x stays
//
// The steps are applied in order: center subtracts, scale divides, sqrt takes the root
// and l2 divides a row by its length. Then x is mapped to W·x + V·relu(U·x), of which
// terms without weights are left out; without any, x is the embedding. Embeddings are not
// normalised.
package headfile

import (
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"

	"gpwbench/internal/arrays"
	"gpwbench/internal/npy"
	"gpwbench/matrix"
	"gpwbench/train"
	"gpwbench/train/config"
)

// A Head leads from raw features to embeddings. It does not change once it is made, and
// may be used by several goroutines.
type Head struct {
	Features int // that a row has
	Steps    []train.PreprocessStep
	Weights  train.Weights // without rows for a head that maps nothing
}

// New returns a head of fitted steps and weights, neither copied. A linear map's mean,
// nil for none, is subtracted as one more step.
func New(features int, p *train.Preprocess, mean []float32, w train.Weights) *Head {
	h := &Head{Features: features, Steps: p.Steps(), Weights: w}
	if mean != nil {
		wide := make([]float64, len(mean))
		for k, v := range mean {
			wide[k] = float64(v)
		}
		h.Steps = append(h.Steps, train.PreprocessStep{Name: center, Values: wide})
	}
	return h
}

const (
	center = config.Center
	scale  = config.Scale
)

// Dim is the number of dimensions of the embeddings.
func (h *Head) Dim() int { return h.Weights.Dim(h.Features) }

// blockRows is the number of rows that are embedded at a time.
const blockRows = 512

// Embed passes the embeddings of the rows of x to add, in order; add may not keep a row.
// Beside x a block of rows is in memory. Rows of another number of features, and rows
// that a step does not take, are errors.
func (h *Head) Embed(x matrix.Matrix, add func(row []float32) error) error {
	p, err := train.NewPreprocess(h.Features, h.Steps)
	if err != nil {
		return err
	}
	if x.Cols != h.Features {
		return fmt.Errorf("headfile: rows have %d features, and the head is of %d", x.Cols, h.Features)
	}
	for from := 0; from < x.Rows; from += blockRows {
		block, err := p.Apply(x.Slice(from, min(from+blockRows, x.Rows)))
		if err != nil {
			return err
		}
		e, err := h.mapped(block)
		if err != nil {
			return err
		}
		for i := range e.Rows {
			if err := add(e.Row(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// mapped maps preprocessed rows. A row of zeros is no error here where the head is a
// linear map, as it is none of a baseline.
func (h *Head) mapped(x matrix.Matrix) (matrix.Matrix, error) {
	switch w := h.Weights; {
	case w.V.Rows > 0:
		return train.Embed(x, w)
	case w.W.Rows > 0:
		return (&train.Linear{W: w.W}).Apply(x)
	}
	return x, nil
}

// An Array is one array of a head. One of Floats and Wide has its elements, in C order.
type Array struct {
	Name   string
	Shape  []int
	Floats []float32
	Wide   []float64
}

// WriteNPY writes the array as a file of NumPy.
func (a *Array) WriteNPY(w io.Writer) error {
	if a.Wide != nil {
		return npy.WriteFloat64(w, a.Shape, a.Wide)
	}
	return npy.WriteFloat32(w, a.Shape, a.Floats)
}

// Arrays returns the arrays of the head, the steps first. Steps are not copied.
func (h *Head) Arrays() []Array {
	var all []Array
	for k, step := range h.Steps {
		values := step.Values
		if values == nil {
			values = []float64{}
		}
		all = append(all, Array{Name: fmt.Sprintf("%s%d.%s", stepPrefix, k, step.Name), Shape: []int{1, len(values)}, Wide: values})
	}
	for _, p := range h.parts() {
		if m := *p.of; m.Rows > 0 {
			all = append(all, Array{Name: p.name, Shape: []int{m.Rows, m.Cols}, Floats: elements(m)})
		}
	}
	if len(all) == 0 {
		all = append(all, Array{Name: identity, Shape: []int{1, 0}, Wide: []float64{}})
	}
	return all
}

const identity = "identity"

// elements are those of a matrix without gaps, copied where it has some.
func elements(m matrix.Matrix) []float32 {
	if m.Stride != m.Cols {
		m = m.Clone()
	}
	return m.Data[:m.Rows*m.Cols]
}

const stepPrefix = "preprocess."

// A part is a matrix of the weights.
type part struct {
	name string
	of   *matrix.Matrix
}

func (h *Head) parts() []part {
	return []part{{"W", &h.Weights.W}, {"U", &h.Weights.U}, {"V", &h.Weights.V}}
}

// Formula says how preprocessed features x become an embedding.
func (h *Head) Formula() string {
	switch w := h.Weights; {
	case w.W.Rows > 0 && w.V.Rows > 0:
		return "W·x + V·relu(U·x)"
	case w.V.Rows > 0:
		return "V·relu(U·x)"
	case w.W.Rows > 0:
		return "W·x"
	}
	return "x"
}

// Keys of the metadata, which no others may have.
const (
	formatKey     = "format"
	versionKey    = "version"
	featuresKey   = "features"
	preprocessKey = "preprocess"
	embeddingKey  = "embedding"

	formatName = "gpw head"
	version    = "1"
)

// Metadata are what a head says of itself, with more of the caller's: format and version;
// features, their number; preprocess, the names of the steps; embedding, the formula.
func (h *Head) Metadata(more map[string]string) map[string]string {
	names := []string{}
	for _, step := range h.Steps {
		names = append(names, step.Name)
	}
	all := maps.Clone(more)
	if all == nil {
		all = map[string]string{}
	}
	all[formatKey], all[versionKey], all[featuresKey] = formatName, version, strconv.Itoa(h.Features)
	all[preprocessKey], all[embeddingKey] = strings.Join(names, ","), h.Formula()
	return all
}

// Write writes the head as a safetensors file. Equal heads and metadata give equal bytes.
func (h *Head) Write(w io.Writer, more map[string]string) error {
	var tensors []arrays.Tensor
	for _, a := range h.Arrays() {
		if a.Wide != nil {
			tensors = append(tensors, arrays.NewTensor(a.Name, a.Shape, a.Wide))
			continue
		}
		tensors = append(tensors, arrays.NewTensor(a.Name, a.Shape, a.Floats))
	}
	return arrays.WriteSafetensors(w, tensors, h.Metadata(more))
}

// IsFitted reports whether a step of a preprocessing has a value for each feature.
func IsFitted(step string) bool { return step == center || step == scale }

// Bytes is the size of the file, without its header, of a head of so many features and
// weights with steps of so many values.
func Bytes(features, weights, fitted int) float64 {
	return 4*float64(weights) + 8*float64(features)*float64(fitted)
}

// WriteNPZ writes the head as an archive of NumPy, which has no metadata.
func (h *Head) WriteNPZ(w io.Writer) error {
	var members []npy.Member
	for _, a := range h.Arrays() {
		m := npy.Member{Name: a.Name, Shape: a.Shape, Data: a.Floats}
		if a.Wide != nil {
			m.Data = a.Wide
		}
		members = append(members, m)
	}
	return npy.WriteNPZ(w, members)
}
