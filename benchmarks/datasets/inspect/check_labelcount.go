package inspect

import "fmt"

// labelCount finds labels that are not as many as the rows.
func labelCount(s *Subject) []Finding {
	if s.X == nil || s.Labels == nil || s.X.N == len(s.Labels) {
		return nil
	}
	f := Finding{Severity: Error, Count: len(s.Labels) - s.X.N,
		Text:   fmt.Sprintf("%s, and %d labels", rows(s.X.N), len(s.Labels)),
		Advice: "give the file of labels that was written with these features",
	}
	switch {
	case s.X.D == len(s.Labels) && s.X.D > 1:
		f.Text += "; there is a column for each label, so the features may be transposed"
		f.Advice = "give " + s.Path + ":.T, or NAME.T behind the colon"
	case f.Count == 1 || f.Count == -1:
		f.Text += "; one more or less is often a header that was read as a row, or a last line that was lost"
		f.Advice = "compare the first and the last rows of both files; the finding out_of_step, if there is one, says at which end"
	}
	return []Finding{f}
}
