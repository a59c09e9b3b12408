package figures

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/plots"
	"gpwbench/results"
	"gpwbench/results/table"
)

// The first curve shows what chose the steps on held-out classes, or what was measured on
// the test classes, and the last one the loss; the band is the range of the seeds.
func TestCurveOf(t *testing.T) {
	validated := func(chose float64, means ...float64) results.Record {
		v := &results.Validation{Metric: results.MAPAtR, Chosen: results.ChoseSteps, Value: chose}
		for k, m := range means {
			v.Points = append(v.Points, results.ValidationPoint{Value: float64(20 * k), Mean: m})
		}
		return results.Record{Validation: v, Trajectory: []results.Point{{Step: 1, Loss: 9}, {Step: 2, Loss: 8}}}
	}
	looked := func(loss, r float64) results.Record {
		return results.Record{Steps: 2, Trajectory: []results.Point{
			{Step: 1, Loss: loss, Metrics: map[string]float64{"recall@1": r}}, {Step: 2, Loss: loss / 2, Metrics: map[string]float64{"recall@1": r + 0.25}},
		}}
	}
	blind := func(r results.Record) results.Record {
		for k := range r.Trajectory {
			r.Trajectory[k].Metrics = nil
		}
		return r
	}
	for _, test := range []struct {
		runs     []results.Record
		quantity string
		want     *plots.LearningCurve
	}{
		{
			[]results.Record{validated(20, 0.25, 0.5), validated(0, 0.75, 0.25)}, "MAP@R on held-out classes",
			&plots.LearningCurve{Name: "x", Seeds: 2, Steps: []float64{0, 20}, Mean: []float64{50, 37.5}, Low: []float64{25, 25}, High: []float64{75, 50}, Chosen: []float64{20, 0}},
		},
		{
			[]results.Record{looked(4, 0.25), looked(2, 0.5)}, "R@1 on the test classes",
			&plots.LearningCurve{Name: "x", Seeds: 2, Steps: []float64{1, 2}, Mean: []float64{37.5, 62.5}, Low: []float64{25, 50}, High: []float64{50, 75}, Chosen: []float64{2, 2}},
		},
		{
			[]results.Record{blind(looked(4, 0)), blind(looked(2, 0))}, "Loss of the batch",
			&plots.LearningCurve{Name: "x", Seeds: 2, Steps: []float64{1, 2}, Mean: []float64{3, 1.5}, Low: []float64{2, 1}, High: []float64{4, 2}},
		},
	} {
		got := curvesOf("x", table.Row{Runs: test.runs})
		if diff := cmp.Diff(test.want, got[0].curve); diff != "" || got[0].kind.quantity != test.quantity {
			t.Errorf("%s (want %s):\n%s", got[0].kind.quantity, test.quantity, diff)
		}
		if last := got[len(got)-1]; last.kind.key != LossCurve || last.curve.Steps[1] != 2 {
			t.Errorf("%s: the last curve is of %s: %+v", test.quantity, last.kind.key, last.curve)
		}
	}
	if got := curvesOf("x", table.Row{Runs: []results.Record{{}}}); got != nil {
		t.Errorf("of a run without steps: %+v", got)
	}
}

// The rows of a sweep are told apart by their values, and a stand-in is named as one.
func TestNamesInFigures(t *testing.T) {
	var records []results.Record
	for k, lr := range []float64{0.1, 0.2} {
		records = append(records, results.Record{
			ID: string(rune('a' + k)), Label: "x", Kind: results.KindLoss, Dataset: results.DatasetInfo{Name: "d"}, Swept: results.Swept{"optimizer.lr": lr},
			Trajectory: []results.Point{{Step: 1, Loss: 2}, {Step: 2, Loss: 1}},
		})
	}
	drawn, err := Layout{}.curves(records, "")
	if err != nil || len(drawn) != 1 {
		t.Fatal(drawn, err)
	}
	data, err := drawn[0].Figure.CSV()
	if err != nil || !strings.Contains(string(data), "d,x (optimizer.lr 0.2),") {
		t.Errorf("error %v:\n%s", err, data)
	}

	if _, err := (Layout{}).curves(records, "map_at_r"); err == nil || !strings.Contains(err.Error(), "no run has a learning curve of map_at_r") {
		t.Errorf("a curve of what was not measured: %v", err)
	}

	score := 0.5
	tuned := &results.Tuning{Metric: results.MAPAtR, Trials: 1, Datasets: []results.TunedDataset{{
		Dataset: results.DatasetInfo{Name: "d", Synthetic: true},
		Rows:    []results.TunedRow{{Label: "x", Trials: []results.TunedTrial{{Score: &score, BestSoFar: &score}}}},
	}}}
	data, err = Layout{}.Tuning(tuned)[0].Figure.CSV()
	if err != nil || !strings.Contains(string(data), "d (synthetic),x,") {
		t.Errorf("error %v:\n%s", err, data)
	}
}
