package inspect

import (
	"fmt"
	"strconv"
)

// mixedLabels finds labels of which some are numbers and the others words. They are read
// as words, because a class may be called 911.
func mixedLabels(s *Subject) []Finding {
	if s.Names == nil {
		return nil
	}
	var numbers, words []int
	for i, l := range s.Labels {
		if _, err := strconv.Atoi(s.class(l)); err == nil {
			numbers = append(numbers, i)
		} else {
			words = append(words, i)
		}
	}
	if len(numbers) == 0 || len(words) == 0 {
		return nil
	}

	odd := numbers
	if len(words) < len(numbers) {
		odd = words
	}
	few, text := firsts(odd)
	return []Finding{{Severity: Warning, Count: len(odd), Rows: few,
		Text: fmt.Sprintf("labels are of mixed kinds, such as the number %q and the word %q; of the rarer kind: %s",
			s.class(s.Labels[numbers[0]]), s.class(s.Labels[words[0]]), text),
		Advice: "correct what is no label of a class, such as a header or a sign for a missing value; leave them if all are names of classes",
	}}
}

// mixedFiles finds a file of words and one of numbers, of which no class can be one.
func mixedFiles(before, s *Subject) []Finding {
	if before.Labels == nil || s.Labels == nil || (before.Names == nil) == (s.Names == nil) {
		return nil
	}
	return []Finding{{Severity: Error,
		Text:   fmt.Sprintf("labels are %s in the first file and %s in the second, so no class is in both", before.LabelType, s.LabelType),
		Advice: "give labels of one kind: training, queries and gallery have to agree",
	}}
}
