package experiments

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"gpwbench/internal/arrays"
	"gpwbench/internal/npy"
)

// WriteNPY writes the embeddings alone, rows×Dim float32.
func (e *Embeddings) WriteNPY(w io.Writer) error {
	return npy.WriteRows(w, len(e.Rows), e.Dim, e.Each)
}

// WriteSafetensors writes the arrays of [Embeddings.WriteNPZ] as tensors, with metadata.
func (e *Embeddings) WriteSafetensors(w io.Writer, metadata map[string]string) error {
	n := len(e.Rows)
	tensors := []arrays.Tensor{
		{Name: "embeddings", Type: "float32", Shape: []int{n, e.Dim}, Write: e.writeElements},
		arrays.NewTensor("labels", []int{n}, wide(e.Labels)),
		arrays.NewTensor("rows", []int{n}, wide(e.Rows)),
	}
	if e.Partition != nil {
		tensors = append(tensors, arrays.NewTensor("partition", []int{n}, wide(e.Partition)))
	}
	return arrays.WriteSafetensors(w, tensors, metadata)
}

// writeElements writes the embeddings, the least significant byte first.
func (e *Embeddings) writeElements(w io.Writer) error {
	var buf []byte
	return e.Each(func(row []float32) error {
		buf = buf[:0]
		for _, v := range row {
			bits := math.Float32bits(v)
			buf = append(buf, byte(bits), byte(bits>>8), byte(bits>>16), byte(bits>>24))
		}
		_, err := w.Write(buf)
		return err
	})
}

// Projector returns the files of TensorBoard's embedding projector by their names:
// vectors.tsv, a line of numbers for each row; metadata.tsv, a header and a line for each
// row with row, label and, where there are some, the name of the class and the part; and
// projector_config.pbtxt, which names them.
func (e *Embeddings) Projector() map[string]func(w io.Writer) error {
	return map[string]func(w io.Writer) error{
		"vectors.tsv":  e.writeVectors,
		"metadata.tsv": e.writeMetadata,
		"projector_config.pbtxt": func(w io.Writer) error {
			_, err := io.WriteString(w, "embeddings {\n  tensor_name: \"embeddings\"\n  tensor_path: \"vectors.tsv\"\n  metadata_path: \"metadata.tsv\"\n}\n")
			return err
		},
	}
}

// writeVectors writes each number with the digits that give the same float32 back.
func (e *Embeddings) writeVectors(w io.Writer) error {
	var line []byte
	return e.Each(func(row []float32) error {
		line = line[:0]
		for k, v := range row {
			if k > 0 {
				line = append(line, '\t')
			}
			line = strconv.AppendFloat(line, float64(v), 'g', -1, 32)
		}
		_, err := w.Write(append(line, '\n'))
		return err
	})
}

// unsplit replaces what would divide a cell of TSV.
var unsplit = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")

func (e *Embeddings) writeMetadata(w io.Writer) error {
	b := bufio.NewWriter(w)
	b.WriteString("row\tlabel")
	if e.Names != nil {
		b.WriteString("\tclass")
	}
	if e.Partition != nil {
		b.WriteString("\tpart")
	}
	b.WriteByte('\n')
	for k, row := range e.Rows {
		fmt.Fprintf(b, "%d\t%d", row, e.Labels[k])
		if e.Names != nil {
			b.WriteString("\t" + unsplit.Replace(e.Names[e.Labels[k]]))
		}
		if e.Partition != nil {
			b.WriteString("\t" + map[int]string{1: "query", 2: "gallery"}[e.Partition[k]])
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}
