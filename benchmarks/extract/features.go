package extract

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"gpwbench/internal/arrays"
	"gpwbench/internal/npy"
)

// Features are the rows of a job that is done. The rows are read from the file of the job
// while they are written, so the job is closed afterwards.
type Features struct {
	Rows, Cols int
	Images     []Image   // of the rows
	Labels     []int64   // of the rows; nil if the images have no classes
	Classes    []string  // by label; nil if labels are integers, or none
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
	for batch, rec := range f.records {
		bad := map[string]bool{}
		for _, s := range rec.Bad {
			bad[s.Path] = true
		}
		for _, i := range j.of(batch) {
			if !bad[i.Path] {
				f.Images = append(f.Images, i)
			}
		}
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
		return nil, fmt.Errorf("none of %d images can be decoded; the first: %s: %s", len(j.images), f.Skipped[0].Path, f.Skipped[0].Why)
	}
	if len(f.Images) != f.Rows {
		return nil, errors.New("a path is listed twice, and its file changed between the two: extract again")
	}
	f.Labels, f.Classes = Labels(f.Images)
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
// images_sha256 the [Features.Contents], paths the path of each row, classes the name of
// each label and skipped the images that were left out. All but the second are JSON.
// With labels or images of no kind the last two are missing.
func (f *Features) Metadata() (map[string]string, error) {
	paths := make([]string, len(f.Images))
	for k, i := range f.Images {
		paths[k] = i.Path
	}
	parts := map[string]any{"extract": f.Recipe, "paths": paths}
	if f.Classes != nil {
		parts["classes"] = f.Classes
	}
	if f.Skipped != nil {
		parts["skipped"] = f.Skipped
	}

	all := map[string]string{"images_sha256": f.Contents}
	for key, value := range parts {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		all[key] = string(text)
	}
	return all, nil
}

// WriteSafetensors writes the tensors features, rows×cols float32, and labels, one int64
// a row, if there are labels. [Features.Metadata] are in its header.
func (f *Features) WriteSafetensors(w io.Writer) error {
	metadata, err := f.Metadata()
	if err != nil {
		return err
	}
	tensors := []arrays.Tensor{{Name: "features", Type: "float32", Shape: []int{f.Rows, f.Cols}, Write: f.write}}
	if f.Labels != nil {
		tensors = append(tensors, arrays.NewTensor("labels", []int{f.Rows}, f.Labels))
	}
	return arrays.WriteSafetensors(w, tensors, metadata)
}

// WriteNPY writes the rows alone, rows×cols float32.
func (f *Features) WriteNPY(w io.Writer) error {
	if err := npy.WriteFloat32Header(w, []int{f.Rows, f.Cols}); err != nil {
		return err
	}
	return f.write(w)
}

// WriteList writes the path and the label of each row as CSV, in the form that [List]
// reads. A label is its name where it has one.
func (f *Features) WriteList(w io.Writer) error {
	c := csv.NewWriter(w)
	head := []string{"path", "label"}
	if f.Labels == nil {
		head = head[:1]
	}
	if err := c.Write(head); err != nil {
		return err
	}
	for k, i := range f.Images {
		line := []string{i.Path}
		if f.Classes != nil {
			line = append(line, i.Label)
		} else if f.Labels != nil {
			line = append(line, strconv.FormatInt(f.Labels[k], 10))
		}
		if err := c.Write(line); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// WriteJSON writes [Features.Metadata] as one object, without the paths, and the shape.
func (f *Features) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Shape    [2]int    `json:"shape"`
		Extract  Recipe    `json:"extract"`
		Contents string    `json:"images_sha256"`
		Classes  []string  `json:"classes,omitempty"`
		Skipped  []Skipped `json:"skipped,omitempty"`
	}{[2]int{f.Rows, f.Cols}, f.Recipe, f.Contents, f.Classes, f.Skipped})
}
