package table

import (
	"fmt"
	"slices"
	"strings"
)

// sourceNotes say where published numbers were read, once for all metrics of one source.
type sourceNotes struct {
	rows    groupedNotes
	metrics map[string][]string
}

// add notes where a number beside a row was read.
func (s *sourceNotes) add(c PublishedValue, row string) {
	source := c.Paper
	if c.Note != "" {
		source += "; " + c.Note
	}
	text := fmt.Sprintf("at %s dimensions on %s: %s", thousands(c.Dim), benchmarkTitle(c.Dataset), source)
	if c.Ensemble != "" {
		text, row = c.Ensemble+", "+text, strings.TrimSuffix(row, ", "+c.Ensemble)
	}
	s.rows.add(text, row)

	text = strings.TrimSuffix(text, ".") // as groupedNotes does
	if s.metrics == nil {
		s.metrics = map[string][]string{}
	}
	if m := metricTitle(c.Metric); !slices.Contains(s.metrics[text], m) {
		s.metrics[text] = append(s.metrics[text], m)
	}
}

func (s *sourceNotes) named() []string {
	n := s.rows.named()
	for k, text := range s.rows.texts {
		n[k] = "Published " + strings.Join(s.metrics[text], ", ") + " " + n[k]
	}
	return n
}
