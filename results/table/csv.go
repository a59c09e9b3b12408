package table

import (
	"bytes"
	"fmt"
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
	var metrics []string
	var published []PublishedValue
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

	header := []string{"dataset", "label", "loss", "preset", "head", "protocol", "n"}
	for _, m := range metrics {
		header = append(header, m+"_mean", m+"_sd", m+"_low", m+"_high")
	}
	for _, c := range published {
		header = append(header, fmt.Sprintf("published %s (%s, %d-d, %s)", c.Metric, benchmarkTitle(c.Dataset), c.Dim, c.Backbone))
	}
	header = append(header, "preprocess", "warnings")
	chosen := t.choosesAnything()
	if chosen {
		header = append(header, "chosen")
	}
	elsewhere := t.anyElsewhere()
	if elsewhere {
		header = append(header, "kind")
	}
	g := &output.Grid{Header: header}

	for _, b := range t.Blocks {
		for _, r := range b.Rows {
			line := []string{b.datasetCell(), r.Label, r.Loss, r.Preset, r.Head, r.Protocol, strconv.Itoa(len(r.Runs))}
			for _, m := range metrics {
				line = append(line, csvStat(r.Metrics, m)...)
			}

			for _, c := range published {
				value := ""
				if i := slices.IndexFunc(r.Published, func(o PublishedValue) bool { return sameColumn(c, o) }); i >= 0 {
					value = shortest(r.Published[i].Value)
				}
				line = append(line, value)
			}

			line = append(line, r.Preprocess, strings.Join(r.warnings(), "; "))
			if chosen {
				line = append(line, r.chosenCell())
			}
			if elsewhere {
				line = append(line, r.Kind)
			}
			g.Add(line...)
		}
	}

	return g.Write(out, "csv")
}

func csvStat(metrics map[string]stats.Stat, name string) []string {
	s, ok := metrics[name]
	switch {
	case !ok:
		return []string{"", "", "", ""}
	case s.SD == nil:
		return []string{shortest(s.Mean), "", "", ""}
	}
	return []string{shortest(s.Mean), shortest(*s.SD), shortest(*s.Low), shortest(*s.High)}
}

func shortest(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
