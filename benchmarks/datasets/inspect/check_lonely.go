package inspect

import "fmt"

// lonelyQueries finds queries of a partition without a row of their class in the gallery.
func lonelyQueries(s *Subject) []Finding {
	if s.Part == nil || len(s.Part) != len(s.Labels) {
		return nil
	}
	gallery, queries := map[int]bool{}, 0
	for i, p := range s.Part {
		if p == 2 {
			gallery[s.Labels[i]] = true
		}
	}
	var lonely []int
	for i, p := range s.Part {
		if p != 1 {
			continue
		}
		queries++
		if !gallery[s.Labels[i]] {
			lonely = append(lonely, i)
		}
	}
	if len(lonely) == 0 || len(gallery) == 0 {
		return nil
	}
	few, text := firsts(lonely)
	return []Finding{{Severity: Warning, Count: len(lonely), Rows: few,
		Text:   fmt.Sprintf("%d of %d queries have no row of their class in the gallery: %s", len(lonely), queries, text),
		Advice: "expect figures over the other queries alone; some tools count these as failures",
	}}
}

// lonelyFiles finds rows of a file without a row of their class in another, which are
// queries without a match if the one is searched with the other. Files without a common
// class are training and test.
func lonelyFiles(before, s *Subject) []Finding {
	if before.Labels == nil || s.Labels == nil || (before.Names == nil) != (s.Names == nil) {
		return nil
	}
	has := map[int]bool{}
	for _, l := range s.classes {
		has[l] = true
	}
	var lonely []int
	for i, l := range before.Labels {
		if !has[l] {
			lonely = append(lonely, i)
		}
	}
	if len(lonely) == 0 || len(lonely) == len(before.Labels) {
		return nil
	}

	few, text := firsts(lonely)
	return []Finding{{Severity: Warning, Count: len(lonely), Rows: few,
		Text:   fmt.Sprintf("%d of %d rows of the first file have no row of their class in the second, so as queries of that gallery they have no match: %s", len(lonely), len(before.Labels), text),
		Advice: "expect figures over the other queries alone; give the queries before the gallery, or the training before the test, for which this means nothing",
	}}
}
