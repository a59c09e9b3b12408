package report

import (
	"strings"
	"testing"
)

// Where a baseline is best, the answer also names the best loss and says how many or
// which losses are not told from it; both are read here from the rows and the cells.
func TestAnswerNamesBestLoss(t *testing.T) {
	type object = map[string]any
	answered := 0
	for _, dir := range []string{plainFolder(t), sweptFolder(t)} {
		folder := dataOf(t, pageOf(t, dir))[0]
		rows := folder["rows"].([]any)
		kind := func(row any) string { return rows[int(row.(float64))].(object)["kind"].(string) }
		for _, s := range folder["sets"].([]any) {
			set := s.(object)
			for metric, m := range set["measures"].(object) {
				answer := m.(object)["answer"].(string)
				var bestLoss any
				highest, beaten := -1.0, false
				for k, r := range m.(object)["rows"].([]any) {
					row, measured := set["rows"].([]any)[k], r.(object)
					if kind(row) != "loss" {
						beaten = beaten || measured["standing"] == "best"
						continue
					}
					if mean := measured["mean"].(float64); mean > highest {
						bestLoss, highest = row, mean
					}
				}
				matrix, ok := m.(object)["matrix"].(object)
				if !ok || !beaten || len(matrix["says"].([]any)) > 0 { // says that nothing is tested
					if strings.Contains(answer, "Of the") {
						t.Errorf("%s without a baseline above or a matrix is answered by %q", metric, answer)
					}
					continue
				}

				name := rows[int(bestLoss.(float64))].(object)["name"].(string)
				if !strings.Contains(answer, "losses, "+name+" has the best mean") {
					t.Errorf("the best loss in %s is %s, and the answer %q", metric, name, answer)
				}
				tied := cellsTied(matrix, bestLoss, kind)
				for other, same := range tied {
					name := rows[other].(object)["name"].(string)
					_, losses, _ := strings.Cut(answer, "Of the")
					all := strings.Contains(losses, "tells no other loss")
					_, listed, _ := strings.Cut(losses, "not told from it: ")
					if said := all || strings.Contains(listed, name); said != same {
						t.Errorf("%s in %s: tied %v, and the answer %q", name, metric, same, answer)
					}
				}
				answered += len(tied)
			}
		}
	}
	if answered == 0 {
		t.Error("no answer is of a baseline")
	}
}

// cellsTied is of each other loss whether the cell of a loss with it says tied.
func cellsTied(matrix map[string]any, loss any, kind func(any) string) map[int]bool {
	tied := map[int]bool{}
	rows := matrix["rows"].([]any)
	for i, row := range rows {
		if row != loss {
			continue
		}
		for j, cell := range matrix["cells"].([]any)[i].([]any) {
			if cell != nil && kind(rows[j]) == "loss" {
				tied[int(rows[j].(float64))] = cell.(map[string]any)["tied"].(bool)
			}
		}
	}
	return tied
}
