package extract

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"gpwbench/benchmarks/datasets"
	"gpwbench/internal/arrays"
	"gpwbench/internal/npy"
)

// Features are the rows of a job that is done. The rows are read from the file of the job
// while they are written, so the job is closed afterwards.
type Features struct {
	Rows, Cols int
	Set        *Set      // of the rows, without the images that were left out
	Skipped    []Skipped // images that were left out
	Turned     int       // images turned by their orientation
	Recipe     Recipe
	Contents   string // hex SHA-256 of the SHA-256 of the images' files, in the order of the rows

	journal *journal
	records []record
}

// Features returns the features of all images. The job must have run.
func (j *Job) Features() (*Features, error) {
	f := &Features{Recipe: j.recipe, journal: j.journal, records: j.records()}
	h := sha256.New()
	for _, rec := range f.records {
		f.Rows, f.Turned, f.Skipped = f.Rows+rec.Rows, f.Turned+rec.Turned, append(f.Skipped, rec.Bad...)
		if rec.Rows == 0 {
			continue
		}
		if f.Cols == 0 {
			f.Cols = rec.Cols
		}
		if rec.Cols != f.Cols {
			return nil, fmt.Errorf("the network gave %d features for some images and %d for others: its output depends on the batch, so choose another", f.Cols, rec.Cols)
		}
		if _, err := io.Copy(h, f.journal.digests(rec)); err != nil {
			return nil, err
		}
	}

	if f.Rows == 0 {
		return nil, fmt.Errorf("none of %d images can be decoded; the first: %s: %s", len(j.set.Paths), f.Skipped[0].Path, f.Skipped[0].Why)
	}
	f.Set = j.set.without(f.Skipped)
	f.Contents = hex.EncodeToString(h.Sum(nil))
	return f, nil
}

// write writes the rows as float32 in C order.
func (f *Features) write(w io.Writer) error {
	for _, rec := range f.records {
		if _, err := io.Copy(w, f.journal.rows(rec)); err != nil {
			return err
		}
	}
	return nil
}

// Metadata says how the features were made, as strings: extract has the [Recipe],
// images_sha256 the [Features.Contents], layout and benchmark where the images are from,
// paths the path of each row, classes the name of each label, and skipped the images that
// were left out. Recipe, paths, classes and skipped are JSON. Others are text.
func (f *Features) Metadata() (map[string]string, error) {
	parts := map[string]any{"extract": f.Recipe, "paths": f.Set.Paths}
	if f.Set.Names != nil {
		parts["classes"] = f.Set.Names
	}
	if f.Skipped != nil {
		parts["skipped"] = f.Skipped
	}

	all := map[string]string{"images_sha256": f.Contents}
	if f.Set.Layout != "" {
		all["layout"] = f.Set.Layout
	}
	if f.Set.Benchmark != "" {
		all["benchmark"] = f.Set.Benchmark
	}
	for key, value := range parts {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		all[key] = string(text)
	}
	return all, nil
}

// WriteSafetensors writes the tensor features, rows×cols float32. Of images with classes
// there is labels, one int64 a row, and of images that are divided partition, the parts
// of package datasets. [Features.Metadata] are in its header.
func (f *Features) WriteSafetensors(w io.Writer) error {
	metadata, err := f.Metadata()
	if err != nil {
		return err
	}
	tensors := []arrays.Tensor{{Name: "features", Type: "float32", Shape: []int{f.Rows, f.Cols}, Write: f.write}}
	if f.Set.Labels != nil {
		tensors = append(tensors, arrays.NewTensor("labels", []int{f.Rows}, wide(f.Set.Labels)))
	}
	if f.Set.Parts != nil {
		tensors = append(tensors, arrays.NewTensor("partition", []int{f.Rows}, wide(f.Set.Parts)))
	}
	return arrays.WriteSafetensors(w, tensors, metadata)
}

func wide(values []int) []int64 {
	all := make([]int64, len(values))
	for k, v := range values {
		all[k] = int64(v)
	}
	return all
}

// WriteNPY writes the rows alone, rows×cols float32.
func (f *Features) WriteNPY(w io.Writer) error {
	if err := npy.WriteFloat32Header(w, []int{f.Rows, f.Cols}); err != nil {
		return err
	}
	return f.write(w)
}

// WriteList writes a line for each row as CSV: its path, and label and split (train,
// query, gallery or test) where there are. A label is its name if it has one.
func (f *Features) WriteList(w io.Writer) error {
	c := csv.NewWriter(w)
	line := []string{"path"}
	if f.Set.Labels != nil {
		line = append(line, "label")
	}
	if f.Set.Parts != nil {
		line = append(line, "split")
	}
	c.Write(line) // errors stay; see below

	for k, path := range f.Set.Paths {
		line = append(line[:0], path)
		switch {
		case f.Set.Names != nil:
			line = append(line, f.Set.Names[f.Set.Labels[k]])
		case f.Set.Labels != nil:
			line = append(line, strconv.Itoa(f.Set.Labels[k]))
		}
		if f.Set.Parts != nil {
			line = append(line, datasets.PartNames[f.Set.Parts[k]])
		}
		c.Write(line)
	}
	c.Flush()
	return c.Error()
}

// WriteJSON writes the shape and [Features.Metadata] as one object. Paths are in the
// list.
func (f *Features) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Shape     [2]int    `json:"shape"`
		Extract   Recipe    `json:"extract"`
		Contents  string    `json:"images_sha256"`
		Layout    string    `json:"layout,omitempty"`
		Benchmark string    `json:"benchmark,omitempty"`
		Classes   []string  `json:"classes,omitempty"`
		Skipped   []Skipped `json:"skipped,omitempty"`
	}{[2]int{f.Rows, f.Cols}, f.Recipe, f.Contents, f.Set.Layout, f.Set.Benchmark, f.Set.Names, f.Skipped})
}
