package inspect

import "fmt"

// floatLabels finds labels that are whole numbers stored as floats.
func floatLabels(s *Subject) []Finding {
	if !s.FloatLabel {
		return nil
	}
	return []Finding{{Severity: Error,
		Text:   fmt.Sprintf("labels are whole numbers of the type %s", s.LabelType),
		Advice: "save arr.astype(np.int64): labels that went through float arithmetic are refused elsewhere, because 0.1 and 0.2 would both be class 0",
	}}
}
