package cli

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gpwbench/gpw/probe"
	"gpwbench/plots"
)

// movingLosses are shown while the positives move where there are more losses than lines: mining, the same weights without it, a count, and
// soft-maxes with and without the positives.
var movingLosses = []string{"multi_similarity.official", "multi_similarity.weighting", "triplet.gpw", "nca.log", "npairs.all_pairs"}

// figureFormat returns the format that the extension of --figure names.
func figureFormat(path string) (string, error) {
	extension := strings.TrimPrefix(filepath.Ext(path), ".")
	if !slices.Contains(figureFormats, extension) {
		return "", usagef("--figure %s: write a file .%s", path, strings.Join(figureFormats, ", ."))
	}
	return extension, nil
}

// writeProbeFigure writes the figure of the cases, and its data as CSV beside it; where there are more losses than have room on a page, the
// next pages to files _2, _3 and so on. The weights of moving positives are on the last.
func writeProbeFigure(path string, results []probe.Result) error {
	format, err := figureFormat(path)
	if err != nil {
		return err
	}
	var all, moving []*plots.Scenario
	for k := range results {
		r := &results[k]
		one := &plots.Scenario{Loss: r.Label(), Caption: r.Choice.Caption(), Scenario: r.Scenario, Threshold: r.Threshold}
		all = append(all, one)
		if len(results) <= plots.SweepLines || slices.Contains(movingLosses, one.Loss) {
			moving = append(moving, one)
		}
	}
	formats := []string{format}
	if format != "csv" && format != "json" {
		formats = append(formats, "csv")
	}
	type file struct {
		path, format string
		figure       *plots.Figure
	}
	var files []file
	page := 0
	for rows := range slices.Chunk(all, plots.ScenarioRows) {
		stem := strings.TrimSuffix(path, "."+format)
		if page++; page > 1 {
			stem += "_" + strconv.Itoa(page)
		}
		var below []*plots.Scenario
		if page*plots.ScenarioRows >= len(all) {
			below = moving
		}
		figure := plots.Scenarios(rows, below)
		for _, f := range formats {
			files = append(files, file{stem + "." + f, f, figure})
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
		data, err := encode(f.figure, f.format)
		if err != nil {
			return err
		}
		if err := writeFile(f.path, data); err != nil {
			return err
		}
	}
	return nil
}
