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
