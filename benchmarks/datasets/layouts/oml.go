package layouts

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/internal/arrays"
)

// oml is the table of OpenMetricLearning: label, path, split, is_query and is_gallery of
// each image, and columns such as category that are not read. Rows of the validation that
// are query and gallery at once search each other.
var oml = Layout{
	Name:  "OML's CSV",
	Files: "a .csv with label, path, split, is_query, is_gallery",
	Read: func(p Place) (*Annotation, error) {
		var found []string
		for _, path := range p.Glob("*.csv") {
			if head, err := firstLines(path, 1); err == nil && len(head) == 1 && isOML(strings.Split(head[0], ",")) {
				found = append(found, path)
			}
		}
		switch len(found) {
		case 0:
			return nil, nil
		case 1:
			return readOML(found[0])
		}
		return nil, fmt.Errorf("%s are in one folder: give the one that is meant", strings.Join(found, ", "))
	},
}

var omlColumns = []string{"label", "path", "split", "is_query", "is_gallery"}

func isOML(header []string) bool {
	for _, column := range omlColumns {
		if !slices.Contains(header, column) && !slices.Contains(header, `"`+column+`"`) {
			return false
		}
	}
	return true
}

func readOML(path string) (*Annotation, error) {
	text, err := readText(path)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	at := map[string]int{}
	for k, name := range header {
		at[name] = k
	}

	dir := filepath.Dir(path)
	a := &Annotation{Files: []string{path}, folders: []string{dir, filepath.Dir(dir)}}
	var classes []string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err) // with its line
		}
		part, err := omlPart(row[at["split"]], row[at["is_query"]], row[at["is_gallery"]])
		if err == nil && (row[at["path"]] == "" || row[at["label"]] == "") {
			err = errors.New("lacks a path or a label")
		}
		if err != nil {
			line, _ := r.FieldPos(0)
			return nil, fmt.Errorf("%s: line %d %w", path, line, err)
		}
		a.Paths, classes, a.Parts = append(a.Paths, slashed(row[at["path"]])), append(classes, strings.Clone(row[at["label"]])), append(a.Parts, part)
	}
	a.Labels, a.Names = numbersOrNames(classes)
	return a, nil
}

// omlPart is what a row is for.
func omlPart(split, isQuery, isGallery string) (int, error) {
	switch part, ok := arrays.ParsePart(split); {
	case ok && part == datasets.TrainPart:
		return part, nil
	case !ok || part != datasets.TestPart:
		return 0, fmt.Errorf("has the split %.40q, want train or validation", split)
	}

	query, err := omlBool("is_query", isQuery)
	if err != nil {
		return 0, err
	}
	gallery, err := omlBool("is_gallery", isGallery)
	switch {
	case err != nil:
		return 0, err
	case query && gallery:
		return datasets.TestPart, nil
	case query:
		return datasets.QueryPart, nil
	case gallery:
		return datasets.GalleryPart, nil
	}
	return 0, errors.New("is of the validation and neither query nor gallery: set is_query or is_gallery, or leave the row out")
}

// omlBool reads a truth value as pandas and others write it.
func omlBool(column, text string) (bool, error) {
	switch text {
	case "True", "true", "TRUE", "1", "1.0":
		return true, nil
	case "False", "false", "FALSE", "0", "0.0":
		return false, nil
	}
	return false, fmt.Errorf("has %s = %.40q, want True or False", column, text)
}

// numbersOrNames takes labels that are whole numbers as they are, and numbers the others.
func numbersOrNames(classes []string) (labels []int, names []string) {
	labels = make([]int, len(classes))
	for i, c := range classes {
		v, err := strconv.Atoi(c)
		if err != nil {
			return arrays.NumberWords(classes)
		}
		labels[i] = v
	}
	return labels, nil
}
