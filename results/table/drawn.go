package table

import "fmt"

// drawnNotes say what the batches of the runs on a data set left out, and which anchors
// had no positive there. Nothing is said where nothing was left out.
func drawnNotes(b Block) []string {
	var rows, alone span
	classes := 0
	for _, r := range b.Rows {
		for _, run := range r.Runs {
			if d := run.Drawn; d != nil && d.Anchors > 0 && b.Dataset.TrainRows > 0 {
				rows.add(1 - float64(d.Rows)/float64(b.Dataset.TrainRows))
				alone.add(float64(d.WithoutPositives) / float64(d.Anchors))
				classes = max(classes, b.Dataset.TrainClasses-d.Classes)
			}
		}
	}

	var n []string
	if rows.high > 0 {
		text := fmt.Sprintf("%s: %s of the training rows were in no batch of a run", b.datasetCell(), rows)
		if classes > 0 {
			text += fmt.Sprintf(", nor was any row of up to %s of the %s classes", thousands(classes), thousands(b.Dataset.TrainClasses))
		}
		n = append(n, text+".")
	}

	if alone.high > 0 {
		n = append(n, fmt.Sprintf("%s: %s of the anchors had no positive to compare with.", b.datasetCell(), alone))
	}
	return n
}

// A span is the smallest and the largest of fractions.
type span struct {
	low, high float64
	any       bool
}

func (s *span) add(v float64) {
	if !s.any {
		s.low, s.high, s.any = v, v, true
	}
	s.low, s.high = min(s.low, v), max(s.high, v)
}

// String is the span in percent. What is more than nothing is not printed as 0.0.
func (s span) String() string {
	if s.high < 0.001 {
		return "less than 0.1 %"
	}
	if low := percent(s.low); low != percent(s.high) {
		return low + " to " + percent(s.high) + " %"
	}
	return percent(s.high) + " %"
}
