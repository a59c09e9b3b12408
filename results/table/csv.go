package table

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"gpwbench/internal/output"
	"gpwbench/results"
	"gpwbench/results/stats"
)

// csv has one line for each row, the blocks under one another. A column that a block
// lacks is empty there.
func (t *Table) csv(out *bytes.Buffer) error {
	metrics, published := t.csvColumns()
	swept := t.sweptPaths()
	header := append([]string{"dataset", "label"}, sweptHeaders(swept)...)
	header = append(header, "loss", "preset", "head", "protocol", "n")
	for _, m := range metrics {
		header = append(header, m+"_mean", m+"_sd", m+"_low", m+"_high")
	}
	for _, c := range published {
		title := c.header(c.Metric)
		header = append(header, title, title+" status")
	}
	header = append(header, "preprocess", "warnings")
	chosen, more, marked, elsewhere := t.choosesAnything(), t.intervalColumns(), t.markedMetrics(), append(t.elsewhereColumns(), t.notComparedColumns()...)
	if chosen {
		header = append(header, "chosen")
	}
	header = append(header, more.header...)
	for _, m := range marked {
		header = append(header, m+"_mark")
	}
	for _, c := range elsewhere {
		header = append(header, c.name)
	}
	g := &output.Grid{Header: header}

	for _, b := range t.Blocks {
		for k, r := range b.Rows {
			line := append([]string{b.datasetCell(), r.Label}, r.sweptFields(swept)...)
			line = append(line, r.Loss, r.Preset, r.Head, r.Protocol, strconv.Itoa(len(r.Runs)))
			for _, m := range metrics {
				line = append(line, csvStat(r.Metrics, m)...)
			}

			for _, c := range published {
				value, status := "", ""
				if i := slices.IndexFunc(r.Published, func(o PublishedValue) bool { return sameColumn(c, o) }); i >= 0 {
					value, status = shortest(r.Published[i].Value), r.Published[i].Status
				}
				line = append(line, value, status)
			}

			line = append(line, r.Preprocess, strings.Join(r.warnings(), "; "))
			if chosen {
				line = append(line, r.chosenCell())
			}
			line = append(line, more.cells(b, k)...)
			for _, m := range marked {
				line = append(line, r.markWord(m))
			}
			for _, c := range elsewhere {
				line = append(line, c.of(r))
			}
			g.Add(line...)
		}
	}

	return g.Write(out, "csv")
}

// csvColumns are the metrics and the published columns of all blocks.
func (t *Table) csvColumns() (metrics []string, published []PublishedValue) {
	for _, b := range t.Blocks {
		for _, m := range b.allMetrics() {
			if !slices.Contains(metrics, m) {
				metrics = append(metrics, m)
			}
		}
		for _, c := range b.allPublished() {
			if !slices.ContainsFunc(published, func(o PublishedValue) bool { return sameColumn(c, o) }) {
				published = append(published, c)
			}
		}
	}

	slices.SortFunc(metrics, results.CompareMetrics)
	return metrics, published
}

func csvStat(metrics map[string]stats.Stat, name string) []string {
	s, ok := metrics[name]
	switch {
	case !ok:
		return []string{"", "", "", ""}
	case s.SD == nil:
		return []string{shortest(s.Mean), "", "", ""}
	}
	return []string{shortest(s.Mean), shortest(*s.SD), shortestOf(s.Low), shortestOf(s.High)}
}

func shortestOf(v *float64) string {
	if v == nil {
		return ""
	}
	return shortest(*v)
}

func shortest(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// sweptPaths are the swept settings of all blocks, each once.
func (t *Table) sweptPaths() []string {
	var paths []string
	for _, b := range t.Blocks {
		for _, path := range b.Swept {
			if !slices.Contains(paths, path) {
				paths = append(paths, path)
			}
		}
	}
	return paths
}
