package report

import (
	"math"
	"testing"
)

// A row's average rank is that of its means on the data sets, counted here over the data
// of the page: one more than the rows above it, and a half for each that is equal.
func TestRanksOfMeans(t *testing.T) {
	folder := dataOf(t, pageOf(t, sweptFolder(t)))[0]
	sets := folder["sets"].([]any)
	for metric, r := range folder["ranks"].(map[string]any) {
		ranks := r.(map[string]any)
		for k, row := range ranks["rows"].([]any) {
			want := 0.0
			for _, s := range sets {
				set := s.(map[string]any)
				measured := set["measures"].(map[string]any)[metric].(map[string]any)["rows"].([]any)
				mean := func(j int) float64 { return measured[j].(map[string]any)["mean"].(float64) }
				own := 0
				for j, other := range set["rows"].([]any) {
					if other == row {
						own = j
					}
				}
				rank := 1.0
				for j := range measured {
					switch {
					case mean(j) > mean(own):
						rank++
					case mean(j) == mean(own) && j != own:
						rank += 0.5
					}
				}
				want += rank / float64(len(sets))
			}
			if got := ranks["ranks"].([]any)[k].(float64); math.Abs(got-want) > 1e-4 {
				t.Errorf("row %v has the average rank %v in %s, its means give %v", row, got, metric, want)
			}
		}
	}
	if n := len(folder["ranks"].(map[string]any)); n < 5 {
		t.Errorf("%d metrics have ranks", n)
	}
	if r := dataOf(t, pageOf(t, plainFolder(t)))[0]["ranks"].(map[string]any); len(r) != 0 {
		t.Errorf("ranks over one data set are %v", r)
	}
}
