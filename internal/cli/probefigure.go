package cli

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gpwbench/gpw/probe"
	"gpwbench/plots"
	"gpwbench/plots/figures"
)

// figureFormat returns the format that the extension of --figure names.
func figureFormat(path string) (string, error) {
	extension := strings.TrimPrefix(filepath.Ext(path), ".")
	if !slices.Contains(figures.Formats, extension) {
		return "", usagef("--figure %s: write a file .%s", path, strings.Join(figures.Formats, ", ."))
	}
	return extension, nil
}

// writeProbeFigure writes the figure of the cases.
func writeProbeFigure(path string, results []probe.Result) error {
	return writeFigurePages(path, figures.Cases(results))
}

// writeFigurePages writes figures, and the data of each as CSV beside it. All but the
// first are files with _2, _3 and so on.
func writeFigurePages(path string, pages []*plots.Figure) error {
	format, err := figureFormat(path)
	if err != nil {
		return err
	}

	formats := []string{format}
	if format != "csv" && format != "json" {
		formats = append(formats, "csv")
	}

	var files []figureFile
	for k, figure := range pages {
		stem := strings.TrimSuffix(path, "."+format)
		if k > 0 {
			stem += "_" + strconv.Itoa(k+1)
		}
		for _, f := range formats {
			files = append(files, figureFile{stem + "." + f, f, figure})
		}
	}

	for _, f := range files {
		if f.path == path {
			continue
		}
		if err := checkFigure(f.path, f.format); err != nil {
			return err
		}
	}

	for _, f := range files {
		data, err := figures.Encode(f.figure, f.format)
		if err != nil {
			return err
		}
		if err := writeFile(f.path, data); err != nil {
			return err
		}
	}

	return nil
}
