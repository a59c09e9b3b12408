package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gpwbench/internal/output"
	"gpwbench/results"
)

// WriteRuns writes a line of CSV for each run, for statistics elsewhere. The columns are
// dataset, row (the label), kind, seed, steps and id; then one for each setting of some
// run, by its path in the settings of a record (loss.params.margin), in the order of the
// paths; then one for each metric, in fractions of 1. A cell is empty where a run has no
// such setting or metric. A list is in one cell, its elements divided by spaces.
func WriteRuns(w io.Writer, records []results.Record) error {
	settings, paths := make([]map[string]string, len(records)), map[string]bool{}
	metrics := map[string]bool{}
	for k, r := range records {
		flat, err := flatSettings(r)
		if err != nil {
			return err
		}
		settings[k] = flat
		for path := range flat {
			paths[path] = true
		}
		for key := range r.Metrics {
			metrics[key] = true
		}
	}

	columns := slices.Sorted(maps.Keys(paths))
	measured := slices.SortedFunc(maps.Keys(metrics), results.CompareMetrics)
	g := &output.Grid{Header: slices.Concat([]string{"dataset", "row", "kind", "seed", "steps", "id"}, columns, measured)}
	for k, r := range records {
		line := []string{r.Dataset.Name, r.Label, r.Kind, strconv.FormatUint(r.Seed, 10), strconv.Itoa(r.Steps), r.ID}
		for _, path := range columns {
			line = append(line, settings[k][path])
		}
		for _, key := range measured {
			value := ""
			if v, ok := r.Metrics[key]; ok {
				value = shortest(v)
			}
			line = append(line, value)
		}
		g.Add(line...)
	}

	var b bytes.Buffer
	if err := g.Write(&b, "csv"); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// flatSettings are the settings of a run by their paths, without those that have columns
// of their own.
func flatSettings(r results.Record) (map[string]string, error) {
	d := json.NewDecoder(bytes.NewReader(r.Settings))
	d.UseNumber() // the digits of the record
	var settings map[string]any
	if err := d.Decode(&settings); err != nil {
		return nil, fmt.Errorf("results/table: the settings of run %.12s: %w", r.ID, err)
	}
	for _, own := range []string{"label", "kind", "seed"} {
		delete(settings, own)
	}
	flat := map[string]string{}
	flatten(flat, "", settings)
	return flat, nil
}

func flatten(to map[string]string, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			flatten(to, strings.TrimPrefix(path+"."+key, "."), inner)
		}
	case []any:
		var cells []string
		for _, e := range v {
			cells = append(cells, fmt.Sprint(e))
		}
		to[path] = strings.Join(cells, " ")
	case nil:
	default:
		to[path] = fmt.Sprint(v)
	}
}
