package headfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gpwbench/internal/arrays"
	"gpwbench/matrix"
	"gpwbench/train"
)

// Read reads a file that [Head.Write] wrote, with its metadata. The error of a missing
// file satisfies errors.Is(err, fs.ErrNotExist); every error names the file.
func Read(path string) (*Head, map[string]string, error) {
	f, err := arrays.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()

	h, err := read(f)
	if err != nil {
		return nil, nil, fmt.Errorf("headfile: %s: %w", path, err)
	}
	return h, f.Metadata, nil
}

func read(f *arrays.File) (*Head, error) {
	m := f.Metadata
	features, err := strconv.Atoi(m[featuresKey])
	switch {
	case m[formatKey] != formatName:
		return nil, errors.New("is no head: gpw export writes one")
	case m[versionKey] != version:
		return nil, fmt.Errorf("is a head of version %q, and this program reads %s: export it again", m[versionKey], version)
	case err != nil || features < 1:
		return nil, fmt.Errorf("is a head of %q features: export it again", m[featuresKey])
	}

	h := &Head{Features: features}
	if names := m[preprocessKey]; names != "" {
		for _, name := range strings.Split(names, ",") {
			h.Steps = append(h.Steps, train.PreprocessStep{Name: name})
		}
	}
	for _, a := range f.Arrays {
		if err := h.take(a); err != nil {
			return nil, err
		}
	}
	return h, h.check()
}

// take reads an array of the file.
func (h *Head) take(a *arrays.Array) error {
	for _, p := range h.parts() {
		if p.name != a.Name {
			continue
		}
		rows, cols, data, err := a.Float32s()
		if err != nil {
			return err
		}
		*p.of = matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: data}
		return nil
	}

	if a.Name == identity {
		return nil
	}
	place, name, _ := strings.Cut(strings.TrimPrefix(a.Name, stepPrefix), ".")
	k, err := strconv.Atoi(place)
	if err != nil || k < 0 || k >= len(h.Steps) || h.Steps[k].Name != name {
		return fmt.Errorf("has the array %q, which is none of a head of preprocess %q: export it again", a.Name, h.stepNames())
	}
	if a.Shape[len(a.Shape)-1] == 0 {
		return nil
	}
	_, _, h.Steps[k].Values, err = a.Float64s()
	return err
}

func (h *Head) stepNames() []string {
	var names []string
	for _, step := range h.Steps {
		names = append(names, step.Name)
	}
	return names
}

// check refuses arrays that do not fit each other.
func (h *Head) check() error {
	if _, err := train.NewPreprocess(h.Features, h.Steps); err != nil {
		return err
	}
	return h.Weights.Check(h.Features)
}
