package inspect

import "fmt"

const closedAdvice = "split by class, so that no test class is trained on; retrieval of classes that were seen is another and an easier task"

// closedPartition finds classes that a partition has in the training and in the test.
func closedPartition(s *Subject) []Finding {
	if s.Part == nil || len(s.Part) != len(s.Labels) {
		return nil
	}
	train, test := map[int]bool{}, map[int]bool{}
	for i, p := range s.Part {
		if p == 0 {
			train[s.Labels[i]] = true
		} else {
			test[s.Labels[i]] = true
		}
	}
	both := 0
	for l := range test {
		both += b2i(train[l])
	}
	if both == 0 {
		return nil
	}
	return []Finding{{Severity: Error, Count: both,
		Text:   fmt.Sprintf("%d of %d test classes are training classes too: this is a closed-set split", both, len(test)),
		Advice: closedAdvice,
	}}
}

// closedFiles finds classes that two files have.
func closedFiles(before, s *Subject) []Finding {
	if before.Labels == nil || s.Labels == nil || (before.Names == nil) != (s.Names == nil) {
		return nil
	}
	has := map[int]bool{}
	for _, l := range before.classes {
		has[l] = true
	}
	both := 0
	for _, l := range s.classes {
		both += b2i(has[l])
	}
	if both == 0 {
		return nil
	}
	return []Finding{{Severity: Warning, Count: both,
		Text:   fmt.Sprintf("%d of the %d classes of the second file are in the first: as training and test this is a closed-set split, as queries and gallery it is right", both, len(s.classes)),
		Advice: closedAdvice + "; if both files number their classes from 0 and mean different ones, give the names in place of the numbers",
	}}
}
