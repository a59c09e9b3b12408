package results

import (
	"slices"
	"testing"
)

// The least of an error rate is chosen, and the greatest of what is better where it is
// larger; of equal ones the first.
func TestChoosesTheBetter(t *testing.T) {
	means := []float64{0.5, 0.2, 0.8, 0.2 + 1e-12, 0.8}
	for metric, want := range map[string]int{"eer": 1, "fnmr@fmr=0.01": 1, "mrr": 2, "map_at_r": 2, "recall_expected@1": 2} {
		v := Validation{Metric: metric, Folds: 1, Chosen: ChoseSteps, Value: float64(want)}
		row := TunedRow{Label: "a"}
		for k, mean := range means {
			v.Points = append(v.Points, ValidationPoint{Value: float64(k), Mean: mean, Folds: []float64{mean}})
			row.Trials = append(row.Trials, TunedTrial{Score: &mean})
		}
		if best := v.Choose(); best.Value != float64(want) {
			t.Errorf("by %s %v is chosen, want %d", metric, best.Value, want)
		}
		if err := v.check(); err != nil {
			t.Errorf("%s: %v", metric, err)
		}

		other := TunedRow{Label: "b", Trials: slices.Repeat([]TunedTrial{{Score: new(0.6)}}, len(means))}
		d := TunedDataset{Rows: []TunedRow{row, other}}
		d.Conclude(metric)
		first := "a"
		if Better(metric) > 0 {
			first = "b"
		}
		if d.Rows[0].Best != want || d.Leaders[0].Label != first || d.Leaders[len(d.Leaders)-1].Label != "a" {
			t.Errorf("by %s trial %d is the best, the leaders are %v", metric, d.Rows[0].Best, d.Leaders)
		}
	}
}

// A record keeps metrics within the range of the catalogue.
func TestCatalogueRanges(t *testing.T) {
	for _, c := range []struct {
		key   string
		value float64
		ok    bool
	}{
		{"uniformity", -2.5, true}, {"uniformity", 0.5, false}, {"effective_rank", 83, true}, {"effective_rank", 0.5, false},
		{"alignment_high", 3.9, true}, {"alignment", 4.1, false}, {"opis", 0.3, false}, {"ndcg@10", 1.1, false}, {"eer_threshold", -0.9, true},
	} {
		r := sample("cub", "a", 1)
		r.Metrics[c.key] = c.value
		if err := r.check(); (err == nil) != c.ok {
			t.Errorf("%s = %v gives %v", c.key, c.value, err)
		}
	}
}
